import Configuration
import LogShipping
import Testing

/// Which events `include` and `exclude` mean.
@Suite struct ConfigurationPatternTests {
    private static func matches(_ pattern: LinePattern, _ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBufferPointer { pattern.matches($0) }
    }

    /// 连接超时 in GBK.
    private static let timeout: [UInt8] = [0xC1, 0xAC, 0xBD, 0xD3, 0xB3, 0xAC, 0xCA, 0xB1]

    @Test(arguments: [
        ("order", "an order came", true), ("order", "an Order came", false),
        ("a.b*c", "xa.b*cx", true), ("a.b*c", "axbbc", false), ("\\d", "\\d", true),
        ("\\d", "5", false), ("\\E[x]{2}(y)|^$+?", "\\E[x]{2}(y)|^$+?", true),
        ("超时", "连接超时", true), ("x", "", false), ("a \"b\" c/d", "a \"b\" c/d", true),
        ("first\tsecond", "first\tsecond", true), ("end", "line one\nthe end", true),
    ])
    func aTextIsFoundByteForByte(text: String, event: String, expected: Bool) throws {
        let pattern = try LinePattern(containing: text, encoding: .utf8)
        #expect(Self.matches(pattern, Array(event.utf8)) == expected)
    }

    @Test(arguments: [
        ("GET \\/health", false, "\"GET /health HTTP/1.1\"", true),
        ("get \\/health", false, "GET /health", false), ("get", true, "GET", true),
        ("^b$", false, "a\nb\nc", true), ("a.*c", false, "ab\nc", false), ("", false, "", true),
    ])
    func anExpressionIsTriedOnTheWholeEvent(
        expression: String, ignoresCase: Bool, event: String, expected: Bool
    ) throws {
        let pattern = try LinePattern(
            expression: expression, ignoresCase: ignoresCase, encoding: .utf8)
        #expect(Self.matches(pattern, Array(event.utf8)) == expected)
    }

    @Test(arguments: [Encoding.utf8, .gb18030])
    func chineseIsFoundInGBK(encoding: Encoding) throws {
        let text = try LinePattern(containing: "连接超时", encoding: encoding)
        let expression = try LinePattern(expression: "连.超", encoding: encoding)
        #expect(Self.matches(text, Array("ERROR ".utf8) + Self.timeout))
        #expect(Self.matches(expression, Array("ERROR ".utf8) + Self.timeout))
        #expect(!Self.matches(text, Array("ERROR ".utf8) + Self.timeout.dropLast(2)))
        // What no encoding explains is tried as it is.
        let error = try LinePattern(containing: "ERROR", encoding: encoding)
        #expect(Self.matches(error, Array("ERROR ".utf8) + [0xFF, 0xFF]))
    }

    @Test func theSecondByteOfACharacterIsNoLetter() throws {
        // 丂 is 81 40 in GBK, and 40 alone an @.
        let at = try LinePattern(containing: "@", encoding: .gb18030)
        #expect(!Self.matches(at, [0x81, 0x40]))
        #expect(Self.matches(at, [0x81, 0x40, 0x40]))
    }

    @Test(arguments: [
        ("a", true), ("b", true), ("a x", false), ("b y", false), ("c", false), ("x", false),
    ])
    func whatIsExcludedIsNotIncluded(event: String, expected: Bool) throws {
        let source = try #require(
            try ConfigurationTests.read(
                "source: s\nfiles: /s\ninclude: a\ninclude: /b/\nexclude: x\nexclude: /[y]/"
            ).sources.first)
        #expect(Array(event.utf8).withUnsafeBufferPointer { source.admits($0) } == expected)
    }

    @Test func threadsMayShareAPattern() async throws {
        let pattern = try LinePattern(expression: "o[r]der \\d+", encoding: .utf8)
        let counts = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    (0..<500).count { Self.matches(pattern, Array("an order \($0 % 2) x".utf8)) }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(counts == [500, 500, 500, 500])
    }
}
