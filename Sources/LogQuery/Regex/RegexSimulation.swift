/// Finds where the leftmost match lies, by following all ways through the program at once.
///
/// Pike's algorithm: every way carries the position where it began, and earlier in the list is
/// preferred. Time is the text's length times the program's, so it serves what is shown, after
/// the automaton has said that there is a match.
final class RegexSimulation {
    private struct Thread {
        var instruction: Int32
        var start: Int
    }

    private let program: RegexProgram
    private let firstBytes: [Bool]?
    private var closure: RegexClosure
    private var current: [Thread] = []
    private var following: [Thread] = []

    init(_ program: RegexProgram) {
        self.program = program
        closure = RegexClosure(program)
        firstBytes = Self.firstBytes(of: program)
    }

    /// The leftmost match that starts at `start` or later; of those, the one Perl prefers.
    func firstMatch(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Range<Int>? {
        var cursor = Cursor(text, program, at: start)
        var found: Range<Int>?
        current.removeAll(keepingCapacity: true)
        while true {
            if current.isEmpty {
                if found != nil || (program.isAnchoredAtStart && cursor.index > start) { break }
                if !cursor.skip(to: firstBytes) { break }
            }
            let symbol = cursor.symbol
            step(at: cursor, on: symbol, &found)
            swap(&current, &following)
            guard let symbol else { break }
            cursor.advance(over: symbol)
        }
        return found
    }

    /// Takes every thread over one symbol, in order, up to the first that has matched.
    private func step(at cursor: Cursor, on symbol: UInt16?, _ found: inout Range<Int>?) {
        following.removeAll(keepingCapacity: true)
        if found == nil { current.append(Thread(instruction: program.start, start: cursor.index)) }
        let next = symbol.map(RegexSymbol.asNext) ?? .edge
        closure.begin()
        for thread in current {
            let known = closure.instructions.count
            closure.add(thread.instruction, previous: cursor.previous, next: next)
            for index in closure.instructions[known...] {
                switch program.instructions[Int(index)] {
                case .match:
                    found = thread.start..<cursor.index
                    return
                case .symbols(let first, let count):
                    if let symbol,
                        let target = program.target(first: first, count: count, on: symbol)
                    {
                        following.append(Thread(instruction: target, start: thread.start))
                    }
                case .split, .look, .save: break
                }
            }
        }
    }

    /// The bytes that a match can begin with, or nil where it can be empty.
    private static func firstBytes(of program: RegexProgram) -> [Bool]? {
        var isFirst = [Bool](repeating: false, count: 256)
        var isSeen = [Bool](repeating: false, count: program.instructions.count)
        var pending = [program.start]
        while let index = pending.popLast() {
            guard !isSeen[Int(index)] else { continue }
            isSeen[Int(index)] = true
            switch program.instructions[Int(index)] {
            case .match: return nil
            case .split(let first, let second): pending += [first, second]
            case .look(_, let target), .save(_, let target): pending.append(target)
            case .symbols(let first, let count):
                for transition in program.transitions[Int(first)..<Int(first + count)] {
                    markBytes(of: transition, in: &isFirst)
                }
            }
        }
        return isFirst
    }

    private static func markBytes(of transition: RegexTransition, in isFirst: inout [Bool]) {
        for symbol in transition.low...transition.high {
            if symbol == RegexSymbol.invalid {
                for byte in 0x80...0xFF { isFirst[byte] = true }
            } else {
                isFirst[Int(symbol & 0xFF)] = true
            }
        }
    }
}

extension RegexSimulation {
    /// A position in the text that knows which character its byte is part of.
    struct Cursor {
        private let text: UnsafeBufferPointer<UInt8>
        private let program: RegexProgram
        private var scalarEnd: Int
        private var offset: UInt16 = 0
        private(set) var index: Int
        private(set) var previous: RegexContext

        init(_ text: UnsafeBufferPointer<UInt8>, _ program: RegexProgram, at start: Int) {
            self.text = text
            self.program = program
            index = start
            scalarEnd = start
            previous = RegexUTF8.context(before: start, in: text)
        }

        /// The symbol here, or nil at the end of the text.
        var symbol: UInt16? {
            mutating get {
                guard index < text.count else { return nil }
                let byte = UInt16(text[index])
                guard byte >= 0x80, program.needsDecoding else { return byte }
                if index >= scalarEnd {
                    guard let (scalar, length) = RegexUTF8.decode(text, at: index) else {
                        return RegexSymbol.invalid
                    }
                    scalarEnd = index + length
                    let isWord = program.distinguishesWords && RegexUnicode.isWord(scalar)
                    offset = isWord ? RegexSymbol.wordOffset : 0
                }
                return byte + offset
            }
        }

        mutating func advance(over symbol: UInt16) {
            previous = RegexSymbol.asPrevious(symbol)
            index += 1
        }

        /// Goes on to the next of `bytes`; false where there is none.
        mutating func skip(to bytes: [Bool]?) -> Bool {
            guard let bytes else { return true }
            let start = index
            while index < text.count, !bytes[Int(text[index])] { index += 1 }
            guard index < text.count else { return false }
            if index > start, index >= scalarEnd {
                previous = RegexUTF8.context(before: index, in: text)
            }
            return true
        }
    }
}
