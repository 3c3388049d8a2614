import LogQuery
import Testing

@Suite struct LogRegexLinearTimeTests {
    /// Backtracking would take longer than the universe; a debug build here takes well under 1 s.
    @Test(arguments: [
        ("(a+)+$", "a", "b", false),
        ("(a|aa)*b", "a", "", false),
        ("(a|aa)*b", "a", "b", true),
        ("(.*)*x", "a", "", false),
        ("(.*)*x", "错", "x", true),
        ("(a*)*(a*)*(a*)*$", "a", "", true),
        ("(x+x+)+y", "x", "", false),
        (#"(\w+\s?)*!"#, "ab ", "", false),
        ("(a?){30}a{30}$", "a", "b", false),
    ])
    func catastrophicPatternsStayFast(
        pattern: String, unit: String, end: String, expected: Bool
    ) throws {
        let count = 100_000 / unit.utf8.count
        let text = Array((String(repeating: unit, count: count) + end).utf8)
        let matcher = try LogRegex(pattern).makeMatcher()
        let time = ContinuousClock().measure {
            text.withUnsafeBufferPointer { text in
                #expect(matcher.matches(text) == expected)
                #expect((matcher.firstMatch(in: text) != nil) == expected)
            }
        }
        #expect(time < .seconds(10))
    }

    /// Needs two million states where nothing drops them: the cache is dropped over and over.
    @Test func patternWithTooManyStatesIsAnsweredAllTheSame() throws {
        let matcher = try LogRegex("[ab]*a[ab]{20}c").makeMatcher()
        var generator = SplitMix(seed: 7)
        var text = (0..<20_000).map { _ in UInt8(ascii: generator.next() & 1 == 0 ? "a" : "b") }
        text.withUnsafeBufferPointer { #expect(!matcher.matches($0)) }
        text[text.count - 21] = UInt8(ascii: "a")
        text.append(UInt8(ascii: "c"))
        text.withUnsafeBufferPointer { #expect(matcher.matches($0)) }
        text[text.count - 22] = UInt8(ascii: "b")
        text.withUnsafeBufferPointer { #expect(!matcher.matches($0)) }
    }
}

/// SplitMix64: a generator whose whole state is its seed.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
