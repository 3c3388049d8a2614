import StoreFixtures
import Testing

@testable import LogStore

@Suite struct TokenizerTests {
    @Test(arguments: [
        ("Hello_World, id=12 of 1234", ["hello_wo", "id", "of", "1234"]),
        ("AbCd ab12 0F8E 12ag fade", ["abcd", "~hex4", "12ag", "fade"]),
        ("_ __A 7 77 777 7_7", ["_", "__a", "7_7"]),
        ("Exactly8 exactly_9", ["exactly8", "~ex"]),
        ("\u{1B}[31mred\u{1B}[0m", ["red"]),
        ("Größe ÉTÉ99 日志x9", ["größe", "été99", "日志", "志", "x9"]),
        ("a\u{0}b", ["a", "b"]), ("", []), ("...", []),
    ])
    func termsAreLowerCaseAndShort(text: String, expected: [String]) {
        let found = Set(Self.terms(of: Array(text.utf8)).map { Term.bytes($0) })
        let isID = { (term: [UInt8]) in term.first == Term.marker && term.count == 8 }
        #expect(found.filter { !isID($0) } == Set(expected.map { Array($0.utf8) }))
    }

    @Test func idHasTheSameTermInAnyCaseAndPlace() {
        let id = Self.terms(of: Array("7F3A9c0d11".utf8))
        #expect(id.count == 2)
        #expect(Self.terms(of: Array("(7f3a9C0D11)".utf8)) == id)
    }

    /// Words are cut out whole; a word put together byte by byte must give the same terms.
    @Test(arguments: 0..<20 as Range<UInt64>)
    func wordsHaveTheTermsOfTheirBytes(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let bytes = Array("aAfFgGzZ_09. /-@`[{".utf8)
        for _ in 0..<300 {
            let text = (0..<random.number(0...40)).map { _ in random.pick(bytes) }
            var expected = TermSet(minimumCapacity: 64)
            var token = Tokenizer.Token()
            for byte in text + [0x20] {
                let lower = byte &- 0x41 < 26 ? byte | 0x20 : byte
                let isWord = lower &- 0x61 < 26 || lower &- 0x30 < 10 || lower == 0x5F
                if isWord { token.append(lower) } else { token.finish(into: &expected) }
            }
            #expect(
                Self.terms(of: text) == Set(expected.terms),
                "seed \(seed): \(String(decoding: text, as: UTF8.self))")
        }
    }

    private static func terms(of text: [UInt8]) -> Set<UInt64> {
        var terms = TermSet(minimumCapacity: 64)
        text.withUnsafeBufferPointer { Tokenizer.addTerms(of: $0, to: &terms) }
        return Set(terms.terms)
    }
}
