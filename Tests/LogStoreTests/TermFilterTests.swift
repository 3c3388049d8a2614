import LogModel
import SQLite
import StoreFixtures
import Testing

@testable import LogStore

/// The filter may let too much through; what it must never do is to miss a text that has the words.
@Suite struct TermFilterTests {
    @Test(arguments: 0..<40 as Range<UInt64>)
    func whatOccursIsNeverMissed(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        for _ in 0..<60 {
            let text = RandomText.text(pieces: random.number(1...14), &random)
            let terms = Self.terms(of: text)
            for _ in 0..<25 {
                guard let needle = RandomText.needle(in: text, &random) else { continue }
                let filter = TermFilter.occurrence(
                    of: needle.bytes, openStart: needle.openStart, openEnd: needle.openEnd)
                #expect(
                    Self.holds(filter, terms),
                    "seed \(seed): \(Self.shown(needle)) in '\(String(decoding: text, as: UTF8.self))'"
                )
            }
        }
    }

    /// The same through SQLite, which has to split the terms as they were written.
    @Test(arguments: 50..<56 as Range<UInt64>)
    func whatOccursIsFoundByTheIndex(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let directory = TemporaryDirectory()
        let connection = try Connection(directory("a.db"), mode: .create)
        try connection.execute(Partition.schema)
        let index = try TermIndex(on: connection)
        var texts: [[UInt8]] = []
        for row in 0..<60 {
            texts.append(RandomText.text(pieces: 12, &random))
            try index.add(Self.set(of: texts[row]).terms, block: Int64(row))
        }
        _ = try index.write()
        let select = try Statement(
            "SELECT 1 FROM term WHERE term MATCH ? AND rowid = ?", on: connection)
        for _ in 0..<600 {
            let row = random.number(0...texts.count - 1)
            guard let needle = RandomText.needle(in: texts[row], &random),
                let expression = TermFilter.occurrence(
                    of: needle.bytes, openStart: needle.openStart, openEnd: needle.openEnd
                ).matchExpression
            else { continue }
            select.bind(text: expression, at: 1)
            select.bind(Int64(row), at: 2)
            #expect(try select.step() == true, "seed \(seed): \(Self.shown(needle))")
            select.reset()
        }
    }

    @Test(arguments: [
        ("connection refused", "timeout", false), ("connection refused", "refused", true),
        ("connection refused", "refuse", false), ("订单支付失败", "支付", true),
        ("订单支付失败", "付支", false), ("order 20261119001 done", "20261119002", false),
        ("id=0f8e-77ab-4c1d", "zzzz", false),
        ("NullPointerException", "nullpointerexception", true),
        // Only eight bytes of a word are known.
        ("NullPointerException", "nullpointer", true), ("12 345 6", "12", true),
    ])
    func filterKeepsBlocksOut(text: String, word: String, expected: Bool) {
        let filter = TermFilter.occurrence(of: Array(word.utf8), openStart: false, openEnd: false)
        #expect(Self.holds(filter, Self.terms(of: Array(text.utf8))) == expected)
    }

    @Test(
        arguments: [
            ("abcdefghijkl", true, true, nil),
            ("error", false, false, #""error""#),
            ("error", false, true, #"("error"* OR "~er")"#),
            ("7", false, false, nil), ("123", false, true, nil), ("", false, false, nil),
            ("--", false, false, nil),
            ("错", false, false, #""错"*"#),
            ("错误", false, false, #""错误""#),
            ("ab12", false, false, #""~hex4""#),
            (#"" OR "x"#, false, false, #"("x" AND "or")"#),
        ] as [(String, Bool, Bool, String?)])
    func expressionIsQuoted(text: String, openStart: Bool, openEnd: Bool, expected: String?) {
        let expression = TermFilter.occurrence(
            of: Array(text.utf8), openStart: openStart, openEnd: openEnd
        ).matchExpression.map { String(decoding: $0, as: UTF8.self) }
        // The order of terms is that of a hash table.
        let sorted = { (text: String?) in
            text.map { $0.filter { !"()".contains($0) }.split(separator: " ").sorted() }
        }
        #expect(sorted(expression) == sorted(expected))
    }

    @Test func conditionsAreSimplified() {
        let word = TermFilter.term([0x61])
        let other = TermFilter.prefix([0x62])
        #expect(TermFilter.allOf([]) == .any)
        #expect(TermFilter.allOf([.any, word]) == word)
        #expect(TermFilter.allOf([word, .all([other, word])]) == .all([word, other, word]))
        #expect(TermFilter.anyOf([]) == .any)
        #expect(TermFilter.anyOf([word, .any]) == .any)
        #expect(TermFilter.anyOf([word]) == word)
        #expect(TermFilter.anyOf([word, other]) == .either([word, other]))
    }

    private static func set(of text: [UInt8]) -> TermSet {
        var terms = TermSet(minimumCapacity: 64)
        text.withUnsafeBufferPointer { Tokenizer.addTerms(of: $0, to: &terms) }
        return terms
    }

    private static func terms(of text: [UInt8]) -> Set<[UInt8]> {
        Set(set(of: text).terms.map(Term.bytes))
    }

    private static func holds(_ filter: TermFilter, _ terms: Set<[UInt8]>) -> Bool {
        switch filter {
        case .any: true
        case .term(let term): terms.contains(term)
        case .prefix(let prefix): terms.contains { $0.starts(with: prefix) }
        case .all(let parts): parts.allSatisfy { holds($0, terms) }
        case .either(let parts): parts.contains { holds($0, terms) }
        }
    }

    private static func shown(_ needle: RandomText.Needle) -> String {
        (needle.openStart ? "*" : "") + "'" + String(decoding: needle.bytes, as: UTF8.self) + "'"
            + (needle.openEnd ? "*" : "")
    }
}
