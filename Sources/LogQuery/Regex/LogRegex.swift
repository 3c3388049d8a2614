/// Why a pattern was refused.
///
/// `range` holds UTF-8 offsets into the pattern; a mistake at the end has an empty or last range.
package struct RegexError: Error, Equatable {
    package let problem: String
    package let range: Range<Int>
    package let help: String?
}

/// A regular expression over log bytes, compiled once and matched in linear time.
///
/// RE2's syntax: literals, `.`, classes, `\d \w \s \b`, `^ $` at lines, `\A \z`, groups and flags,
/// alternation, repetition, `\xHH \uHHHH \p{…} \Q…\E`. Back-references and look-around are
/// refused, since they rule out linear time; so are patterns of over 100 000 instructions. `\d`
/// is ASCII; `\w` and `\b` know the letters of all scripts. `.`, negated classes, `\D`, `\W` and
/// `\S` also step over a byte that is not UTF-8, one byte at a time.
package struct LogRegex: Sendable, Equatable {
    package let pattern: String
    private let caseInsensitive: Bool
    private let program: RegexProgram
    let literals: RegexLiterals

    /// Compiles a pattern; `caseInsensitive` is the same as a leading `(?i)`.
    ///
    /// Microseconds for usual patterns; 3–5 ms for each `\p{L}` and its like.
    package init(_ pattern: String, caseInsensitive: Bool = false) throws(RegexError) {
        let node = try RegexParser.parse(pattern, caseInsensitive: caseInsensitive)
        self.pattern = pattern
        self.caseInsensitive = caseInsensitive
        program = try RegexProgram(node, pattern: pattern)
        literals = RegexLiterals(node)
    }

    /// Literals one of which occurs in every match, or nil where no literal is certain.
    ///
    /// At most 16, of 1 to 64 bytes of UTF-8. They occur byte for byte unless `literalsFoldCase`.
    package var requiredLiterals: [[UInt8]]? { literals.required }

    /// Whether `requiredLiterals` are in lower case and occur in any case of their ASCII letters.
    ///
    /// They then hold no letter beyond ASCII that has case, so any folding of the text will do.
    package var literalsFoldCase: Bool { literals.foldsCase }

    /// A matcher with a cache of its own, for one thread.
    ///
    /// The cache starts at a few kilobytes and stays under about 10 MB for any pattern and text.
    package func makeMatcher() -> RegexMatcher {
        RegexMatcher(program, literals)
    }

    package static func == (left: LogRegex, right: LogRegex) -> Bool {
        left.pattern == right.pattern && left.caseInsensitive == right.caseInsensitive
    }
}
