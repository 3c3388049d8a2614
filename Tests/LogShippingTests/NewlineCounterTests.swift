import StoreFixtures
import Testing

@testable import LogShipping

@Suite struct NewlineCounterTests {
    @Test(arguments: [
        ("", 0), ("\n", 1), ("no end", 0), ("one\ntwo\nthree", 2), ("\n\n\n\n\n\n\n\n\n", 9),
        ("\u{8A}\u{8A}\u{0B}\u{0B}\t\t\r\r", 0),
    ])
    func newlinesAreCounted(text: String, expected: Int) {
        #expect(Self.count(Array(text.utf8)) == expected)
    }

    @Test func anyBytesInAnyNumberAreCounted() {
        var random = SeededRandom(seed: 7)
        for count in [7, 8, 9, 2_039, 2_040, 2_041, 5_000] {
            let bytes = (0..<count).map { _ in
                random.isTrue(oneIn: 2) ? 0x0A : random.pick([0, 0x0B, 0x8A, 0xFF] as [UInt8])
            }
            #expect(Self.count(bytes) == bytes.count { $0 == 0x0A })
        }
        #expect(Self.count(Array(repeating: 0x0A, count: 100_000)) == 100_000)
    }

    private static func count(_ bytes: [UInt8]) -> Int {
        bytes.withUnsafeBufferPointer { NewlineCounter.count(in: $0) }
    }
}
