/// Quantifiers, groups and inline flags.
extension RegexParser {
    /// Takes a quantifier; nil, and nothing taken, where none stands here.
    ///
    /// A brace that is no count, as in `{"key": 1}`, is a literal.
    mutating func quantifier() throws(RegexError) -> RegexCount? {
        let start = index
        var count: RegexCount
        switch peek() {
        case "*": count = RegexCount(least: 0, most: nil)
        case "+": count = RegexCount(least: 1, most: nil)
        case "?": count = RegexCount(least: 0, most: 1)
        case "{":
            guard let counted = try bracedCount() else { return nil }
            count = counted
        default: return nil
        }
        if scalars[start] != "{" { index += 1 }
        if take("?") {
            count.isGreedy = false
        } else if peek() == "+" {
            throw error(
                "possessive quantifiers are not supported", from: start, to: index + 1,
                help: "leave out the '+': search never backtracks, so it would gain nothing")
        }
        return count
    }

    private mutating func bracedCount() throws(RegexError) -> RegexCount? {
        let start = index
        index += 1
        guard let least = decimal() else {
            index = start
            return nil
        }
        var most: Int? = least
        if take(",") { most = decimal() }
        guard take("}") else {
            index = start
            return nil
        }
        if let most, most < least {
            throw error(
                "the repetition runs from \(least) down to \(most)", from: start, to: index,
                help: "write the smaller number first")
        }
        return RegexCount(least: least, most: most)
    }

    /// A decimal number, held at a billion: far above what the size limit lets through.
    private mutating func decimal() -> Int? {
        var value: Int?
        while let next = peek(), ("0"..."9").contains(next) {
            value = min((value ?? 0) * 10 + Int(next.value - 0x30), 1_000_000_000)
            index += 1
        }
        return value
    }

    /// A group; nil for `(?i)` and its like, which only set flags.
    mutating func group() throws(RegexError) -> RegexNode? {
        let start = index
        index += 1
        let outer = flags
        var name: String?
        if take("?") {
            try refuseUnsupportedGroup(from: start)
            if take("P<") || take("<") {
                name = try groupName(from: start)
            } else if !take(":") {
                try inlineFlags(from: start)
                if take(")") { return nil }
                index += 1
            }
        }
        let number = names?.count ?? 0
        if let name { names?.append(name) }
        let body = try choice()
        flags = outer
        guard take(")") else {
            throw error(
                "this group is never closed", from: start,
                help: #"add ')', or write '\(' for a parenthesis"#)
        }
        return name != nil && names != nil ? .capture(number, body) : body
    }

    private func refuseUnsupportedGroup(from start: Int) throws(RegexError) {
        let rest = String(String.UnicodeScalarView(scalars[index..<min(index + 2, scalars.count)]))
        let linear = "search must take linear time, which rules it out; "
        if rest.hasPrefix("=") || rest.hasPrefix("!") || rest == "<=" || rest == "<!" {
            throw error(
                "look-around is not supported", from: start, to: index + 2,
                help: linear + "combine two filters with AND or NOT instead")
        }
        if rest == "P=" {
            throw error(
                "back-references are not supported", from: start, to: index + 2,
                help: linear + "write the repeated part out")
        }
        if rest.hasPrefix(">") || rest.hasPrefix("|") || rest.hasPrefix("(") || rest.hasPrefix("R")
            || rest.hasPrefix("#") || rest.hasPrefix("&") || rest == "P>"
        {
            throw error(
                "this kind of group is not supported", from: start, to: index + 1,
                help: "plain groups are (…) and (?:…)")
        }
    }

    private mutating func groupName(from start: Int) throws(RegexError) -> String {
        let nameStart = index
        while let next = peek(), next == "_" || RegexUnicode.isWord(next) { index += 1 }
        guard index > nameStart, take(">") else {
            throw error(
                "bad group name", from: start, to: index + 1, help: "write (?<name>…)")
        }
        return String(String.UnicodeScalarView(scalars[nameStart..<index - 1]))
    }

    /// Reads flags up to, but not over, the `:` or `)` that ends them.
    private mutating func inlineFlags(from start: Int) throws(RegexError) {
        var turnsOn = true
        while let next = peek(), next != ":", next != ")" {
            switch next {
            case "i": flags.ignoresCase = turnsOn
            case "s": flags.dotMatchesNewline = turnsOn
            case "m": flags.isMultiline = turnsOn
            case "u" where turnsOn: break
            case "-" where turnsOn: turnsOn = false
            default:
                throw error(
                    "unknown flag '\(next)'", from: index,
                    help: "flags are i (any case), s (dot matches newline), m (lines)")
            }
            index += 1
        }
        guard peek() != nil else {
            throw error("this group is never closed", from: start, help: "add ')'")
        }
    }
}
