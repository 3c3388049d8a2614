import LogModel
import LogQuery
import Presentation
import Testing

@Suite struct FilterRoundTripTests {
    @Test(arguments: [
        ("", "*"),
        ("a  AND b", "a b"),
        ("((a OR b)) -c", "(a OR b) NOT c"),
        ("a (b c) OR d", "a (b c) OR d"),
        ("NOT (a b)", "NOT (a b)"),
        (#"level:(ERROR OR "x\"y")"#, #"level:ERROR OR level:"x\"y""#),
        ("status:[400 TO *} took:>=0.5", "status:[400 TO *} took:>=0.5"),
        (#"time:<"2024-05-01 10:15""#, #"time:<"2024-05-01 10:15""#),
        ("service:=control path:/v1/i", #"service:="control" path:/v1/i"#),
        (#"\AND \/x/ a\:b *c:d"#, #"\AND \/x/ a\:b *c\:d"#),
        (#"*"a b"* --x"#, #"*"a b"* \--x"#),
    ])
    func descriptionIsCanonical(query: String, expected: String) throws {
        let filter = try parse(query).filter
        #expect(filter.description == expected)
        #expect(try parse(expected).filter == filter)
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func randomTreesComeBack(seed: UInt64) throws {
        var generator = TreeGenerator(seed: seed)
        for _ in 0..<500 {
            let tree = generator.tree(depth: 4)
            let printed = tree.description
            let parsed = try parse(printed)
            #expect(parsed.filter == tree, "seed \(seed): \(printed)")
            #expect(parsed.pipes == nil, "seed \(seed): \(printed)")
        }
    }

    /// Text made of what means something to the language, so that most of it is reached.
    @Test(arguments: 0..<8 as Range<UInt64>)
    func anyTextGivesAFilterThatComesBackOrAPlacedError(seed: UInt64) throws {
        var generator = TreeGenerator(seed: seed)
        for _ in 0..<4_000 {
            let query = generator.noise()
            do throws(QueryError) {
                let parsed = try parse(query)
                #expect(try parse(parsed.filter.description).filter == parsed.filter, "\(query)")
            } catch {
                #expect(error.range.upperBound <= query.utf8.count, "seed \(seed): \(query)")
                #expect(!error.range.isEmpty, "seed \(seed): \(query)")
                #expect(error.rendered().split(separator: "\n").count == 4, "\(query)")
            }
        }
    }

    @Test(arguments: 0..<4 as Range<UInt64>)
    func randomBytesNeverTrap(seed: UInt64) {
        var generator = TreeGenerator(seed: seed)
        for _ in 0..<2_000 {
            let count = Int.random(in: 0..<80, using: &generator.random)
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator.random) }
            do throws(QueryError) {
                _ = try parse(String(decoding: bytes, as: UTF8.self)).filter.description
            } catch {
                _ = error.rendered()
            }
        }
    }
}

/// SplitMix64, so that a seed always gives the same trees.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

/// Makes trees that the parser could have made, and text that it could be given.
struct TreeGenerator {
    var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(state: seed) }

    mutating func tree(depth: Int) -> Filter {
        switch Int.random(in: 0..<(depth > 0 ? 9 : 6), using: &random) {
        case 0, 1: return .text(pattern())
        case 2: return .regex(regex())
        case 3, 4, 5: return field()
        case 6: return .not(tree(depth: depth - 1))
        case 7: return .and(children(depth))
        default: return .or(children(depth))
        }
    }

    private mutating func children(_ depth: Int) -> [Filter] {
        (0..<Int.random(in: 2...3, using: &random)).map { _ in tree(depth: depth - 1) }
    }

    private mutating func field() -> Filter {
        let values: [(FieldReference, [FieldValue])] = [
            (.status, [value("200", 200), value("-5", -5), value("4.5e2", 450)]),
            (.took, [value("100ms", 0.1), value("2", 2)]),
            (.time, [value("10:15"), value("2024-05-01 10:15"), value("*"), value("TO")]),
            (.path, [value("/a/b"), value("\"]"), value("AND"), value(""), value("|")]),
            (.levelNumber, [value("INFO", 9), value("17", 17)]),
        ]
        let (reference, candidates) = values[Int.random(in: 0..<values.count, using: &random)]
        let first = candidates[Int.random(in: 0..<candidates.count, using: &random)]
        let second = candidates[Int.random(in: 0..<candidates.count, using: &random)]
        let matched = reference == .levelNumber ? .level : reference
        switch Int.random(in: 0..<6, using: &random) {
        case 0: return .field(matched, .exists)
        case 1: return .field(matched, .matches(pattern()))
        case 2: return .field(matched, .exactly(Bool.random(using: &random) ? text() : ""))
        case 3: return .field(matched, .regex(regex()))
        case 4:
            let signs: [Comparison] = [.greater, .greaterOrEqual, .less, .lessOrEqual]
            return .field(reference, .compare(signs.randomElement(using: &random) ?? .less, first))
        default:
            let inOrder = (first.number ?? 0) <= (second.number ?? 0)
            return .field(
                reference,
                .range(
                    lower: Bool.random(using: &random) ? (inOrder ? first : second) : nil,
                    upper: Bool.random(using: &random) ? (inOrder ? second : first) : nil,
                    includesLower: Bool.random(using: &random),
                    includesUpper: Bool.random(using: &random)))
        }
    }

    private mutating func pattern() -> TextPattern {
        let isPhrase = Bool.random(using: &random)
        let count = isPhrase ? 1 : Int.random(in: 1...3, using: &random)
        return TextPattern(
            parts: (0..<count).map { _ in text() }, isPhrase: isPhrase,
            openStart: Int.random(in: 0..<4, using: &random) == 0,
            openEnd: Int.random(in: 0..<4, using: &random) == 0)
    }

    private mutating func regex() -> RegexPattern {
        let pieces = ["a", "[0-9]+", "(x|y)", #"\/"#, #"\\"#, " ", "支", ".*", "\"", ")"]
        let count = Int.random(in: 1...4, using: &random)
        return RegexPattern(
            pattern: "^"
                + (0..<count).map { _ in pieces.randomElement(using: &random) ?? "a" }.joined(),
            ignoresCase: Bool.random(using: &random))
    }

    private static let pieces = [
        "a", "b", "Z9", "_", "支付", "é", " ", "\u{3000}", "\t", "\n", "\"", "\\", "(", ")", "|", ":",
        "*", "/", "-", "[", "]", "{", "}", "<", ">", "=", "!", ".", "AND", "OR", "NOT", "TO", "“",
        "\u{0}", "\u{1B}", "status", "http://",
    ]

    private mutating func text() -> String {
        let count = Int.random(in: 1...5, using: &random)
        return (0..<count).map { _ in Self.pieces.randomElement(using: &random) ?? "a" }.joined()
    }

    mutating func noise() -> String {
        let words = [
            " ", " ", " ", " AND ", " OR ", " NOT ", "status:", "msg:", "level:", "nope:", ">=",
            "[",
            " TO ", "]", "/a/", "\"a b\"", "(", ")", "500", "*", "traceId:(",
        ]
        return (0..<Int.random(in: 1...12, using: &random)).map { _ in
            let list = Bool.random(using: &random) ? words : Self.pieces
            return list.randomElement(using: &random) ?? "a"
        }.joined()
    }
}
