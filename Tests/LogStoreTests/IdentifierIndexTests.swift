import SQLite
import StoreFixtures
import Testing

@testable import LogStore

@Suite struct IdentifierIndexTests {
    @Test(arguments: [
        ("timeout", false), ("~hex4", false), ("~20", false), ("1234", false), ("a12", false),
        ("12345", true), ("93a246fa", true), ("~0123abc", true), ("abcdefgh", false), ("支付", false),
    ])
    func identifiersAreIDsAndLongNumbers(term: String, expected: Bool) {
        #expect(Term.isIdentifier(Term.pack(Array(term.utf8))) == expected)
    }

    @Test func riceCodesComeBack() throws {
        for seed in UInt64(1)...200 {
            var random = SeededRandom(seed: seed)
            let step = random.pick([1, 2, 9, 1_000, 1 << 30])
            var keys: [UInt64] = []
            var key = UInt64(random.number(0...step))
            let base = random.isTrue(oneIn: 2) ? 0 : key
            for _ in 0..<random.number(0...300) {
                keys.append(key)
                key += UInt64(random.number(1...step))
            }
            let data = RiceCode.encode(keys[...], subtracting: base)
            let found = try RiceCode.decode(data, in: 0..<UInt64.max)
            #expect(found.map { $0 + base } == keys, "seed \(seed)")
            for _ in 0..<20 {
                var damaged = data
                damaged[random.number(0...data.count - 1)] = random.bytes(1)[0]
                _ = try? RiceCode.decode(damaged, in: 0..<UInt64.max)
                _ = try? RiceCode.decode(random.bytes(random.number(0...30)), in: 5..<900)
            }
        }
    }

    /// Every block with a term is found, and few others are.
    @Test func blocksAreFoundByTheirIdentifiers() throws {
        var random = SeededRandom(seed: 4)
        let directory = TemporaryDirectory()
        let connection = try Connection(directory("index.db"), mode: .create)
        try connection.execute(Partition.schema)
        var blocks: [Set<UInt64>] = []
        var builder = IdentifierIndexBuilder()
        for _ in 0..<60 {
            let terms = Set(
                (0..<random.number(0...900)).map { _ in
                    Term.pack(Array(String(random.number(10_000...60_000)).utf8))
                })
            blocks.append(terms)
            try builder.add(terms.map(Term.hash), on: connection)
        }
        try builder.finish(on: connection)
        let index = try IdentifierIndex(on: connection)
        var inVain = 0
        for number in 10_000..<11_000 {
            let term = Array(String(number).utf8)
            let found = try #require(try index.blocks(passing: .term(term)))
            for (block, terms) in blocks.enumerated() {
                let isThere = terms.contains(Term.pack(term))
                if isThere { #expect(found.contains(Int64(block + 1)), "\(number)") }
                if !isThere, found.contains(Int64(block + 1)) { inVain += 1 }
            }
        }
        // One in 256 at most, of 60 000.
        #expect(inVain < 400)
        #expect(try index.blocks(passing: .term(Array("word".utf8))) == nil)
    }
}
