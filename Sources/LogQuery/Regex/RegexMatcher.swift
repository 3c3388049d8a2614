/// Matches one pattern against texts; keeps what it learns from one text to the next.
///
/// Owned by one thread at a time. Any bytes are fine as text. Offsets are bytes.
package final class RegexMatcher {
    private let whole: RegexLiteralFinder?
    private let prefilter: [RegexLiteralFinder]
    private let automaton: RegexDFA
    private let program: RegexProgram
    private lazy var simulation = RegexSimulation(program)

    /// More literals than this cost more to look for than the automaton does.
    private static let mostPrefilterLiterals = 3

    init(_ program: RegexProgram, _ literals: RegexLiterals) {
        self.program = program
        whole = literals.whole.map(RegexLiteralFinder.init)
        automaton = RegexDFA(program)
        let required = literals.foldsCase ? [] : literals.required ?? []
        let isShortList = required.count <= Self.mostPrefilterLiterals
        prefilter = isShortList ? required.map(RegexLiteralFinder.init) : []
    }

    /// Whether the pattern occurs anywhere in `text`.
    ///
    /// Linear in the text; stops at the first byte that proves a match.
    package func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        switch whole?.find(in: text, from: 0) {
        case .found: true
        case .absent: false
        case .unsure: automaton.finds(in: text, from: 0)
        case nil: passesPrefilter(text, from: 0) && automaton.finds(in: text, from: 0)
        }
    }

    /// The leftmost match that starts at `start` or later, or nil.
    ///
    /// Of matches that start at the same byte it is the one Perl prefers: greedy parts take much,
    /// earlier alternatives win. What stands before `start` counts for `^`, `\b` and `\A`. Linear
    /// in the text times the pattern's size, so meant for text that is shown. A `start` outside
    /// the text finds nothing.
    package func firstMatch(
        in text: UnsafeBufferPointer<UInt8>, from start: Int = 0
    ) -> Range<Int>? {
        guard start >= 0, start <= text.count else { return nil }
        if let whole, case .found(let offset) = whole.find(in: text, from: start) {
            return offset..<offset + whole.literal.count
        }
        guard passesPrefilter(text, from: start), automaton.finds(in: text, from: start) else {
            return nil
        }
        return simulation.firstMatch(in: text, from: start)
    }

    private func passesPrefilter(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Bool {
        if prefilter.isEmpty { return true }
        return prefilter.contains { $0.find(in: text, from: start) != .absent }
    }
}
