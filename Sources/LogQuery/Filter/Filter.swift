package import LogModel

/// What a search keeps: the tree of a query's filter, before its pipes.
///
/// `description` prints it as a query again. The parser makes `and` and `or` of two or more, and
/// nests at most `FilterParser.deepest` levels.
package indirect enum Filter: Equatable, Sendable {
    /// Every event.
    case all
    case and([Filter])
    case or([Filter])
    case not(Filter)
    /// A word or phrase in the original text, in any case of letters.
    case text(TextPattern)
    /// A regular expression over the original text.
    case regex(RegexPattern)
    case field(FieldReference, FieldTest)
}

/// A word or phrase, with the places where `*` lets it go on.
///
/// It matches the parts in order, anything between them, in any case; both ends stand at word
/// boundaries unless they are open.
package struct TextPattern: Hashable, Sendable {
    /// The parts with `*` between them: the whole text where there is one part.
    package let text: String
    /// Whether it was written in quotes.
    package let isPhrase: Bool
    package let openStart: Bool
    package let openEnd: Bool
    /// The literal texts between the wildcards, none of them empty; `a*b` has `a` and `b`.
    package let parts: [String]

    package init(
        parts: [String], isPhrase: Bool = false, openStart: Bool = false, openEnd: Bool = false
    ) {
        self.text = parts.joined(separator: "*")
        self.isPhrase = isPhrase
        self.openStart = openStart
        self.openEnd = openEnd
        self.parts = parts
    }
}

/// A regular expression as the query writes it.
package struct RegexPattern: Hashable, Sendable {
    /// What stands between the slashes, unchanged: a slash inside is still written `\/`.
    package let pattern: String
    /// Whether the flag `i` follows.
    package let ignoresCase: Bool
    /// Where `pattern` stands in the query, in UTF-8 offsets; no part of equality.
    package let range: Range<Int>

    package init(pattern: String, ignoresCase: Bool = false, range: Range<Int> = 0..<0) {
        self.pattern = pattern
        self.ignoresCase = ignoresCase
        self.range = range
    }

    package static func == (first: Self, second: Self) -> Bool {
        first.pattern == second.pattern && first.ignoresCase == second.ignoresCase
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(pattern)
        hasher.combine(ignoresCase)
    }
}

/// The field that a test looks at.
package struct FieldReference: Hashable, Sendable {
    /// The stored name; comparisons of a level have `SeverityNumber` here.
    package let name: String
    /// The name as the query has it.
    package let written: String
    package let type: FieldType

    package init(name: String, written: String, type: FieldType) {
        self.name = name
        self.written = written
        self.type = type
    }
}

/// What must hold for the value of a field.
package enum FieldTest: Equatable, Sendable {
    /// `field:*`: the event has the field.
    case exists
    /// `field:value`, `field:wild*`, `field:"phrase"`.
    case matches(TextPattern)
    /// `field:=value`, `field:="exact"`: the whole value, letter for letter.
    case exactly(String)
    case regex(RegexPattern)
    /// `field:>=500`.
    case compare(Comparison, FieldValue)
    /// `field:[a TO b]`, `field:{a TO b}`; an end that is `*` is nil.
    case range(
        lower: FieldValue?, upper: FieldValue?, includesLower: Bool, includesUpper: Bool)
}

/// The four orders in which a value can stand to another.
package enum Comparison: String, Hashable, Sendable {
    case greater = ">"
    case greaterOrEqual = ">="
    case less = "<"
    case lessOrEqual = "<="
}

/// A value that is compared, as written and as a number where its field's type makes it one.
package struct FieldValue: Hashable, Sendable {
    package let text: String
    /// The number in the field's own unit: seconds, bytes, a severity number, an IPv4 address as
    /// 32 bits. Nil for text, and for times, which need the query's time zone to be read.
    package let number: Double?
    /// Where the value stands in the query, in UTF-8 offsets; no part of equality.
    package let range: Range<Int>

    package init(text: String, number: Double? = nil, range: Range<Int> = 0..<0) {
        self.text = text
        self.number = number
        self.range = range
    }

    package static func == (first: Self, second: Self) -> Bool {
        first.text == second.text && first.number == second.number
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(text)
        hasher.combine(number)
    }
}
