import Testing

@testable import LogQuery

/// Random patterns and texts against a matcher that tries everything.
@Suite struct LogRegexModelTests {
    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func agreesWithBacktracking(seed: UInt64) throws {
        var maker = RandomRegex(seed: seed)
        for _ in 0..<1_500 {
            let pattern = maker.pattern(depth: 3)
            let node = try RegexParser.parse(pattern, caseInsensitive: false)
            let regex = try LogRegex(pattern)
            let matcher = regex.makeMatcher()
            let hasEmptyLoop = node.contains { part in
                if case .repetition(let body, _) = part { body.isNullable } else { false }
            }
            for _ in 0..<6 {
                let text = maker.text()
                let model = BacktrackingModel(node, text)
                guard let expected = model.firstMatch() else { continue }
                text.withUnsafeBufferPointer { buffer in
                    let found = matcher.firstMatch(in: buffer)
                    let note: Comment = "seed \(seed): /\(pattern)/ in \(text)"
                    #expect(matcher.matches(buffer) == (expected.range != nil), note)
                    if hasEmptyLoop {
                        // Engines differ on which end an empty turn of a loop leads to.
                        #expect(found?.lowerBound == expected.range?.lowerBound, note)
                        #expect(found.map { expected.ends.contains($0.upperBound) } ?? true, note)
                    } else {
                        #expect(found == expected.range, note)
                    }
                    checkLiterals(of: regex, in: text, isMatch: found != nil, note)
                }
            }
        }
    }

    private func checkLiterals(
        of regex: LogRegex, in text: [UInt8], isMatch: Bool, _ note: Comment
    ) {
        guard isMatch, let literals = regex.requiredLiterals else { return }
        var text = text
        if regex.literalsFoldCase {
            text = text.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        }
        let occurs = literals.contains { literal in
            text.indices.contains { text[$0...].starts(with: literal) }
        }
        #expect(occurs, note)
    }
}

/// Makes patterns and texts over an alphabet small enough that they often meet.
private struct RandomRegex {
    private static let atoms = [
        "a", "b", "A", "-", "错", "。", ".", "[ab]", "[^a]", "[a错]", #"\w"#, #"\W"#, #"\s"#,
        "(?i:a)", "(?i:ab)", "(?s:.)", #"\n"#, "ab", "错a",
    ]
    private static let looks = ["^", "$", #"\b"#, #"\B"#, #"\A"#, #"\z"#]
    private static let quantifiers = [
        "*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{2,}", "{0,2}?",
    ]
    private static let units: [[UInt8]] = [
        [0x61], [0x61], [0x62], [0x41], [0x2D], [0x0A], Array("错".utf8), Array("。".utf8), [0xFF],
        [0xE9], [0x94],
    ]
    private var generator: SplitMix

    init(seed: UInt64) { generator = SplitMix(seed: seed) }

    private mutating func pick<Element>(_ choices: [Element]) -> Element {
        choices[Int.random(in: choices.indices, using: &generator)]
    }

    mutating func pattern(depth: Int) -> String {
        switch Int.random(in: 0..<(depth > 0 ? 10 : 4), using: &generator) {
        case 0...2: return pick(Self.atoms)
        case 3: return pick(Self.looks)
        case 4, 5: return pattern(depth: depth - 1) + pattern(depth: depth - 1)
        case 6: return "(?:\(pattern(depth: depth - 1))|\(pattern(depth: depth - 1)))"
        case 7: return "(\(pattern(depth: depth - 1)))"
        default: return "(?:\(pattern(depth: depth - 1)))" + pick(Self.quantifiers)
        }
    }

    mutating func text() -> [UInt8] {
        (0..<Int.random(in: 0...7, using: &generator)).flatMap { _ in pick(Self.units) }
    }
}

/// Matches a syntax tree by trying every way in Perl's order.
private final class BacktrackingModel {
    private struct Unit {
        var scalar: Unicode.Scalar?
        var offset: Int
    }

    private static let stepLimit = 20_000

    private let node: RegexNode
    private var units: [Unit] = []
    private var steps = 0

    init(_ node: RegexNode, _ text: [UInt8]) {
        self.node = node
        var offset = 0
        while offset < text.count {
            let decoded = (1...4).lazy.compactMap { length -> (Unicode.Scalar, Int)? in
                guard offset + length <= text.count,
                    let valid = String(validating: text[offset..<offset + length], as: UTF8.self),
                    valid.unicodeScalars.count == 1
                else { return nil }
                return valid.unicodeScalars.first.map { ($0, length) }
            }.first
            units.append(Unit(scalar: decoded?.0, offset: offset))
            offset += decoded?.1 ?? 1
        }
        units.append(Unit(scalar: nil, offset: offset))
    }

    /// The preferred match and all ends that a match from there can have; nil where it takes too
    /// many steps to tell.
    func firstMatch() -> (range: Range<Int>?, ends: Set<Int>)? {
        for start in units.indices {
            var ends: [Int] = []
            match(node, start) { end in
                ends.append(self.units[end].offset)
                return false
            }
            if steps > Self.stepLimit { return nil }
            if let first = ends.first { return (units[start].offset..<first, Set(ends)) }
        }
        return (nil, [])
    }

    /// Tries `node` at a position, then `rest` where it ends; true stops the search.
    @discardableResult
    private func match(_ node: RegexNode, _ at: Int, _ rest: (Int) -> Bool) -> Bool {
        steps += 1
        if steps > Self.stepLimit { return true }
        switch node {
        case .set(let set): return at < units.count - 1 && accepts(set, units[at]) && rest(at + 1)
        case .look(let look): return holds(look, at) && rest(at)
        case .sequence(let items): return matchAll(items[...], at, rest)
        case .choice(let branches): return branches.contains { match($0, at, rest) }
        case .repetition(let body, let count): return repeated(body, count, at, done: 0, rest)
        case .capture(_, let body): return match(body, at, rest)
        }
    }

    private func matchAll(
        _ items: ArraySlice<RegexNode>, _ at: Int, _ rest: (Int) -> Bool
    ) -> Bool {
        guard let first = items.first else { return rest(at) }
        return match(first, at) { self.matchAll(items.dropFirst(), $0, rest) }
    }

    private func repeated(
        _ body: RegexNode, _ count: RegexCount, _ at: Int, done: Int, _ rest: (Int) -> Bool
    ) -> Bool {
        func more() -> Bool {
            guard done < count.most ?? .max else { return false }
            return match(body, at) { end in
                (end > at || done < count.least)
                    && self.repeated(body, count, end, done: done + 1, rest)
            }
        }
        if done < count.least { return more() }
        return count.isGreedy ? more() || rest(at) : rest(at) || more()
    }

    private func accepts(_ set: RegexSet, _ unit: Unit) -> Bool {
        guard let scalar = unit.scalar else { return set.invalid }
        let members = isWord(scalar) ? set.word : set.other
        return members.contains(scalar.value)
    }

    /// The word characters that the alphabet can spell; its stray bytes can spell the last.
    private func isWord(_ scalar: Unicode.Scalar?) -> Bool {
        scalar.map { "abA错锔".unicodeScalars.contains($0) } ?? false
    }

    private func holds(_ look: RegexLook, _ at: Int) -> Bool {
        let isFirst = at == 0
        let isLast = at == units.count - 1
        let before = isFirst ? nil : units[at - 1].scalar
        let isBoundary = isWord(before) != isWord(units[at].scalar)
        return switch look {
        case .lineStart: isFirst || before == "\n"
        case .lineEnd: isLast || units[at].scalar == "\n"
        case .textStart: isFirst
        case .textEnd: isLast
        case .wordBoundary: isBoundary
        case .notWordBoundary: !isBoundary
        }
    }
}
