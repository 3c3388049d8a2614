internal import Glibc
internal import LogModel

/// A range of bytes, as positions relative to one base pointer.
struct TextRange {
    var start = 0
    var end = 0
}

/// A line without its terminator, and where the next one starts.
struct LineBounds {
    var start: Int
    var end: Int
    var next: Int
}

/// What the head of an event was found to be.
struct HeadMatch {
    enum Outcome { case match, noMatch, needsMore }

    var severity: UInt8 = 0
    var time = ParsedTimestamp(end: 0, localSeconds: 0, nanoseconds: 0, offset: nil)
    var hasTime = false
    /// Whether a program that did not fit might do so loosely.
    var mayFitLoosely = false
    /// Where the message begins; for programs without one, the end of the line.
    var messageStart = 0
    /// The line in which the head ends.
    var line = LineBounds(start: 0, end: 0, next: 0)
}

/// Runs a program's steps over bytes.
///
/// A field takes the shortest text up to its literal and is extended when the rest does not fit, at
/// most `budget` times a line; so a line costs time in proportion to its length whatever it holds.
/// The pointers, and the program, are borrowed for the time of one call.
struct PatternMatcher {
    let base: UnsafePointer<UInt8>
    /// How many bytes there are behind `base`.
    let limit: Int
    let steps: UnsafePointer<PatternProgram.Step>
    let literals: UnsafePointer<UInt8>
    unowned(unsafe) let program: PatternProgram
    let spans: UnsafeMutablePointer<TextRange>
    var isLenient = false
    var lineEnd: Int
    var budget = PatternMatcher.retries
    /// The furthest step that was tried.
    var reached = 0
    var head = HeadMatch()

    /// Matches the steps `first..<last` from `position` on; the place behind them, or -1.
    @inline(__always)
    mutating func run(_ first: Int, _ last: Int, from position: Int) -> Int {
        var index = first
        var floor = first
        var place = position
        var end = -1
        while index < last {
            let step = steps[index]
            end = end < 0 ? firstEnd(step, place) : nextEnd(step, place, after: end)
            if end >= 0 {
                spans[index] = TextRange(start: place, end: end)
                place = end &+ Int(step.literalCount)
                index &+= 1
                // A time does not stand by chance where it fits, so what is before it is settled.
                if step.matcher == .time { floor = index }
                end = -1
                continue
            }
            if index > reached { reached = index }
            repeat {
                index &-= 1
                guard index >= floor else { return -1 }
            } while !steps[index].isExtendable
            budget &-= 1
            guard budget > 0 else { return -1 }
            place = spans[index].start
            end = spans[index].end
        }
        return place
    }

    /// Whether the step's literal, and its ending, stand at `place`.
    @inline(__always)
    func follows(_ step: PatternProgram.Step, at place: Int) -> Bool {
        let count = Int(step.literalCount)
        let room = lineEnd &- place
        guard step.ending == .literal ? room >= count : room == count else { return false }
        let literal = literals + Int(step.literalStart)
        var index = 0
        while index < count {
            guard base[place &+ index] == literal[index] else { return false }
            index &+= 1
        }
        return true
    }

    /// The first place from `place` on where the step's literal stands.
    @inline(__always)
    func find(_ step: PatternProgram.Step, from place: Int) -> Int {
        let count = Int(step.literalCount)
        guard place <= lineEnd &- count else { return -1 }
        if step.ending != .literal {
            let end = lineEnd &- count
            return follows(step, at: end) ? end : -1
        }
        guard count > 0 else { return place }
        let first = literals[Int(step.literalStart)]
        var from = place
        while from <= lineEnd &- count {
            guard let hit = memchr(base + from, Int32(first), lineEnd &- count &- from &+ 1)
            else { return -1 }
            from = UnsafeRawPointer(hit) - UnsafeRawPointer(base)
            if follows(step, at: from) { return from }
            from &+= 1
        }
        return -1
    }
}
