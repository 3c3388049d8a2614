/// Literal bytes that every match must contain, taken from the syntax tree.
///
/// Search asks an index, or `memmem`, for them before it runs the automaton.
struct RegexLiterals: Sendable, Equatable {
    /// One of these occurs in every match; nil where nothing is certain.
    var required: [[UInt8]]?
    /// Whether `required` is in lower case and must be compared in any ASCII case.
    var foldsCase = false
    /// The whole pattern, where it is nothing but one literal.
    var whole: [UInt8]?
    /// Sets of which every match contains one string each: a few short ones, folded as `required`.
    private(set) var allRequired: [[[UInt8]]] = []
    /// The bytes that a match can have.
    let alphabet: ByteSet
    /// Whether what stands around a text decides on matches in it.
    let hasLook: Bool

    init(_ node: RegexNode) {
        let exact = RegexLiteralInfo(node, foldsCase: false)
        required = exact.best?.strings
        if let strings = exact.exact?.strings, strings.count == 1, !node.hasLook {
            whole = strings[0]
        }
        let folded = RegexLiteralInfo(node, foldsCase: true)
        if let best = folded.best, best.shortest > (exact.best?.shortest ?? 0),
            (exact.best?.shortest ?? 0) < Self.selectiveLength
        {
            required = best.strings
            foldsCase = true
        }
        hasLook = node.hasLook
        alphabet = node.alphabet(foldsCase: foldsCase)
        allRequired = Self.fewest((foldsCase ? folded : exact).needed)
        if allRequired.isEmpty, let required { allRequired = [required] }
    }

    /// At most three of the sets, those with the longest strings; none of many or of single bytes.
    private static func fewest(_ sets: [LiteralSet]) -> [[[UInt8]]] {
        var kept: [LiteralSet] = []
        for set in sets where set.strings.count <= 4 && set.shortest > 1 {
            if !kept.contains(where: { $0.strings == set.strings }) { kept.append(set) }
        }
        kept.sort { $0.isBetter(than: $1) }
        return kept.prefix(3).map(\.strings)
    }

    /// From here on a literal is rare enough that exact case is worth more than length.
    private static let selectiveLength = 4
}

extension RegexNode {
    fileprivate var hasLook: Bool {
        contains { if case .look = $0 { true } else { false } }
    }

    /// The bytes of all texts that the node matches, and perhaps more.
    fileprivate func alphabet(foldsCase: Bool) -> ByteSet {
        var bytes = ByteSet()
        _ = contains { node in
            if case .set(let set) = node { bytes.formUnion(set.bytes(foldsCase: foldsCase)) }
            return false
        }
        return bytes
    }
}

extension RegexSet {
    fileprivate func bytes(foldsCase: Bool) -> ByteSet {
        let ranges = word.ranges + other.ranges
        let hasOthers = invalid || ranges.contains { $0.upperBound >= 0x80 }
        return ByteSet { byte in
            if byte >= 0x80 { return hasOthers }
            let cases = foldsCase && (byte | 0x20) &- 0x61 < 26 ? [byte, byte ^ 0x20] : [byte]
            return ranges.contains { range in cases.contains { range.contains(UInt32($0)) } }
        }
    }
}

/// A set of strings, kept small.
private struct LiteralSet {
    static let mostStrings = 16
    static let longestString = 64
    static let emptyString = LiteralSet(strings: [[]])

    var strings: [[UInt8]]

    var shortest: Int { strings.map(\.count).min() ?? 0 }

    /// Longer is better; of equal length, fewer.
    func isBetter(than other: LiteralSet?) -> Bool {
        guard let other else { return shortest > 0 }
        return (shortest, -strings.count) > (other.shortest, -other.strings.count)
    }

    func union(_ other: LiteralSet) -> LiteralSet? {
        var strings = strings
        for string in other.strings where !strings.contains(string) { strings.append(string) }
        return strings.count <= Self.mostStrings ? LiteralSet(strings: strings) : nil
    }

    /// Every string followed by every string of `other`; nil where that is too much.
    func followed(by other: LiteralSet) -> LiteralSet? {
        guard strings.count * other.strings.count <= Self.mostStrings else { return nil }
        var joined: [[UInt8]] = []
        for head in strings {
            for tail in other.strings {
                guard head.count + tail.count <= Self.longestString else { return nil }
                if !joined.contains(head + tail) { joined.append(head + tail) }
            }
        }
        return LiteralSet(strings: joined)
    }
}

/// What is certain about the text that a part of the tree matches.
private struct RegexLiteralInfo {
    /// All strings that the part matches, where they are few.
    var exact: LiteralSet?
    /// The best set of which one string occurs in every match.
    var best: LiteralSet?
    /// More such sets.
    var needed: [LiteralSet] = []

    private static let none = RegexLiteralInfo(exact: nil, best: nil)

    private init(exact: LiteralSet?, best: LiteralSet?) {
        self.exact = exact
        self.best = best
        if let exact { offer(exact) }
    }

    init(_ node: RegexNode, foldsCase: Bool) {
        switch node {
        case .set(let set):
            self.init(exact: Self.strings(of: set, foldsCase: foldsCase), best: nil)
        case .look:
            self.init(exact: .emptyString, best: nil)
        case .sequence(let items):
            self = Self.sequence(items.lazy.map { RegexLiteralInfo($0, foldsCase: foldsCase) })
        case .choice(let branches):
            self = Self.choice(branches.map { RegexLiteralInfo($0, foldsCase: foldsCase) })
        case .repetition(let body, let count):
            self = Self.repetition(RegexLiteralInfo(body, foldsCase: foldsCase), count)
        case .capture(_, let body): self.init(body, foldsCase: foldsCase)
        }
    }

    private mutating func offer(_ candidate: LiteralSet?) {
        guard let candidate else { return }
        need([candidate])
        if candidate.isBetter(than: best) { best = candidate }
    }

    private mutating func need(_ sets: [LiteralSet]) {
        needed += sets.prefix(Self.mostNeeded - needed.count)
    }

    /// Enough to choose from; repetitions of repetitions have thousands.
    private static let mostNeeded = 32

    private static func sequence(_ items: some Sequence<RegexLiteralInfo>) -> RegexLiteralInfo {
        var whole = RegexLiteralInfo(exact: .emptyString, best: nil)
        var run = LiteralSet.emptyString
        var isExact = true
        for item in items {
            if item.exact == nil {
                whole.need(item.needed)
                whole.offer(item.best)
            }
            if let strings = item.exact, let longer = run.followed(by: strings) {
                run = longer
            } else {
                isExact = false
                whole.offer(run)
                run = item.exact ?? .emptyString
            }
        }
        whole.offer(run)
        whole.exact = isExact ? run : nil
        return whole
    }

    private static func choice(_ branches: [RegexLiteralInfo]) -> RegexLiteralInfo {
        guard var joined = branches.first else { return .none }
        for branch in branches.dropFirst() {
            joined.exact = joined.exact.flatMap { left in branch.exact.flatMap(left.union) }
            joined.best = joined.best.flatMap { left in branch.best.flatMap(left.union) }
        }
        joined.needed = joined.best.map { [$0] } ?? []
        joined.offer(joined.exact)
        return joined
    }

    private static func repetition(
        _ body: RegexLiteralInfo, _ count: RegexCount
    ) -> RegexLiteralInfo {
        guard count.least > 0 else { return .none }
        let copies = min(count.least, LiteralSet.longestString)
        var written = sequence(repeatElement(body, count: copies))
        if count.most != copies { written.exact = nil }
        return written
    }

    /// The strings of a set of a few scalars.
    ///
    /// A letter in both its cases counts only when folding: its combinations double with each
    /// letter. When folding, a letter beyond ASCII counts for nothing, since who compares in any
    /// case may fold it or not.
    private static func strings(of set: RegexSet, foldsCase: Bool) -> LiteralSet? {
        guard let scalars = set.scalars(limit: 4) else { return nil }
        if foldsCase {
            guard scalars.allSatisfy({ $0.isASCII || !$0.properties.isCased }) else { return nil }
        } else if scalars.contains(where: { isUpper($0) && set.other.contains($0.value | 0x20) }) {
            return nil
        }
        var strings: [[UInt8]] = []
        for scalar in scalars {
            let bytes = foldsCase && isUpper(scalar) ? [UInt8(scalar.value | 0x20)] : utf8(scalar)
            if !strings.contains(bytes) { strings.append(bytes) }
        }
        return strings.isEmpty ? nil : LiteralSet(strings: strings)
    }

    private static func isUpper(_ scalar: Unicode.Scalar) -> Bool {
        (0x41...0x5A).contains(scalar.value)
    }

    private static func utf8(_ scalar: Unicode.Scalar) -> [UInt8] {
        UTF8.encode(scalar).map(Array.init) ?? []
    }
}
