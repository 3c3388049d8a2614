/// A deterministic automaton built from a program while text is read, one state at a time.
///
/// It answers only whether some match exists, and stops at the first byte that proves it. Each
/// state is a set of instructions; the table of transitions is flat, a row a state, a column a
/// class of symbols. When states and table pass 4 MB or 10 000 states all are dropped and
/// building goes on from the current state, so memory is bounded and time stays linear.
///
/// Assertions that look ahead (`$`, `\b`) stay in the set, undecided, until the next symbol is
/// known; a state with an undecided one also remembers what came before it.
final class RegexDFA {
    private enum Cell {
        static let unknown: Int32 = -1
        static let matched: Int32 = -2
        static let dead: Int32 = -3
        static let decode: Int32 = -4
    }

    private static let stateLimit = 10_000
    private static let byteLimit = 4 << 20

    private let program: RegexProgram
    private let width: Int
    private let endColumn: Int
    private let byteClasses: UnsafeMutablePointer<UInt16>
    private var table: UnsafeMutablePointer<Int32>
    private var capacity = 16
    private var setBytes = 0
    /// How often all states were dropped; a state number is good for one generation.
    private var flushes = 0
    /// The instructions of each state, sorted, then what came before it.
    private var keys: [[Int32]] = []
    private var rows: [[Int32]: Int32] = [:]
    private var closure: RegexClosure
    private var starts = [Int32](repeating: Cell.unknown, count: 4)

    init(_ program: RegexProgram) {
        self.program = program
        endColumn = program.classCount
        width = program.classCount + 2
        closure = RegexClosure(program)
        table = .allocate(capacity: capacity * width)
        byteClasses = .allocate(capacity: 256)
        for byte in 0..<256 {
            let isOpaque = byte >= 0x80 && program.needsDecoding
            byteClasses[byte] = isOpaque ? UInt16(endColumn + 1) : program.symbolClasses[byte]
        }
    }

    deinit {
        table.deallocate()
        byteClasses.deallocate()
    }

    /// Whether a match starts at `start` or later.
    func finds(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Bool {
        var state = startState(after: RegexUTF8.context(before: start, in: text))
        var index = start
        while state >= 0, index < text.count {
            state = skim(text, &index, from: state)
        }
        guard state >= 0 else { return state == Cell.matched }
        return cell(from: state, column: endColumn) == Cell.matched
    }

    /// Follows known transitions; at one that is not known yet, or not a state, deals with it.
    ///
    /// The unchecked reads hold: `index` stays under `text.count`, a class is under `width`, and
    /// a state is the start of a row within the table.
    private func skim(
        _ text: UnsafeBufferPointer<UInt8>, _ index: inout Int, from state: Int32
    ) -> Int32 {
        guard let bytes = text.baseAddress else { return Cell.dead }
        let (table, classes, end) = (table, byteClasses, text.count)
        var state = Int(state)
        var position = index
        while position < end {
            let next = table[state &+ Int(classes[Int(bytes[position])])]
            if next < 0 { break }
            state = Int(next)
            position &+= 1
        }
        index = position
        guard position < end else { return Int32(state) }
        let column = Int(classes[Int(bytes[position])])
        if column == endColumn + 1 { return stepScalar(text, &index, from: Int32(state)) }
        index += 1
        return cell(from: Int32(state), column: column)
    }

    /// Steps over one non-ASCII character, or over one byte that starts none.
    private func stepScalar(
        _ text: UnsafeBufferPointer<UInt8>, _ index: inout Int, from state: Int32
    ) -> Int32 {
        guard let (scalar, length) = RegexUTF8.decode(text, at: index) else {
            index += 1
            return cell(from: state, column: Int(program.symbolClasses[Int(RegexSymbol.invalid)]))
        }
        let isWord = program.distinguishesWords && RegexUnicode.isWord(scalar)
        let shift = isWord ? Int(RegexSymbol.wordOffset) : 0
        var state = state
        for offset in 0..<length where state >= 0 {
            let symbol = Int(text[index + offset]) + shift
            state = cell(from: state, column: Int(program.symbolClasses[symbol]))
        }
        index += length
        return state
    }

    private func cell(from state: Int32, column: Int) -> Int32 {
        let known = table[Int(state) + column]
        return known == Cell.unknown ? build(from: state, column: column) : known
    }

    // MARK: Building

    private func startState(after context: RegexContext) -> Int32 {
        let slot = Int(context.rawValue)
        if starts[slot] == Cell.unknown {
            closure.begin()
            closure.add(program.start, previous: context, next: nil)
            starts[slot] = intern(after: context)
        }
        return starts[slot]
    }

    /// Computes one cell. The state's row may be dropped meanwhile; the result is then not kept.
    private func build(from state: Int32, column: Int) -> Int32 {
        let key = keys[Int(state) / width]
        let generation = flushes
        let result = column == endColumn ? end(of: key) : step(from: key, column: column)
        if generation == flushes { table[Int(state) + column] = result }
        return result
    }

    private func end(of key: [Int32]) -> Int32 {
        resolve(key, next: .edge)
        return closure.hasMatch ? Cell.matched : Cell.dead
    }

    /// Decides the assertions of a state, now that the next symbol is known.
    private func resolve(_ key: [Int32], next: RegexContext) {
        let previous = key.last.flatMap(RegexContext.init(rawValue:)) ?? .other
        closure.begin()
        for instruction in key.dropLast() {
            closure.add(instruction, previous: previous, next: next)
        }
    }

    private func step(from key: [Int32], column: Int) -> Int32 {
        let symbol = program.representatives[column]
        resolve(key, next: RegexSymbol.asNext(symbol))
        if closure.hasMatch { return Cell.matched }
        let current = closure.instructions
        let context = RegexSymbol.asPrevious(symbol)
        closure.begin()
        for index in current {
            guard case .symbols(let first, let count) = program.instructions[Int(index)],
                let target = program.target(first: first, count: count, on: symbol)
            else { continue }
            closure.add(target, previous: context, next: nil)
        }
        if !program.isAnchoredAtStart {
            closure.add(program.start, previous: context, next: nil)
        }
        return intern(after: context)
    }

    /// The state of the closure's set: an old one, or a new one after making room.
    private func intern(after context: RegexContext) -> Int32 {
        if closure.hasMatch { return Cell.matched }
        if closure.instructions.isEmpty && program.isAnchoredAtStart { return Cell.dead }
        var key = closure.instructions.sorted()
        key.append(closure.hasOpenLook ? context.rawValue : RegexContext.other.rawValue)
        if let row = rows[key] { return row }
        makeRoom(for: key)
        let row = Int32(keys.count * width)
        let cells = table + Int(row)
        cells.initialize(repeating: Cell.unknown, count: width)
        cells[endColumn + 1] = Cell.decode
        keys.append(key)
        rows[key] = row
        setBytes += key.count * 4 + 128
        return row
    }

    private func makeRoom(for key: [Int32]) {
        let used = setBytes + keys.count * width * 4
        if keys.count >= Self.stateLimit || used > Self.byteLimit {
            flushes += 1
            keys.removeAll(keepingCapacity: true)
            rows.removeAll(keepingCapacity: true)
            starts = [Int32](repeating: Cell.unknown, count: starts.count)
            setBytes = 0
        }
        guard keys.count == capacity else { return }
        let grown = UnsafeMutablePointer<Int32>.allocate(capacity: 2 * capacity * width)
        grown.update(from: table, count: capacity * width)
        table.deallocate()
        table = grown
        capacity *= 2
    }
}

/// The instructions reachable without consuming a symbol: a set, and what it means.
struct RegexClosure {
    private let program: RegexProgram
    private var stamps: [UInt32]
    private var stamp: UInt32 = 0
    private var pending: [Int32] = []
    /// Instructions that consume, and assertions not decided yet.
    private(set) var instructions: [Int32] = []
    private(set) var hasMatch = false
    /// Whether an assertion waits for the next symbol.
    private(set) var hasOpenLook = false

    init(_ program: RegexProgram) {
        self.program = program
        stamps = [UInt32](repeating: 0, count: program.instructions.count)
    }

    mutating func begin() {
        stamp &+= 1
        if stamp == 0 {
            stamps = [UInt32](repeating: 0, count: stamps.count)
            stamp = 1
        }
        instructions.removeAll(keepingCapacity: true)
        hasMatch = false
        hasOpenLook = false
    }

    /// Adds what is reachable from `entry`, in order of preference; `next` nil is not known yet.
    mutating func add(_ entry: Int32, previous: RegexContext, next: RegexContext?) {
        pending.append(entry)
        while let index = pending.popLast() {
            guard stamps[Int(index)] != stamp else { continue }
            stamps[Int(index)] = stamp
            switch program.instructions[Int(index)] {
            case .match:
                hasMatch = true
                instructions.append(index)
            case .symbols: instructions.append(index)
            case .save(_, let target): pending.append(target)
            case .split(let first, let second):
                pending.append(second)
                pending.append(first)
            case .look(let look, let target):
                if let known = next ?? (look.needsOnlyPrevious ? .other : nil) {
                    if look.holds(between: previous, and: known) { pending.append(target) }
                } else {
                    hasOpenLook = true
                    instructions.append(index)
                }
            }
        }
    }
}
