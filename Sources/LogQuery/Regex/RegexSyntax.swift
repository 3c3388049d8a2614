/// A zero-width assertion.
enum RegexLook: Sendable, Equatable {
    case lineStart, lineEnd, textStart, textEnd, wordBoundary, notWordBoundary

    /// Whether the assertion can be decided before the next byte is known.
    var needsOnlyPrevious: Bool { self == .lineStart || self == .textStart }

    var usesWords: Bool { self == .wordBoundary || self == .notWordBoundary }

    func holds(between previous: RegexContext, and next: RegexContext) -> Bool {
        switch self {
        case .lineStart: previous == .edge || previous == .newline
        case .textStart: previous == .edge
        case .lineEnd: next == .edge || next == .newline
        case .textEnd: next == .edge
        case .wordBoundary: next != .inside && (previous == .word) != (next == .word)
        case .notWordBoundary: next != .inside && (previous == .word) == (next == .word)
        }
    }
}

/// A pattern's syntax tree: what it accepts, with groups and flags already applied.
indirect enum RegexNode: Sendable, Equatable {
    case set(RegexSet)
    case look(RegexLook)
    case sequence([RegexNode])
    case choice([RegexNode])
    case repetition(RegexNode, RegexCount)
    /// A named group whose place is wanted; only where the parser keeps them.
    case capture(Int, RegexNode)

    static let empty = RegexNode.sequence([])

    /// Whether the node can match the empty text.
    var isNullable: Bool {
        switch self {
        case .set: false
        case .look: true
        case .sequence(let items): items.allSatisfy(\.isNullable)
        case .choice(let branches): branches.contains(where: \.isNullable)
        case .repetition(let body, let count): count.least == 0 || body.isNullable
        case .capture(_, let body): body.isNullable
        }
    }

    /// Whether any part satisfies the test.
    func contains(where test: (RegexNode) -> Bool) -> Bool {
        if test(self) { return true }
        switch self {
        case .set, .look: return false
        case .sequence(let items), .choice(let items):
            return items.contains { $0.contains(where: test) }
        case .repetition(let body, _), .capture(_, let body): return body.contains(where: test)
        }
    }

    /// Whether every match starts at the start of the text.
    var isAnchoredAtStart: Bool {
        switch self {
        case .set: false
        case .look(let look): look == .textStart
        case .sequence(let items): items.first?.isAnchoredAtStart ?? false
        case .choice(let branches): branches.allSatisfy(\.isAnchoredAtStart)
        case .repetition(let body, let count): count.least > 0 && body.isAnchoredAtStart
        case .capture(_, let body): body.isAnchoredAtStart
        }
    }
}

/// How often a part repeats; `most` nil means without end.
struct RegexCount: Sendable, Equatable {
    var least: Int
    var most: Int?
    var isGreedy = true
}

/// Reads a pattern by recursive descent.
///
/// The syntax is RE2's, with `^` and `$` matching at lines unless `(?-m)` says otherwise.
struct RegexParser {
    struct Flags {
        var ignoresCase: Bool
        var dotMatchesNewline = false
        var isMultiline = true
    }

    /// Deep enough for any pattern written by hand; keeps recursion far from the stack's end.
    private static let deepestNesting = 200

    let scalars: [Unicode.Scalar]
    let offsets: [Int]
    var index = 0
    var flags: Flags
    /// The named groups so far, where they are kept; nil where they are not.
    var names: [String]?
    private var depth = 0

    static func parse(
        _ pattern: String, caseInsensitive: Bool
    ) throws(RegexError) -> RegexNode {
        try parse(pattern, caseInsensitive: caseInsensitive, names: nil).node
    }

    /// Parses with the named groups kept, where `names` is an empty list.
    static func parse(
        _ pattern: String, caseInsensitive: Bool, names: [String]?
    ) throws(RegexError) -> (node: RegexNode, names: [String]) {
        var parser = RegexParser(pattern, caseInsensitive: caseInsensitive)
        parser.names = names
        let node = try parser.choice()
        if parser.peek() != nil {
            throw parser.error(
                "unmatched ')'", from: parser.index, help: #"write '\)' for a parenthesis"#)
        }
        return (node, parser.names ?? [])
    }

    private init(_ pattern: String, caseInsensitive: Bool) {
        scalars = Array(pattern.unicodeScalars)
        var offset = 0
        var starts = [0]
        for scalar in scalars {
            offset += UTF8.width(scalar)
            starts.append(offset)
        }
        offsets = starts
        flags = Flags(ignoresCase: caseInsensitive)
    }

    // MARK: Cursor

    func peek(_ ahead: Int = 0) -> Unicode.Scalar? {
        index + ahead < scalars.count ? scalars[index + ahead] : nil
    }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard peek() == scalar else { return false }
        index += 1
        return true
    }

    mutating func take(_ text: String) -> Bool {
        let wanted = Array(text.unicodeScalars)
        guard scalars[index...].starts(with: wanted) else { return false }
        index += wanted.count
        return true
    }

    /// An error whose range runs from one scalar to another, or over the one at `start`.
    func error(
        _ problem: String, from start: Int, to end: Int? = nil, help: String? = nil
    ) -> RegexError {
        let last = min(max(end ?? start + 1, start), scalars.count)
        return RegexError(
            problem: problem, range: offsets[min(start, last)]..<offsets[last], help: help)
    }

    // MARK: Structure

    mutating func choice() throws(RegexError) -> RegexNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepestNesting else {
            throw error(
                "groups are nested more than \(Self.deepestNesting) deep", from: max(0, index - 1),
                help: "remove parentheses that hold a single part")
        }
        var branches = [try sequence()]
        while take("|") { branches.append(try sequence()) }
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func sequence() throws(RegexError) -> RegexNode {
        var items: [RegexNode] = []
        var canRepeat = false
        while let next = peek(), next != "|", next != ")" {
            let start = index
            if let count = try quantifier() {
                guard canRepeat, let body = items.popLast() else {
                    throw repeatError(from: start, isFirst: items.isEmpty)
                }
                items.append(.repetition(body, count))
                canRepeat = false
            } else if take("\\Q") {
                items += quotedLiterals()
                canRepeat = start + 2 < index && !items.isEmpty
            } else if let atom = try atom() {
                items.append(atom)
                canRepeat = true
            } else {
                canRepeat = false
            }
        }
        return items.count == 1 ? items[0] : .sequence(items)
    }

    private func repeatError(from start: Int, isFirst: Bool) -> RegexError {
        let character = scalars[start]
        let problem = isFirst ? "nothing to repeat before" : "a second quantifier or a flag before"
        return error(
            "\(problem) '\(character)'", from: start,
            help: #"write '\\#(character)' for the character itself, or group with (?:…)"#)
    }

    private mutating func quotedLiterals() -> [RegexNode] {
        var literals: [RegexNode] = []
        while let next = peek(), !take("\\E") {
            literals.append(literal(next))
            index += 1
        }
        return literals
    }

    func literal(_ scalar: Unicode.Scalar) -> RegexNode {
        let set = RegexSet(scalar)
        return .set(flags.ignoresCase ? set.foldingCase() : set)
    }

    /// One part without its quantifier; nil where only flags were set.
    private mutating func atom() throws(RegexError) -> RegexNode? {
        guard let next = peek() else { return nil }
        switch next {
        case "(": return try group()
        case "[": return .set(try bracketClass())
        case "\\": return try escapedAtom()
        default: break
        }
        index += 1
        switch next {
        case ".": return .set(flags.dotMatchesNewline ? .anything : .anythingButNewline)
        case "^": return .look(flags.isMultiline ? .lineStart : .textStart)
        case "$": return .look(flags.isMultiline ? .lineEnd : .textEnd)
        default: return literal(next)
        }
    }

    private mutating func escapedAtom() throws(RegexError) -> RegexNode {
        switch try escape(inClass: false) {
        case .scalar(let scalar): return literal(scalar)
        case .look(let look): return .look(look)
        case .set(let set): return .set(flags.ignoresCase ? set.foldingCase() : set)
        }
    }
}
