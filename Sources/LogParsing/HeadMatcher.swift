internal import Glibc
internal import LogModel

/// Matching of the head and of the tail of an event, over one or more lines.
extension PatternProgram {
    /// The ranges that one event needs: a step's own, and the line break behind it.
    var spanCount: Int { steps.count * 2 }

    /// Matches an event's head at the line `line`; `head` and `spans` hold what was found.
    ///
    /// Strictly, or with widths and names read loosely. Where it does not fit, only
    /// `head.mayFitLoosely` may change.
    @inline(__always)
    func matchHead(
        _ bytes: UnsafeBufferPointer<UInt8>, line: LineBounds, isFinal: Bool, isLoose: Bool,
        spans: UnsafeMutablePointer<TextRange>, head: inout HeadMatch
    ) -> HeadMatch.Outcome {
        guard let base = bytes.baseAddress, line.end &- line.start >= lead.count else {
            return .noMatch
        }
        for index in lead.indices where base[line.start &+ index] != lead[index] {
            return .noMatch
        }
        return withMatcher(bytes, spans: spans, lineEnd: line.end) { matcher in
            matcher.isLenient = isLoose
            let outcome = matcher.matchHead(line, isFinal: isFinal)
            if outcome == .match { head = matcher.head }
            if matcher.reached >= firstLooseStep { head.mayFitLoosely = true }
            return outcome
        }
    }

    /// The same, strictly and then loosely.
    func matchHead(
        _ bytes: UnsafeBufferPointer<UInt8>, line: LineBounds, isFinal: Bool,
        spans: UnsafeMutablePointer<TextRange>, head: inout HeadMatch
    ) -> HeadMatch.Outcome {
        let strict = matchHead(
            bytes, line: line, isFinal: isFinal, isLoose: false, spans: spans, head: &head)
        guard strict == .noMatch, hasLooseForm else { return strict }
        return matchHead(
            bytes, line: line, isFinal: isFinal, isLoose: true, spans: spans, head: &head)
    }

    @inline(__always)
    private func withMatcher(
        _ bytes: UnsafeBufferPointer<UInt8>, spans: UnsafeMutablePointer<TextRange>, lineEnd: Int,
        _ body: (inout PatternMatcher) -> HeadMatch.Outcome
    ) -> HeadMatch.Outcome {
        guard let base = bytes.baseAddress else { return .noMatch }
        return steps.withUnsafeBufferPointer { steps in
            literals.withUnsafeBufferPointer { literals in
                guard let first = steps.baseAddress else { return .noMatch }
                var matcher = PatternMatcher(
                    base: base, limit: bytes.count, steps: first,
                    literals: literals.baseAddress ?? base,
                    program: self, spans: spans, lineEnd: lineEnd)
                return body(&matcher)
            }
        }
    }

    /// Finds where the message ends when something follows it: at the first line that ends so.
    ///
    /// Within a line the message takes as much as it can. Gives the end of that line, or nil.
    func matchTail(
        _ bytes: UnsafeBufferPointer<UInt8>, from messageStart: Int, to textEnd: Int,
        spans: UnsafeMutablePointer<TextRange>
    ) -> Int? {
        var found: Int?
        _ = withMatcher(bytes, spans: spans, lineEnd: textEnd) { matcher in
            found = matcher.matchTail(from: messageStart, to: textEnd)
            return .match
        }
        return found
    }
}

extension PatternMatcher {
    /// How often the fields of one line may be extended.
    static let retries = 48

    mutating func matchHead(_ first: LineBounds, isFinal: Bool) -> HeadMatch.Outcome {
        head = HeadMatch()
        head.line = first
        lineEnd = first.end
        let count = program.headCount
        var index = 0
        var place = first.start &+ program.lead.count
        while true {
            let last = program.hasBreaks ? segmentEnd(from: index, count) : count
            place = run(index, last, from: place)
            guard place >= 0 else { return .noMatch }
            guard last > index, steps[last &- 1].ending == .lineBreak else { break }
            switch nextLine(isFinal: isFinal) {
            case .match: break
            case let outcome: return outcome
            }
            spans[program.steps.count &+ last &- 1] = TextRange(start: place, end: head.line.start)
            place = head.line.start
            index = last
            if index == count { break }
        }
        head.messageStart = place
        return .match
    }

    private func segmentEnd(from index: Int, _ count: Int) -> Int {
        var last = index
        while last < count {
            last &+= 1
            if steps[last &- 1].ending == .lineBreak { break }
        }
        return last
    }

    private mutating func nextLine(isFinal: Bool) -> HeadMatch.Outcome {
        switch LineBounds.find(
            base, from: head.line.next, count: limit, isFinal: isFinal)
        {
        case .line(let line):
            guard line.start > head.line.end else { return .noMatch }
            head.line = line
            lineEnd = line.end
            return .match
        case .cut, .none: return .noMatch
        case .incomplete: return .needsMore
        }
    }

    /// See `PatternProgram.matchTail`.
    mutating func matchTail(from messageStart: Int, to textEnd: Int) -> Int? {
        let message = program.messageStep
        let step = steps[message]
        var start = messageStart
        for _ in 0..<4_096 {
            let newline = memchr(base + start, 0x0A, textEnd &- start).map {
                UnsafeRawPointer($0) - UnsafeRawPointer(base)
            }
            lineEnd = newline ?? textEnd
            if let newline, newline > start, base[newline &- 1] == 0x0D { lineEnd &-= 1 }
            if let end = messageEnd(step, from: start) {
                spans[message] = TextRange(start: messageStart, end: end)
                return lineEnd
            }
            guard let newline else { return nil }
            start = newline &+ 1
        }
        return nil
    }

    /// The last place in the line where the message's literal stands and all that follows fits.
    private mutating func messageEnd(_ step: PatternProgram.Step, from start: Int) -> Int? {
        let message = program.messageStep
        let count = Int(step.literalCount)
        var place = lineEnd &- count
        var attempts = 24
        while place >= start, attempts > 0 {
            if follows(step, at: place) {
                attempts &-= 1
                budget = 8
                if run(message &+ 1, program.steps.count, from: place &+ count) >= 0 {
                    return place
                }
            }
            guard step.ending == .literal else { return nil }
            place &-= 1
        }
        return nil
    }
}

/// What stands at a place of the input.
enum LineSearch {
    case line(LineBounds)
    /// A piece of a line that is longer than the limit.
    case cut(LineBounds)
    case incomplete
    /// The input ends here.
    case none
}

extension LineBounds {
    /// The most bytes of one event; what is longer comes in pieces.
    static let limit = 1 << 20

    /// The line at `start`, a piece of it, or the news that more bytes are needed.
    @inline(__always)
    static func find(
        _ base: UnsafePointer<UInt8>, from start: Int, count: Int, isFinal: Bool
    ) -> LineSearch {
        // Two more, since only bytes before `\r\n` count.
        let window = min(count &- start, limit &+ 2)
        guard window > 0 else { return isFinal ? .none : .incomplete }
        var end: Int
        var next: Int
        if let hit = memchr(base + start, 0x0A, window) {
            end = UnsafeRawPointer(hit) - UnsafeRawPointer(base)
            next = end &+ 1
        } else if window == limit &+ 2 {
            return .cut(LineBounds(start: start, end: start &+ limit, next: start &+ limit))
        } else if isFinal {
            end = count
            next = count
        } else {
            return .incomplete
        }
        if end > start, base[end &- 1] == 0x0D { end &-= 1 }
        guard end &- start <= limit else {
            return .cut(LineBounds(start: start, end: start &+ limit, next: start &+ limit))
        }
        return .line(LineBounds(start: start, end: end, next: next))
    }
}
