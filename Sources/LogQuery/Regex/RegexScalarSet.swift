/// Unicode scalar values as sorted, disjoint, non-adjacent ranges.
struct ScalarRanges: Sendable, Hashable {
    static let last: UInt32 = 0x10FFFF
    static let all = ScalarRanges([0...last])

    let ranges: [ClosedRange<UInt32>]

    init(_ unordered: [ClosedRange<UInt32>]) {
        var merged: [ClosedRange<UInt32>] = []
        for range in unordered.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let previous = merged.last, range.lowerBound <= previous.upperBound &+ 1 {
                let end = max(previous.upperBound, range.upperBound)
                merged[merged.count - 1] = previous.lowerBound...end
            } else {
                merged.append(range)
            }
        }
        ranges = merged
    }

    func union(_ other: ScalarRanges) -> ScalarRanges { ScalarRanges(ranges + other.ranges) }

    var complement: ScalarRanges {
        var gaps: [ClosedRange<UInt32>] = []
        var next: UInt32 = 0
        for range in ranges {
            if range.lowerBound > next { gaps.append(next...(range.lowerBound - 1)) }
            next = range.upperBound &+ 1
        }
        if next <= Self.last { gaps.append(next...Self.last) }
        return ScalarRanges(gaps)
    }

    func contains(_ value: UInt32) -> Bool { ranges.contains { $0.contains(value) } }

    /// The ranges and every other case of their letters.
    ///
    /// ASCII letters fold among themselves only, so that ASCII literals stay a valid prefilter.
    func foldingCase() -> ScalarRanges {
        var added: [ClosedRange<UInt32>] = []
        for range in ranges {
            for block in RegexUnicode.casedBlocks where block.overlaps(range) {
                for value in range.clamped(to: block) {
                    for variant in RegexUnicode.caseVariants(of: value) {
                        added.append(variant...variant)
                    }
                }
            }
        }
        return ScalarRanges(ranges + added)
    }
}

/// What one position of a pattern accepts: scalars, and perhaps a byte that is not UTF-8.
///
/// Membership of a non-ASCII scalar is looked up in `word` when the scalar is a word character
/// and in `other` when it is not. So `\w` needs no table of Unicode letters: the matcher asks
/// `RegexUnicode.isWord` while it reads. The ASCII parts of both are always equal.
struct RegexSet: Sendable, Hashable {
    var word: ScalarRanges
    var other: ScalarRanges
    var invalid: Bool

    init(word: ScalarRanges, other: ScalarRanges, invalid: Bool = false) {
        self.word = word
        self.other = other
        self.invalid = invalid
    }

    init(_ ranges: [ClosedRange<UInt32>]) {
        let scalars = ScalarRanges(ranges)
        self.init(word: scalars, other: scalars)
    }

    init(_ scalar: Unicode.Scalar) { self.init([scalar.value...scalar.value]) }

    static let empty = RegexSet([])
    static let anything = RegexSet(word: .all, other: .all, invalid: true)
    static let anythingButNewline = RegexSet([0x0A...0x0A]).negated
    static let digit = RegexSet([0x30...0x39])
    static let space = RegexSet([
        0x09...0x0D, 0x20...0x20, 0x85...0x85, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A,
        0x2028...0x2029, 0x202F...0x202F, 0x205F...0x205F, 0x3000...0x3000,
    ])
    static let asciiWord: [ClosedRange<UInt32>] = [
        0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A,
    ]
    static let wordCharacter = RegexSet(
        word: ScalarRanges(asciiWord + [0x80...ScalarRanges.last]),
        other: ScalarRanges(asciiWord))

    var negated: RegexSet {
        RegexSet(word: word.complement, other: other.complement, invalid: !invalid)
    }

    func union(_ set: RegexSet) -> RegexSet {
        RegexSet(
            word: word.union(set.word), other: other.union(set.other),
            invalid: invalid || set.invalid)
    }

    func foldingCase() -> RegexSet {
        let foldedWord = word.foldingCase()
        let foldedOther = word == other ? foldedWord : other.foldingCase()
        return RegexSet(word: foldedWord, other: foldedOther, invalid: invalid)
    }

    /// Whether a match depends on which scalars are word characters.
    var dependsOnWord: Bool { word != other }

    /// The scalars of a set of at most `limit` scalars, else nil.
    func scalars(limit: Int) -> [Unicode.Scalar]? {
        guard !invalid, !dependsOnWord else { return nil }
        var found: [Unicode.Scalar] = []
        for range in word.ranges {
            guard range.count <= limit - found.count else { return nil }
            found += range.compactMap(Unicode.Scalar.init)
        }
        return found
    }
}
