import LogQuery
import Testing

@Suite struct LogRegexLiteralTests {
    @Test(
        arguments: [
            ("timeout", ["timeout"], false),
            ("a", ["a"], false),
            ("", nil, false),
            (".*", nil, false),
            (#"\d+"#, nil, false),
            ("x?", nil, false),
            ("(foo)?", nil, false),
            ("read .* timeout", [" timeout"], false),
            ("connection (reset|refused)", ["connection reset", "connection refused"], false),
            ("(foo|ba[rz])", ["foo", "bar", "baz"], false),
            ("foo|b.*", ["foo", "b"], false),
            ("foo|.*", nil, false),
            ("(abc)+d", ["abc"], false),
            ("(ab){2}c", ["ababc"], false),
            ("(ab){2,}c", ["abab"], false),
            (#"\bERROR\b"#, ["ERROR"], false),
            ("^Caused by: ", ["Caused by: "], false),
            ("错误.*重试次数", ["重试次数"], false),
            ("status=[45]", ["status=4", "status=5"], false),
            ("(?i)ERROR", ["error"], true),
            ("(?i)错误E", ["错误"], false),
            ("(?i)Größe", ["Öß", "öß"], false),
            ("(?i)grüner Wald", ["ner wald"], true),
            ("[eE]rror[A-Z]", ["rror"], false),
            ("(?i:warn)ing: disk", ["ing: disk"], false),
            ("(?i)out of memory: [0-9]", ["out of memory: "], true),
        ] as [(String, [String]?, Bool)])
    func findsWhatEveryMatchContains(
        pattern: String, expected: [String]?, foldsCase: Bool
    ) throws {
        let regex = try LogRegex(pattern)
        let literals = regex.requiredLiterals?.map { String(decoding: $0, as: UTF8.self) }
        #expect(literals == expected)
        #expect(regex.literalsFoldCase == foldsCase)
    }

    /// The finder gives up on a frequent byte; the answer must not depend on that.
    @Test func literalInTextOfItsOwnBytesIsFound() throws {
        let text = Array((String(repeating: "zz-zx", count: 5_000) + "zzxz").utf8)
        for (pattern, expected) in [("zzxz", 25_000..<25_004), ("zzx+z", 25_000..<25_004)] {
            let matcher = try LogRegex(pattern).makeMatcher()
            text.withUnsafeBufferPointer { text in
                #expect(matcher.matches(text))
                #expect(matcher.firstMatch(in: text) == expected)
                #expect(!matcher.matches(UnsafeBufferPointer(rebasing: text[..<25_003])))
            }
        }
    }
}
