internal import Glibc
internal import LogModel

/// Writes the captures of one event in the order of its layout's fields.
struct CaptureWriter {
    let base: UnsafePointer<UInt8>
    let shift: Int
    /// Grows the bits of what is chosen while the captures are written.
    var variant: Int

    /// The head, the message, what follows it, and the trace.
    mutating func addEvent(
        _ event: EventText, _ program: PatternProgram, _ head: HeadMatch,
        _ spans: UnsafeMutablePointer<TextRange>, to captures: inout [EventBatch.Capture]
    ) {
        add(0, program.headCount, program, spans, to: &captures)
        let isOneLine = event.textEnd <= head.line.end
        if program.hasTail {
            if let end = program.matchTail(
                event.bytes, from: head.messageStart, to: event.textEnd, spans: spans)
            {
                add(program.messageStep, program.steps.count, program, spans, to: &captures)
                append(end, event.textEnd, to: &captures)
                return
            }
            variant |= LayoutVariant.messageTakesAll.rawValue
        }
        var messageEnd = event.textEnd
        if !isOneLine, head.line.next < event.textEnd,
            let trace = StackTrace.start(base, head.line.next, event.textEnd)
        {
            messageEnd = trace
            // The trace has the newlines before it.
            while messageEnd > head.messageStart, isNewline(messageEnd &- 1) { messageEnd &-= 1 }
        }
        append(head.messageStart, messageEnd, to: &captures)
        append(messageEnd, event.textEnd, to: &captures)
    }

    @inline(__always)
    private func isNewline(_ place: Int) -> Bool { base[place] == 0x0A || base[place] == 0x0D }

    /// The captures of the steps `first..<last`.
    @inline(__always)
    mutating func add(
        _ first: Int, _ last: Int, _ program: PatternProgram,
        _ spans: UnsafeMutablePointer<TextRange>, to captures: inout [EventBatch.Capture]
    ) {
        var index = first
        let count = program.steps.count
        program.steps.withUnsafeBufferPointer { steps in
            while index < last {
                let span = spans[index]
                switch steps[index].matcher {
                case .nothing: break
                case .request: addRequest(steps[index], span, to: &captures)
                case .target: addTarget(span.start, span.end, to: &captures)
                case .addresses:
                    if span.end > span.start,
                        memchr(base + span.start, 0x2C, span.end &- span.start) != nil
                    {
                        variant |= Int(steps[index].variantBit)
                    }
                    append(span.start, span.end, to: &captures)
                case .nginxMessage: addNginxMessage(span, to: &captures)
                default: append(span.start, span.end, to: &captures)
                }
                if steps[index].ending == .lineBreak {
                    let lineBreak = spans[count &+ index]
                    append(lineBreak.start, lineBreak.end, to: &captures)
                }
                index &+= 1
            }
        }
    }

    @inline(__always)
    private func append(_ start: Int, _ end: Int, to captures: inout [EventBatch.Capture]) {
        captures.append(EventBatch.Capture(start &+ shift, end &+ shift))
    }

    /// `/path?query`: the question mark belongs to the query.
    @inline(__always)
    private func addTarget(_ start: Int, _ end: Int, to captures: inout [EventBatch.Capture]) {
        var split = end
        if end > start, let hit = memchr(base + start, 0x3F, end &- start) {
            split = UnsafeRawPointer(hit) - UnsafeRawPointer(base)
        }
        append(start, split, to: &captures)
        append(split, end, to: &captures)
    }

    /// `METHOD target HTTP/version` in four captures; anything else in one.
    @inline(__always)
    private mutating func addRequest(
        _ step: PatternProgram.Step, _ span: TextRange, to captures: inout [EventBatch.Capture]
    ) {
        guard step.variantBit != 0, let parts = RequestLine.split(base, span.start, span.end) else {
            append(span.start, span.end, to: &captures)
            return
        }
        variant |= Int(step.variantBit)
        append(parts.method.lowerBound, parts.method.upperBound, to: &captures)
        append(parts.path.lowerBound, parts.path.upperBound, to: &captures)
        append(parts.query.lowerBound, parts.query.upperBound, to: &captures)
        append(parts.version.lowerBound, parts.version.upperBound, to: &captures)
    }

    private func addNginxMessage(_ span: TextRange, to captures: inout [EventBatch.Capture]) {
        var place = span.start
        var split = span.end
        while place < span.end,
            let hit = memchr(base + place, 0x2C, span.end &- place)
        {
            place = UnsafeRawPointer(hit) - UnsafeRawPointer(base)
            if NginxErrorTail.begins(base, place, span.end) {
                split = place
                break
            }
            place &+= 1
        }
        append(span.start, split, to: &captures)
        append(split, span.end, to: &captures)
    }
}

/// The layouts of a parser's events and where they stand in the current batch.
struct LayoutCache {
    private var made: [Layout?]
    private var indexes: [Int32]
    private var unparsed: Int32 = -1

    init(programs: Int) {
        made = Array(repeating: nil, count: programs * LayoutVariant.limit)
        indexes = Array(repeating: -1, count: programs * LayoutVariant.limit)
    }

    /// To be called for each batch, since batches number their layouts on their own.
    mutating func forgetIndexes() {
        for index in indexes.indices { indexes[index] = -1 }
        unparsed = -1
    }

    @inline(__always)
    mutating func index(
        of program: PatternProgram, at place: Int, _ variant: LayoutVariant,
        in batch: inout EventBatch
    ) -> UInt16 {
        let slot = place &* LayoutVariant.limit &+ variant.rawValue
        let known = indexes[slot]
        if known >= 0 { return UInt16(truncatingIfNeeded: known) }
        return added(program, variant, slot, to: &batch)
    }

    private mutating func added(
        _ program: PatternProgram, _ variant: LayoutVariant, _ slot: Int,
        to batch: inout EventBatch
    ) -> UInt16 {
        let layout = made[slot] ?? program.layout(variant)
        made[slot] = layout
        let index = batch.index(of: layout)
        indexes[slot] = Int32(index)
        return index
    }

    mutating func unparsedIndex(in batch: inout EventBatch) -> UInt16 {
        if unparsed < 0 { unparsed = Int32(batch.index(of: .unparsed)) }
        return UInt16(truncatingIfNeeded: unparsed)
    }
}
