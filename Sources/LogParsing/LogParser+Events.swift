internal import Glibc
internal import LogModel

/// From the lines of an event to a row and its captures.
extension LogParser {
    /// Writes the open event, if there is one.
    mutating func finish(_ work: inout ParseWork, into batch: inout EventBatch) {
        guard work.open.isOpen else { return }
        work.open.isOpen = false
        let open = work.open
        var row = EventBatch.Row()
        row.start = UInt32(truncatingIfNeeded: work.origin &+ open.start)
        row.length = UInt32(truncatingIfNeeded: open.next &- open.start)
        row.terminatorLength = UInt32(truncatingIfNeeded: open.next &- open.textEnd)
        row.offset = work.offset &+ Int64(open.start)
        row.firstCapture = UInt32(truncatingIfNeeded: batch.captures.count)
        if open.isPartial { row.flags.insert(.isPartial) }
        if open.program < 0 {
            addUnparsed(open, work, &row, &batch)
        } else if open.needsCleaning {
            addCleaned(open, &work, &row, &batch)
        } else if let spans = work.openSpans {
            let event = EventText(
                bytes: UnsafeBufferPointer(start: work.base, count: work.count),
                textEnd: open.textEnd, shift: work.origin)
            add(event, programs[open.program], open.program, open.head, spans, [], &row, &batch)
        }
        batch.rows.append(row)
    }

    private mutating func addUnparsed(
        _ open: OpenEvent, _ work: ParseWork, _ row: inout EventBatch.Row,
        _ batch: inout EventBatch
    ) {
        row.flags.insert(.isUnparsed)
        row.layout = layouts.unparsedIndex(in: &batch)
        batch.captures.append(
            EventBatch.Capture(work.origin &+ open.start, work.origin &+ open.textEnd))
        let found = open.startedMidLine ? nil : timeOfLine(work.base, open.start, open.textEnd)
        setTime(
            found?.time, hasDate: found?.format.hasDate ?? true,
            hasYear: found?.format.hasYear ?? true, zone, of: &row)
    }

    private func timeOfLine(
        _ base: UnsafePointer<UInt8>, _ start: Int, _ textEnd: Int
    ) -> LineTime.Found? {
        let end = min(textEnd, start &+ 1_024)
        let isDirty =
            memchr(base + start, Int32(TextCleaner.escape), min(64, end &- start)) != nil
            || TextCleaner.hasJunk(base, start, end)
        guard isDirty else { return lineTime.find(base, start, end) }
        var copy: [UInt8] = []
        TextCleaner.append(base, start, end, to: &copy)
        return copy.withUnsafeBufferPointer { bytes in
            bytes.baseAddress.flatMap { lineTime.find($0, 0, bytes.count) }
        }
    }

    /// Matches a copy without escape sequences and the like; the original is a field of its own.
    private mutating func addCleaned(
        _ open: OpenEvent, _ work: inout ParseWork, _ row: inout EventBatch.Row,
        _ batch: inout EventBatch
    ) {
        let start = work.cleaned.count
        TextCleaner.append(work.base, open.start, open.textEnd, to: &work.cleaned)
        let program = programs[open.program]
        var head = HeadMatch()
        guard let spans = work.openSpans else { return }
        let first = batch.captures.count
        let isFitting = work.cleaned.withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress, start < bytes.count,
                case .line(let line) = LineBounds.find(
                    base, from: start, count: bytes.count, isFinal: true),
                program.matchHead(bytes, line: line, isFinal: true, spans: spans, head: &head)
                    == .match
            else { return false }
            batch.captures.append(
                EventBatch.Capture(work.origin &+ open.start, work.origin &+ open.textEnd))
            let event = EventText(bytes: bytes, textEnd: bytes.count, shift: 0)
            add(event, program, open.program, head, spans, .isCleaned, &row, &batch)
            return true
        }
        guard isFitting else {
            addUnparsed(open, work, &row, &batch)
            return
        }
        work.noteCleaned(first + 1..<batch.captures.count)
    }
}

/// The bytes in which an event was matched.
struct EventText {
    let bytes: UnsafeBufferPointer<UInt8>
    let textEnd: Int
    /// What is added to a position to make it one of the batch.
    let shift: Int
}

/// The captures of a parsed event.
extension LogParser {
    private mutating func add(
        _ event: EventText, _ program: PatternProgram, _ programIndex: Int, _ head: HeadMatch,
        _ spans: UnsafeMutablePointer<TextRange>, _ kind: LayoutVariant,
        _ row: inout EventBatch.Row, _ batch: inout EventBatch
    ) {
        guard let base = event.bytes.baseAddress else { return }
        var writer = CaptureWriter(base: base, shift: event.shift, variant: kind.rawValue)
        if program.isContinuable {
            writer.addEvent(event, program, head, spans, to: &batch.captures)
        } else {
            writer.add(0, program.steps.count, program, spans, to: &batch.captures)
        }
        row.layout = layouts.index(
            of: program, at: programIndex, LayoutVariant(rawValue: writer.variant), in: &batch)
        setSeverity(program, head, spans, base, of: &row)
        setTime(
            program.timeStep >= 0 && head.hasTime ? head.time : nil, hasDate: program.timeHasDate,
            hasYear: program.timeHasYear, program.zone ?? zone, of: &row)
    }

    @inline(__always)
    private func setSeverity(
        _ program: PatternProgram, _ head: HeadMatch, _ spans: UnsafeMutablePointer<TextRange>,
        _ base: UnsafePointer<UInt8>, of row: inout EventBatch.Row
    ) {
        if program.severityStep >= 0 {
            row.severity = head.severity
            if head.severity == 0 { row.severity = loose(spans[program.severityStep], base) }
        } else if program.statusStep >= 0 {
            let span = spans[program.statusStep]
            guard span.end &- span.start == 3 else { return }
            var status = 0
            for index in span.start..<span.end {
                guard base[index] &- 0x30 < 10 else { return }
                status = status &* 10 &+ Int(base[index] &- 0x30)
            }
            row.severity = Severity.number(ofHTTPStatus: status)
            row.flags.insert(.severityIsDerived)
        }
    }

    /// A level that was not read as one word: padded, or a single letter.
    private func loose(_ span: TextRange, _ base: UnsafePointer<UInt8>) -> UInt8 {
        var (start, end) = (span.start, span.end)
        while start < end, base[start] == 0x20 { start &+= 1 }
        while end > start, base[end &- 1] == 0x20 { end &-= 1 }
        guard start < end else { return 0 }
        if let number = LevelWord.number(base + start, end &- start) { return number }
        guard end &- start == 1 else { return 0 }
        switch base[start] | 0x20 {
        case UInt8(ascii: "t"): return 1
        case UInt8(ascii: "d"): return 5
        case UInt8(ascii: "i"): return 9
        case UInt8(ascii: "w"): return 13
        case UInt8(ascii: "e"), UInt8(ascii: "s"): return 17
        case UInt8(ascii: "f"): return 21
        default: return 0
        }
    }
}

/// Event times.
extension LogParser {
    /// Sets the row's time from what was read, or from the event before it.
    @inline(__always)
    mutating func setTime(
        _ parsed: ParsedTimestamp?, hasDate: Bool, hasYear: Bool, _ zone: Zone,
        of row: inout EventBatch.Row
    ) {
        guard let parsed else { return useLast(&row) }
        var local = parsed.localSeconds
        if !hasDate || !hasYear { local = completed(local, hasDate: hasDate, zone) }
        var complete = parsed
        complete.localSeconds = local
        let seconds = complete.utcSeconds(in: zone)
        guard let time = RFC3339.instant(seconds: seconds, nanoseconds: parsed.nanoseconds) else {
            return useLast(&row)
        }
        row.timestamp = time
        row.utcOffset = Int32(truncatingIfNeeded: local &- seconds)
        last = time
        hasLast = true
    }

    private func useLast(_ row: inout EventBatch.Row) {
        row.timestamp = last
        row.utcOffset = Int32(
            truncatingIfNeeded: zone.offset(atUTC: RFC3339.split(last).seconds))
        row.flags.insert(.timeIsDerived)
    }

    /// The local second of a time without its year or date.
    ///
    /// Without a date: the day of the event before (at first, of the file), or the next or the
    /// previous one when the clock jumps by more than twelve hours. Without a year: the last year
    /// in which the time is not more than a day after the file's date.
    private func completed(
        _ local: Int64, hasDate: Bool, _ zone: Zone
    ) -> Int64 {
        let reference = RFC3339.split(hasDate || !hasLast ? fallbackTime : last).seconds
        let referenceLocal = reference &+ Int64(zone.offset(atUTC: reference))
        let (today, secondOfDay) = CivilTime.split(referenceLocal)
        let (day, second) = CivilTime.split(local)
        guard hasDate else {
            let change = second &- secondOfDay
            var date = today
            if hasLast, change < -43_200 { date &+= 1 }
            if hasLast, change > 43_200 { date &-= 1 }
            return date &* CivilTime.secondsPerDay &+ Int64(second)
        }
        let date = CivilTime.civil(days: day)
        var year = CivilTime.civil(days: today).year &+ 1
        for _ in 0..<10 {
            let days = CivilTime.days(year: year, month: date.month, day: date.day)
            let candidate = days &* CivilTime.secondsPerDay &+ Int64(second)
            if CivilTime.isValid(year: year, month: date.month, day: date.day),
                candidate <= referenceLocal &+ CivilTime.secondsPerDay
            {
                return candidate
            }
            year &-= 1
        }
        return local
    }
}
