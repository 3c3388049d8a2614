internal import Glibc
internal import LogModel

/// Which lines belong together.
extension LogParser {
    /// What a line is to the event before it.
    private enum LineClass {
        case head(Int)
        /// It begins with a date in a layout that no pattern has.
        case dated
        case plain
        case incomplete
    }

    /// Goes through the chunk line by line; returns where the first event begins that is not done.
    mutating func group(_ work: inout ParseWork, into batch: inout EventBatch) -> Int {
        var position = 0
        lines: while position < work.count {
            let line: LineBounds
            var isCut = false
            switch LineBounds.find(
                work.base, from: position, count: work.count, isFinal: work.isFinal)
            {
            case .incomplete, .none: break lines
            case .line(let found): line = found
            case .cut(let found): (line, isCut) = (found, true)
            }
            if line.end == line.start {
                addBlank(line, &work, into: &batch)
                isMidLine = false
                position = line.next
                continue
            }
            if isMidLine {
                startRest(of: line, &work, into: &batch)
            } else {
                switch classify(line, &work) {
                case .incomplete: break lines
                case .head(let program): startParsed(program, line, &work, into: &batch)
                case .dated:
                    startUnparsed(line, isContinuable: hasContinuable, &work, into: &batch)
                case .plain: addPlain(line, &work, into: &batch)
                }
            }
            isMidLine = false
            position = work.open.next
            if isCut, position == line.next {
                work.open.isPartial = true
                finish(&work, into: &batch)
                isMidLine = !isAllZero(work, line)
            }
        }
        if work.isFinal, position >= work.count { finish(&work, into: &batch) }
        guard work.open.isOpen else { return position }
        isMidLine = work.open.startedMidLine
        return work.open.start
    }

    private mutating func classify(_ line: LineBounds, _ work: inout ParseWork) -> LineClass {
        let isDirty =
            work.hasEscape(line.start, line.end)
            || TextCleaner.hasJunk(work.base, line.start, line.end)
        if isDirty { return classifyDirty(line, &work) }
        let bytes = UnsafeBufferPointer(start: work.base, count: work.count)
        let result = match(bytes, line, isFinal: work.isFinal, &work)
        if case .plain = result, hasContinuable,
            lineTime.startsLine(work.base, line.start, line.end)
        {
            return .dated
        }
        return result
    }

    /// Each pattern strictly, in order; then each again with widths and names read loosely, so that
    /// a pattern that fits well wins over one that fits somehow.
    private mutating func match(
        _ bytes: UnsafeBufferPointer<UInt8>, _ line: LineBounds, isFinal: Bool,
        _ work: inout ParseWork
    ) -> LineClass {
        guard let spans = work.candidateSpans else { return .plain }
        work.candidate.mayFitLoosely = false
        let first = bytes[line.start]
        var isLoose = false
        while true {
            for index in programs.indices where firstBytes[index].contains(first) {
                if isLoose, !programs[index].hasLooseForm { continue }
                switch programs[index].matchHead(
                    bytes, line: line, isFinal: isFinal, isLoose: isLoose, spans: spans,
                    head: &work.candidate)
                {
                case .match: return .head(index)
                case .needsMore: return .incomplete
                case .noMatch: continue
                }
            }
            guard !isLoose, work.candidate.mayFitLoosely else { return .plain }
            isLoose = true
        }
    }

    /// Matches a copy of the line, and of the next one where a head has two.
    private mutating func classifyDirty(
        _ line: LineBounds, _ work: inout ParseWork
    ) -> LineClass {
        var copy: [UInt8] = []
        TextCleaner.append(work.base, line.start, line.end, to: &copy)
        let first = LineBounds(start: 0, end: copy.count, next: copy.count + 1)
        var sourceEnd = line.next
        if hasBreaks {
            switch LineBounds.find(
                work.base, from: line.next, count: work.count, isFinal: work.isFinal)
            {
            case .incomplete: return .incomplete
            case .none: break
            case .line(let second), .cut(let second):
                copy.append(0x0A)
                TextCleaner.append(work.base, second.start, second.end, to: &copy)
                sourceEnd = second.next
            }
        }
        guard !copy.isEmpty else { return .plain }
        let lineTime = lineTime
        return copy.withUnsafeBufferPointer { bytes in
            let result = match(bytes, first, isFinal: true, &work)
            switch result {
            case .head:
                // Where the head's last line ends in the source; its captures are found anew.
                let isTwoLines = work.candidate.line.start > 0
                work.candidate.line = isTwoLines ? secondLine(work, line, sourceEnd) : line
                return result
            case .plain where hasContinuable:
                guard let base = bytes.baseAddress,
                    lineTime.startsLine(base, first.start, first.end)
                else { return result }
                return .dated
            default: return result
            }
        }
    }

    private func secondLine(
        _ work: ParseWork, _ line: LineBounds, _ next: Int
    ) -> LineBounds {
        var end = next
        if end > line.next, work.base[end &- 1] == 0x0A { end &-= 1 }
        if end > line.next, work.base[end &- 1] == 0x0D { end &-= 1 }
        return LineBounds(start: line.next, end: end, next: next)
    }
}

/// What happens to the open event.
extension LogParser {
    private mutating func startParsed(
        _ program: Int, _ line: LineBounds, _ work: inout ParseWork, into batch: inout EventBatch
    ) {
        // The candidate's ranges must stay until the open event's have been used.
        finish(&work, into: &batch)
        work.acceptCandidate()
        let last = work.candidate.line
        work.open = OpenEvent()
        work.open.isOpen = true
        work.open.start = line.start
        work.open.textEnd = last.end
        work.open.next = last.next
        work.open.program = program
        work.open.head = work.candidate
        work.open.isContinuable = programs[program].isContinuable
        work.open.needsCleaning = isDirty(&work, line.start, last.end)
    }

    private func isDirty(_ work: inout ParseWork, _ start: Int, _ end: Int) -> Bool {
        work.hasEscape(start, end) || TextCleaner.hasJunk(work.base, start, end)
    }

    private mutating func startUnparsed(
        _ line: LineBounds, isContinuable: Bool, _ work: inout ParseWork,
        into batch: inout EventBatch
    ) {
        finish(&work, into: &batch)
        work.open = OpenEvent()
        work.open.isOpen = true
        work.open.start = line.start
        work.open.textEnd = line.end
        work.open.next = line.next
        work.open.isContinuable = isContinuable
    }

    private mutating func startRest(
        of line: LineBounds, _ work: inout ParseWork, into batch: inout EventBatch
    ) {
        startUnparsed(line, isContinuable: hasContinuable, &work, into: &batch)
        work.open.isPartial = true
        work.open.startedMidLine = true
    }

    /// Adds a line that no pattern claims to the open event, or begins one with it.
    private mutating func addPlain(
        _ line: LineBounds, _ work: inout ParseWork, into batch: inout EventBatch
    ) {
        if work.open.isOpen, work.open.isContinuable {
            extend(by: line, &work, into: &batch)
            return
        }
        let kind = StackTrace.kind(work.base, line.start, line.end)
        let announces = StackTrace.announcesException(work.base, line.start, line.end)
        if work.open.isOpen, work.open.program < 0, belongs(line, kind, announces, work) {
            extend(by: line, &work, into: &batch)
        } else {
            startUnparsed(line, isContinuable: false, &work, into: &batch)
        }
        if kind == .head || kind == .frame { work.open.isTrace = true }
        if kind == .frame { work.open.hasFrames = true }
        work.open.announces = announces
    }

    /// Whether an unparsed line goes on with the unparsed event before it.
    private func belongs(
        _ line: LineBounds, _ kind: StackTrace.LineKind, _ announces: Bool, _ work: ParseWork
    ) -> Bool {
        if kind == .frame || work.open.announces { return true }
        guard work.open.isTrace else { return false }
        let first = work.base[line.start]
        let isIndented = first == 0x20 || first == 0x09
        return isIndented && (announces || !work.open.hasFrames)
    }

    private mutating func extend(
        by line: LineBounds, _ work: inout ParseWork, into batch: inout EventBatch
    ) {
        guard line.end &- work.open.start <= LineBounds.limit else {
            let isContinuable = work.open.isContinuable
            work.open.isPartial = true
            startUnparsed(line, isContinuable: isContinuable, &work, into: &batch)
            work.open.isPartial = true
            return
        }
        if !work.open.needsCleaning {
            work.open.needsCleaning = work.hasEscape(line.start, line.end)
        }
        work.open.textEnd = line.end
        work.open.next = line.next
    }

    private mutating func addBlank(
        _ line: LineBounds, _ work: inout ParseWork, into batch: inout EventBatch
    ) {
        guard work.open.isOpen else { return }
        if line.next &- work.open.start <= LineBounds.limit {
            work.open.next = line.next
        } else {
            finish(&work, into: &batch)
        }
    }

    private func isAllZero(_ work: ParseWork, _ line: LineBounds) -> Bool {
        for index in line.start..<line.end where work.base[index] != 0 { return false }
        return true
    }
}
