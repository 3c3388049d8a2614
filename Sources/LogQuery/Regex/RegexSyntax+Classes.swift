/// Escapes and bracketed classes.
extension RegexParser {
    enum Escape {
        case scalar(Unicode.Scalar)
        case set(RegexSet)
        case look(RegexLook)
    }

    /// Reads the escape at the cursor.
    mutating func escape(inClass: Bool) throws(RegexError) -> Escape {
        let start = index
        index += 1
        guard let next = peek() else {
            throw error(
                "the pattern ends in a lone '\\'", from: start,
                help: #"write '\\' for a backslash"#)
        }
        index += 1
        if let set = Self.classEscape(next) { return .set(set) }
        if let control = Self.controlEscape(next) { return .scalar(control) }
        if !inClass, let look = Self.lookEscape(next) { return .look(look) }
        switch next {
        case "x": return .scalar(try hexEscape(from: start, digits: 2))
        case "u": return .scalar(try hexEscape(from: start, digits: 4))
        case "p", "P": return .set(try property(from: start, isNegated: next == "P"))
        case "1"..."9", "k", "g":
            throw error(
                "back-references are not supported", from: start, to: index,
                help: "search must take linear time, which rules it out; "
                    + "write the repeated part out")
        case "a"..."z", "A"..."Z", "0":
            throw error(
                "unknown escape '\\\(next)'", from: start, to: index,
                help: #"known are \d \w \s \b \B \A \z \t \n \r \f \v \xHH \uHHHH \p{…} \Q…\E"#)
        default: return .scalar(next)
        }
    }

    private static func classEscape(_ letter: Unicode.Scalar) -> RegexSet? {
        switch letter {
        case "d": .digit
        case "D": RegexSet.digit.negated
        case "w": .wordCharacter
        case "W": RegexSet.wordCharacter.negated
        case "s": .space
        case "S": RegexSet.space.negated
        default: nil
        }
    }

    private static func controlEscape(_ letter: Unicode.Scalar) -> Unicode.Scalar? {
        switch letter {
        case "t": "\t"
        case "n": "\n"
        case "r": "\r"
        case "f": "\u{0C}"
        case "v": "\u{0B}"
        case "a": "\u{07}"
        case "e": "\u{1B}"
        default: nil
        }
    }

    private static func lookEscape(_ letter: Unicode.Scalar) -> RegexLook? {
        switch letter {
        case "b": .wordBoundary
        case "B": .notWordBoundary
        case "A": .textStart
        case "z": .textEnd
        default: nil
        }
    }

    /// `HH`, `HHHH` or `{H…}` after `\x` or `\u`.
    private mutating func hexEscape(
        from start: Int, digits: Int
    ) throws(RegexError) -> Unicode.Scalar {
        let isBraced = take("{")
        var value: UInt32 = 0
        var count = 0
        while let next = peek(), count < (isBraced ? 8 : digits), next.isASCII,
            let digit = Character(next).hexDigitValue
        {
            value = value << 4 | UInt32(digit)
            count += 1
            index += 1
        }
        let isClosed = isBraced ? count > 0 && take("}") : count == digits
        guard isClosed, let scalar = Unicode.Scalar(value) else {
            throw error(
                "this escape names no character", from: start, to: index,
                help: #"write \xHH, \uHHHH or \x{H…} with a Unicode scalar value"#)
        }
        return scalar
    }

    /// The name after `\p` or `\P`: one letter, or a name in braces.
    private mutating func property(
        from start: Int, isNegated: Bool
    ) throws(RegexError) -> RegexSet {
        var name = ""
        var isNegated = isNegated
        if take("{") {
            if take("^") { isNegated.toggle() }
            while let next = peek(), next != "}" {
                name.unicodeScalars.append(next)
                index += 1
            }
            guard take("}") else {
                throw error("this property is never closed", from: start, help: "add '}'")
            }
        } else if let letter = peek() {
            name = String(letter)
            index += 1
        }
        if let equals = name.firstIndex(of: "=") {
            name = String(name[name.index(after: equals)...])
        }
        guard let set = RegexUnicode.property(named: name) else {
            throw error(
                "unknown property '\(name)'", from: start, to: index,
                help: RegexUnicode.propertyHelp)
        }
        return isNegated ? set.negated : set
    }

    /// `[…]`, with the cursor on the bracket.
    mutating func bracketClass() throws(RegexError) -> RegexSet {
        let start = index
        index += 1
        let isNegated = take("^")
        var set = RegexSet.empty
        let first = index
        while index == first || peek() != "]" {
            guard peek() != nil else {
                throw error(
                    "this class is never closed", from: start,
                    help: #"add ']', or write '\[' for a bracket"#)
            }
            set = set.union(try classItem())
        }
        index += 1
        if flags.ignoresCase { set = set.foldingCase() }
        return isNegated ? set.negated : set
    }

    private mutating func classItem() throws(RegexError) -> RegexSet {
        if peek() == "[", peek(1) == ":", let set = try posixClass() { return set }
        let start = index
        guard case .scalar(let low) = try classAtom() else {
            index = start
            return try classEscapeSet()
        }
        guard peek() == "-", let after = peek(1), after != "]" else { return RegexSet(low) }
        index += 1
        guard case .scalar(let high) = try classAtom(), low <= high else {
            throw error(
                "bad range in a class", from: start, to: index,
                help: #"write the smaller character first, or '\-' for a hyphen"#)
        }
        return RegexSet([low.value...high.value])
    }

    private mutating func classEscapeSet() throws(RegexError) -> RegexSet {
        guard case .set(let set) = try escape(inClass: true) else { return .empty }
        return set
    }

    private mutating func classAtom() throws(RegexError) -> Escape {
        guard let next = peek() else { return .set(.empty) }
        if next == "\\" { return try escape(inClass: true) }
        index += 1
        return .scalar(next)
    }

    /// `[:name:]` or `[:^name:]`; nil where the text is no such thing.
    private mutating func posixClass() throws(RegexError) -> RegexSet? {
        let start = index
        index += 2
        let isNegated = take("^")
        var name = ""
        while let next = peek(), ("a"..."z").contains(next) {
            name.unicodeScalars.append(next)
            index += 1
        }
        guard take(":]") else {
            index = start
            return nil
        }
        guard let ranges = Self.posixClasses[name] else {
            throw error(
                "unknown class '[:\(name):]'", from: start, to: index,
                help: "known are " + Self.posixClasses.keys.sorted().joined(separator: ", "))
        }
        return isNegated ? RegexSet(ranges).negated : RegexSet(ranges)
    }

    /// POSIX 1003.1 section 9.3.5, in the C locale, and `word` as in RE2.
    private static let posixClasses: [String: [ClosedRange<UInt32>]] = [
        "alnum": [0x30...0x39, 0x41...0x5A, 0x61...0x7A],
        "alpha": [0x41...0x5A, 0x61...0x7A],
        "ascii": [0x00...0x7F],
        "blank": [0x09...0x09, 0x20...0x20],
        "cntrl": [0x00...0x1F, 0x7F...0x7F],
        "digit": [0x30...0x39],
        "graph": [0x21...0x7E],
        "lower": [0x61...0x7A],
        "print": [0x20...0x7E],
        "punct": [0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E],
        "space": [0x09...0x0D, 0x20...0x20],
        "upper": [0x41...0x5A],
        "word": RegexSet.asciiWord,
        "xdigit": [0x30...0x39, 0x41...0x46, 0x61...0x66],
    ]
}
