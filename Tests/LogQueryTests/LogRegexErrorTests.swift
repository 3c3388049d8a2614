import LogQuery
import Testing

@Suite struct LogRegexErrorTests {
    @Test(arguments: [
        ("(ab", "this group is never closed", 0..<1),
        ("ab)", "unmatched ')'", 2..<3),
        ("[ab", "this class is never closed", 0..<1),
        ("错[", "this class is never closed", 3..<4),
        ("*a", "nothing to repeat before '*'", 0..<1),
        ("a|+", "nothing to repeat before '+'", 2..<3),
        ("a**", "a second quantifier or a flag before '*'", 2..<3),
        ("a++", "possessive quantifiers are not supported", 1..<3),
        ("a{3,2}", "the repetition runs from 3 down to 2", 1..<6),
        ("a\\", #"the pattern ends in a lone '\'"#, 1..<2),
        (#"\y"#, #"unknown escape '\y'"#, 0..<2),
        (#"\x4"#, "this escape names no character", 0..<3),
        (#"\uD800"#, "this escape names no character", 0..<6),
        (#"\x{110000}"#, "this escape names no character", 0..<10),
        (#"(a)\1"#, "back-references are not supported", 3..<5),
        (#"(?<a>b)\k<a>"#, "back-references are not supported", 7..<9),
        ("(?P<a>b)(?P=a)", "back-references are not supported", 8..<12),
        ("(?=a)", "look-around is not supported", 0..<4),
        ("(?!a)", "look-around is not supported", 0..<4),
        ("(?<=a)b", "look-around is not supported", 0..<4),
        ("(?<!a)b", "look-around is not supported", 0..<4),
        ("(?>a)", "this kind of group is not supported", 0..<3),
        ("(?q)a", "unknown flag 'q'", 2..<3),
        ("(?i", "this group is never closed", 0..<1),
        ("(?<1", "bad group name", 0..<4),
        ("[z-a]", "bad range in a class", 1..<4),
        ("[[:alfa:]]", "unknown class '[:alfa:]'", 1..<9),
        (#"\p{Foo}"#, "unknown property 'Foo'", 0..<7),
        (
            "(a{1000}){1000}", "the pattern is too large when its repetitions are written out",
            0..<15
        ),
        (
            "((((){9999}){9999}){9999}){9999}",
            "the pattern is too large when its repetitions are written out", 0..<32
        ),
    ])
    func refusesWithTheReasonAndThePlace(
        pattern: String, problem: String, range: Range<Int>
    ) {
        do throws(RegexError) {
            _ = try LogRegex(pattern)
            Issue.record("'\(pattern)' was accepted")
        } catch {
            #expect(error.problem == problem)
            #expect(error.range == range)
            #expect(error.help?.isEmpty == false)
        }
    }

    @Test func refusesDeepNesting() {
        let pattern =
            String(repeating: "(", count: 50_000) + "a" + String(repeating: ")", count: 50_000)
        #expect(throws: RegexError.self) { try LogRegex(pattern) }
    }

    @Test func acceptsRepeatedUnicodeClasses() throws {
        #expect(throws: Never.self) { try LogRegex(#"\w{8,512} [\w.-]{1,512} .{0,1000}"#) }
    }
}
