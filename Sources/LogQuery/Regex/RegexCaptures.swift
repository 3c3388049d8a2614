/// Finds what the named groups of a pattern match, `(?<name>…)`, in linear time.
///
/// The automaton says whether and where there is a match; Pike's simulation then follows all ways
/// through it with the places of the groups. The match is the leftmost, the one that Perl prefers.
/// Owned by one thread at a time.
package final class RegexCaptures {
    /// The names of the groups, in the order of their opening parentheses.
    package let names: [String]
    private let program: RegexProgram
    private let matcher: RegexMatcher
    private var stamps: [UInt32]
    private var stamp: UInt32 = 0

    private struct Thread {
        var instruction: Int32
        /// The start and end of each group; -1 where it has not been passed.
        var slots: [Int]
    }

    package init(_ pattern: String, caseInsensitive: Bool = false) throws(RegexError) {
        let (node, names) = try RegexParser.parse(
            pattern, caseInsensitive: caseInsensitive, names: [])
        self.names = names
        program = try RegexProgram(node, pattern: pattern)
        matcher = RegexMatcher(program, RegexLiterals(node))
        stamps = Array(repeating: 0, count: program.instructions.count)
    }

    /// Where each group is in the first match; nil for groups that it does not pass through, and in
    /// place of all where nothing matches.
    package func firstMatch(in text: UnsafeBufferPointer<UInt8>) -> [Range<Int>?]? {
        guard let match = matcher.firstMatch(in: text) else { return nil }
        var cursor = RegexSimulation.Cursor(text, program, at: match.lowerBound)
        let start = Thread(
            instruction: program.start, slots: Array(repeating: -1, count: 2 * names.count))
        var current = [start]
        var found: [Int]?
        while !current.isEmpty {
            let symbol = cursor.symbol
            current = step(current, at: cursor, on: symbol, &found)
            guard let symbol else { break }
            cursor.advance(over: symbol)
        }
        guard let found else { return nil }
        return names.indices.map { group in
            let (start, end) = (found[2 * group], found[2 * group + 1])
            return start >= 0 && end >= start ? start..<end : nil
        }
    }

    /// Takes the threads over one symbol, in the order of preference, up to the first that matched.
    private func step(
        _ current: [Thread], at cursor: RegexSimulation.Cursor, on symbol: UInt16?,
        _ found: inout [Int]?
    ) -> [Thread] {
        let next = symbol.map(RegexSymbol.asNext) ?? .edge
        var following: [Thread] = []
        var pending: [Thread] = []
        advanceStamp()
        for thread in current {
            pending.append(thread)
            while var thread = pending.popLast() {
                let index = Int(thread.instruction)
                guard stamps[index] != stamp else { continue }
                stamps[index] = stamp
                switch program.instructions[index] {
                case .match:
                    found = thread.slots
                    return following
                case .symbols(let first, let count):
                    guard let symbol,
                        let target = program.target(first: first, count: count, on: symbol)
                    else { continue }
                    following.append(Thread(instruction: target, slots: thread.slots))
                case .split(let first, let second):
                    pending.append(Thread(instruction: second, slots: thread.slots))
                    pending.append(Thread(instruction: first, slots: thread.slots))
                case .look(let look, let target):
                    guard look.holds(between: cursor.previous, and: next) else { continue }
                    pending.append(Thread(instruction: target, slots: thread.slots))
                case .save(let slot, let target):
                    thread.slots[Int(slot)] = cursor.index
                    pending.append(Thread(instruction: target, slots: thread.slots))
                }
            }
        }
        return following
    }

    private func advanceStamp() {
        stamp &+= 1
        guard stamp == 0 else { return }
        stamps = Array(repeating: 0, count: stamps.count)
        stamp = 1
    }
}
