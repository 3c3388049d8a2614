/// One step of a compiled pattern; numbers are indices of instructions.
enum RegexInstruction: Sendable {
    case match
    /// Both ways are open; the first is preferred.
    case split(Int32, Int32)
    case look(RegexLook, Int32)
    /// Notes the place in a slot: two for each named group.
    case save(Int32, Int32)
    /// Consumes one symbol by one of `count` transitions, sorted and disjoint.
    case symbols(first: Int32, count: Int32)
}

struct RegexTransition: Sendable, Hashable {
    var low: UInt16
    var high: UInt16
    var target: Int32
}

/// The alphabet of compiled patterns: bytes, told apart by the character they are part of.
///
/// 0–0x7F are ASCII, 0x80–0xFF bytes of a valid character that is not a word character,
/// 0x180–0x1FF bytes of one that is, 0x200 a byte that is part of no valid UTF-8. Patterns to
/// which these differences are the same see only 0–0xFF.
enum RegexSymbol {
    static let wordOffset: UInt16 = 0x100
    static let invalid: UInt16 = 0x200
    static let count = 0x201

    /// What a consumed symbol is to an assertion after it.
    static func asPrevious(_ symbol: UInt16) -> RegexContext {
        switch symbol {
        case 0x0A: .newline
        case 0x30...0x39, 0x41...0x5A, 0x5F, 0x61...0x7A, 0x180...0x1FF: .word
        default: .other
        }
    }

    /// What a coming symbol is to an assertion before it.
    static func asNext(_ symbol: UInt16) -> RegexContext {
        switch symbol {
        case 0x80...0xBF, 0x180...0x1BF: .inside
        default: asPrevious(symbol)
        }
    }
}

/// A pattern compiled to a nondeterministic automaton over `RegexSymbol`s (Thompson, 1968).
///
/// UTF-8 is compiled in, so matching reads bytes. Immutable, and shared by all matchers.
final class RegexProgram: Sendable {
    let instructions: [RegexInstruction]
    let transitions: [RegexTransition]
    let start: Int32
    let isAnchoredAtStart: Bool
    /// Whether non-ASCII bytes must be decoded to tell which symbol they are.
    let needsDecoding: Bool
    let distinguishesWords: Bool
    /// Symbols that no transition or assertion tells apart share a class.
    let symbolClasses: [UInt16]
    /// One symbol of each class.
    let representatives: [UInt16]

    var classCount: Int { representatives.count }

    init(_ node: RegexNode, pattern: String) throws(RegexError) {
        var compiler = RegexCompiler(node, pattern: pattern)
        start = try compiler.compile(node, next: 0)
        instructions = compiler.instructions
        transitions = compiler.transitions
        distinguishesWords = compiler.distinguishesWords
        needsDecoding = compiler.needsDecoding
        isAnchoredAtStart = node.isAnchoredAtStart
        (symbolClasses, representatives) = Self.classes(of: node, transitions: transitions)
    }

    /// Where `symbol` leads from the transitions of one instruction.
    func target(first: Int32, count: Int32, on symbol: UInt16) -> Int32? {
        for index in Int(first)..<Int(first + count) {
            let transition = transitions[index]
            if symbol < transition.low { return nil }
            if symbol <= transition.high { return transition.target }
        }
        return nil
    }

    private static func classes(
        of node: RegexNode, transitions: [RegexTransition]
    ) -> (classes: [UInt16], representatives: [UInt16]) {
        var isBoundary = [Bool](repeating: false, count: RegexSymbol.count + 1)
        func mark(_ low: Int, _ high: Int) {
            isBoundary[low] = true
            isBoundary[high + 1] = true
        }
        for transition in transitions { mark(Int(transition.low), Int(transition.high)) }
        mark(0x80, 0xFF)
        mark(0x180, 0x1FF)
        if node.contains(where: { if case .look = $0 { true } else { false } }) {
            mark(0x0A, 0x0A)
        }
        if node.contains(where: { if case .look(let look) = $0 { look.usesWords } else { false } })
        {
            for range in RegexSet.asciiWord { mark(Int(range.lowerBound), Int(range.upperBound)) }
            mark(0x80, 0xBF)
            mark(0x180, 0x1BF)
        }
        var classes: [UInt16] = []
        var representatives: [UInt16] = []
        for symbol in 0..<RegexSymbol.count {
            if symbol == 0 || isBoundary[symbol] { representatives.append(UInt16(symbol)) }
            classes.append(UInt16(representatives.count - 1))
        }
        return (classes, representatives)
    }
}

/// Builds a program from its end to its start, so that every target is known when it is needed.
struct RegexCompiler {
    /// Counted repetition multiplies: `(a{1000}){1000}` would be a million instructions.
    private static let sizeLimit = 100_000

    private(set) var instructions: [RegexInstruction] = [.match]
    private(set) var transitions: [RegexTransition] = []
    let distinguishesWords: Bool
    let needsDecoding: Bool
    private let pattern: String
    private var visits = 0
    private var known: [[RegexTransition]: Int32] = [:]

    init(_ node: RegexNode, pattern: String) {
        self.pattern = pattern
        distinguishesWords = node.contains { part in
            switch part {
            case .set(let set): set.dependsOnWord
            case .look(let look): look.usesWords
            default: false
            }
        }
        let acceptsInvalid = node.contains { part in
            if case .set(let set) = part { set.invalid } else { false }
        }
        needsDecoding = distinguishesWords || acceptsInvalid
    }

    /// Compiles a part that continues at `next`; returns where it begins.
    mutating func compile(_ node: RegexNode, next: Int32) throws(RegexError) -> Int32 {
        visits += 1
        try checkSize()
        switch node {
        case .set(let set): return try compile(set, next: next)
        case .look(let look): return add(.look(look, next))
        case .sequence(let items):
            var entry = next
            for item in items.reversed() { entry = try compile(item, next: entry) }
            return entry
        case .choice(let branches):
            var entry: Int32?
            for branch in branches.reversed() {
                let first = try compile(branch, next: next)
                entry = entry.map { add(.split(first, $0)) } ?? first
            }
            return entry ?? next
        case .repetition(let body, let count): return try compile(body, count, next: next)
        case .capture(let number, let body):
            let end = add(.save(Int32(2 * number + 1), next))
            return add(.save(Int32(2 * number), try compile(body, next: end)))
        }
    }

    private mutating func compile(
        _ body: RegexNode, _ count: RegexCount, next: Int32
    ) throws(RegexError) -> Int32 {
        var entry = next
        var copies = count.least
        if let most = count.most {
            for _ in count.least..<most {
                let inside = try compile(body, next: entry)
                entry = addSplit(into: inside, past: next, count)
            }
        } else {
            let loop = add(.match)
            let inside = try compile(body, next: loop)
            instructions[Int(loop)] = split(into: inside, past: next, count)
            if count.least > 0 {
                copies -= 1
                entry = inside
            } else if body.isNullable {
                // A loop that may turn without consuming: as `(x+)?` it prefers what Perl prefers.
                entry = addSplit(into: inside, past: next, count)
            } else {
                entry = loop
            }
        }
        for _ in 0..<max(copies, 0) { entry = try compile(body, next: entry) }
        return entry
    }

    private func split(into body: Int32, past next: Int32, _ count: RegexCount) -> RegexInstruction
    {
        count.isGreedy ? .split(body, next) : .split(next, body)
    }

    private mutating func addSplit(into body: Int32, past next: Int32, _ count: RegexCount) -> Int32
    {
        add(split(into: body, past: next, count))
    }

    private mutating func add(_ instruction: RegexInstruction) -> Int32 {
        instructions.append(instruction)
        return Int32(instructions.count - 1)
    }

    private func checkSize() throws(RegexError) {
        guard max(visits, instructions.count, transitions.count) > Self.sizeLimit else { return }
        throw RegexError(
            problem: "the pattern is too large when its repetitions are written out",
            range: 0..<pattern.utf8.count,
            help: "lower the counts in {…}, or use * or + instead")
    }

    // MARK: Sets

    private mutating func compile(_ set: RegexSet, next: Int32) throws(RegexError) -> Int32 {
        var root = try level(sequences(of: set.other)[...], depth: 0, offset: 0, next: next)
        if distinguishesWords {
            let beyondASCII = ScalarRanges(
                set.word.ranges.filter { $0.upperBound >= 0x80 }
                    .map { max($0.lowerBound, 0x80)...$0.upperBound })
            root += try level(
                sequences(of: beyondASCII)[...], depth: 0, offset: RegexSymbol.wordOffset,
                next: next)
        }
        if set.invalid {
            let symbol = RegexSymbol.invalid
            root.append(RegexTransition(low: symbol, high: symbol, target: next))
        }
        return try addSymbols(root)
    }

    private func sequences(of scalars: ScalarRanges) -> [UTF8Sequence] {
        scalars.ranges.flatMap(RegexUTF8.sequences(of:))
    }

    /// The transitions on the byte at `depth` of sequences that agree before it.
    private mutating func level(
        _ sequences: ArraySlice<UTF8Sequence>, depth: Int, offset: UInt16, next: Int32
    ) throws(RegexError) -> [RegexTransition] {
        var found: [RegexTransition] = []
        var rest = sequences
        while let first = rest.first {
            let range = first[depth]
            let group = rest.prefix { $0[depth] == range }
            rest = rest[group.endIndex...]
            var target = next
            if first.count > depth + 1 {
                target = try addSymbols(level(group, depth: depth + 1, offset: offset, next: next))
            }
            let shift = range.lowerBound >= 0x80 ? offset : 0
            let (low, high) = (UInt16(range.lowerBound) + shift, UInt16(range.upperBound) + shift)
            if let last = found.last, last.target == target, last.high + 1 == low {
                found[found.count - 1].high = high
            } else {
                found.append(RegexTransition(low: low, high: high, target: target))
            }
        }
        return found
    }

    /// Adds an instruction, or gives back the equal one: character tails are shared.
    private mutating func addSymbols(
        _ wanted: [RegexTransition]
    ) throws(RegexError) -> Int32 {
        if let index = known[wanted] { return index }
        let first = Int32(transitions.count)
        transitions += wanted
        let index = add(.symbols(first: first, count: Int32(wanted.count)))
        known[wanted] = index
        try checkSize()
        return index
    }
}
