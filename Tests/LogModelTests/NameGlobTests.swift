import LogModel
import Testing

@Suite struct NameGlobTests {
    @Test(
        arguments: [
            ("pay-*", "pay-web-1", true), ("PAY-*", "pay-web-1", true), ("*", "", true),
            ("pay-?", "pay-1", true), ("pay-?", "pay-12", false), ("*-1", "pay-web-1", true),
            ("a*b*c", "aXbYbZc", true), ("a*b*c", "aXcYb", false), ("pay", "pay-1", false),
            ("支付*", "支付-1", true), ("", "a", false),
        ])
    func matchesNames(glob: String, name: String, expected: Bool) {
        #expect(NameGlob.matches(name, glob) == expected)
    }

    @Test(
        arguments: [
            ("*", "pay-*", true), ("pay-*", "pay-web-*", true), ("pay-web-*", "pay-*", false),
            ("pay-*", "pay-1", true), ("*-1", "pay-*", false), ("a*c", "a*b*c", true),
            ("a*b*c", "a*c", false), ("?", "?", true), ("?*", "*", false), ("a?", "ab", true),
            ("a*", "A?", true), ("a?", "a*", false),
        ])
    func saysWhichGlobHasAllNamesOfAnother(outer: String, inner: String, expected: Bool) {
        #expect(NameGlob.covers(outer, inner) == expected)
    }

    @Test(
        arguments: [
            ("pay-*", "*-1", true), ("pay-*", "order-*", false), ("*", "x", true),
            ("a*b", "b*a", false), ("a*", "*A", true), ("a?", "?b", true), ("??", "a*b*c", false),
            ("a*b*", "*c", true), ("", "*", true), ("", "?", false),
        ])
    func saysWhichGlobsShareAName(left: String, right: String, expected: Bool) {
        #expect(NameGlob.intersect(left, right) == expected)
        #expect(NameGlob.intersect(right, left) == expected)
    }

    /// Against all names of up to four of two letters.
    @Test(arguments: [UInt64.random(in: 0 ... .max)])
    func relationsAgreeWithNames(seed: UInt64) {
        var random = SplitMix(state: seed)
        var names = [""]
        for length in 1...5 {
            names += names.filter { $0.count == length - 1 }.flatMap { [$0 + "a", $0 + "b"] }
        }
        for _ in 0..<300 {
            let globs = (0...1).map { _ in
                String(
                    (0..<Int.random(in: 0...4, using: &random)).map { _ in
                        ["a", "b", "*", "?"].randomElement(using: &random) ?? "*"
                    }.joined())
            }
            let left = names.filter { NameGlob.matches($0, globs[0]) }
            let right = names.filter { NameGlob.matches($0, globs[1]) }
            let note = "seed \(seed): \(globs)"
            if NameGlob.covers(globs[0], globs[1]) {
                #expect(Set(left).isSuperset(of: right), "\(note)")
            }
            // Two globs of up to four parts that share a name share a short one.
            let share = !Set(left).isDisjoint(with: right)
            if share { #expect(NameGlob.intersect(globs[0], globs[1]), "\(note)") }
            if !share, NameGlob.intersect(globs[0], globs[1]) {
                let stars = globs.joined().filter { $0 == "*" }.count
                #expect(stars > 1, "\(note)")
            }
        }
    }
}
