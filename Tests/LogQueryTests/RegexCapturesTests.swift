import LogQuery
import Testing

@Suite struct RegexCapturesTests {
    /// What the groups of the first match hold; a dot for a group that it does not pass.
    @Test(
        arguments: [
            (#"user=(?<user>\w+) took (?<ms>\d+)ms"#, "x user=wang took 31ms", ["wang", "31"]),
            (#"(?<a>a+)(?<b>a*)"#, "caaab", ["aaa", ""]),
            (#"(?<a>a+?)(?<b>a*)"#, "caaab", ["a", "aa"]),
            (#"(?<x>\d)|(?<y>[a-z])"#, "..k", [".", "k"]), (#"(?P<n>支付)失败"#, "微信支付失败", ["支付"]),
            (#"^(?<first>\S+).*\b(?<last>\S+)$"#, "one two three", ["one", "three"]),
            (#"(?:(?<k>\w)=)+"#, "a=b=c", ["b"]), (#"(?<o>(?<i>b)c)d"#, "abcd", ["bc", "b"]),
            (#"(?<c>[A-Z]+)"#, "abc", nil), (#"(a)(?<b>b)"#, "ab", ["b"]), (#"(?<e>)x"#, "x", [""]),
        ] as [(String, String, [String]?)])
    func groupsAreWhatPerlHas(pattern: String, text: String, expected: [String]?) throws {
        let captures = try RegexCaptures(pattern)
        let bytes = Array(text.utf8)
        let found = bytes.withUnsafeBufferPointer { captures.firstMatch(in: $0) }
        let texts = found?.map { $0.map { String(decoding: bytes[$0], as: UTF8.self) } ?? "." }
        #expect(texts == expected)
    }

    @Test func timeIsLinearWhereBacktrackingWouldNotEnd() throws {
        let captures = try RegexCaptures("(?<a>(?:x+x+)+)y")
        let bytes = Array(repeating: UInt8(ascii: "x"), count: 20_000) + [UInt8(ascii: "y")]
        let found = bytes.withUnsafeBufferPointer { captures.firstMatch(in: $0) }
        #expect(found == [0..<20_000])
    }
}
