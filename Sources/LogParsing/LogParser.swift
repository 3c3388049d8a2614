package import LogModel

/// Cuts the bytes of one source into events and finds their fields.
///
/// A value with one owner, one for each source generation. Which bytes form an event depends on the
/// bytes alone, never on how they were cut into chunks:
///
/// - An event starts at a line whose head fits a pattern. The lines behind it continue it, if its
///   pattern has a message that can go on (Logback, Log4j, JULI).
/// - A line that begins with a date in another layout starts an unparsed event that is continued
///   in the same way. Other lines that nothing claims are unparsed events of their own, but a Java
///   stack trace stays together.
/// - Blank lines belong to the terminator of the event before them, unless more of it follows.
/// - No event is longer than 1 MiB; what is longer comes in pieces, marked partial.
///
/// Takes one copy of the bytes, allocates nothing for a line, and looks at each byte a bounded
/// number of times. What comes back unconsumed must be given again with at least as much behind it;
/// up to 2 MiB + 4 bytes may have to be held for that.
package struct LogParser {
    let programs: [PatternProgram]
    /// Those of the programs, side by side, so that most programs cost one look at a bit.
    let firstBytes: [FirstBytes]
    let zone: Zone
    let fallbackTime: Int64
    let lineTime = LineTime()
    let hasContinuable: Bool
    let hasBreaks: Bool
    let spanCount: Int
    var last: Int64
    var hasLast = false
    /// Whether the next byte is the middle of a line whose start was cut off.
    var isMidLine = false
    var layouts: LayoutCache

    /// Makes the parser of a source; without patterns each line is an event.
    ///
    /// `fallbackTime` (the file's date, nanoseconds UTC) is used when no time can be had; `zone`
    /// for times that do not say theirs.
    package init(format: String, patterns: [Pattern], zone: Zone, fallbackTime: Int64) {
        programs = patterns.flatMap(\.programs)
        firstBytes = programs.map(\.firstBytes)
        self.zone = zone
        self.fallbackTime = fallbackTime
        hasContinuable = programs.contains(where: \.isContinuable)
        hasBreaks = programs.contains(where: \.hasBreaks)
        spanCount = programs.map(\.spanCount).max() ?? 0
        last = fallbackTime
        layouts = LayoutCache(programs: programs.count)
    }

    /// The time of the event before: to be kept with the position in the source and set again when
    /// reading resumes there.
    package var lastTimestamp: Int64 {
        get { last }
        set {
            last = newValue
            hasLast = true
        }
    }

    /// Appends the complete events of `chunk` to `batch`; returns how many bytes they took.
    ///
    /// `offset` is where the chunk begins in its source. The rest of the chunk comes again, with
    /// more behind it; with `isFinal` there is no rest. Blank lines before the first event are
    /// taken without one.
    package mutating func parse(
        _ chunk: UnsafeBufferPointer<UInt8>, offset: Int64, isFinal: Bool,
        into batch: inout EventBatch
    ) -> Int {
        guard let base = chunk.baseAddress, chunk.count > 0 else { return 0 }
        layouts.forgetIndexes()
        // A batch holds less than 4 GiB, as its ranges have 32 bits.
        let room = max(0, Int(Int32.max) - batch.bytes.count)
        guard chunk.count <= room else { return 0 }
        let firstRow = batch.rows.count
        let origin = batch.bytes.count
        let consumed = withUnsafeTemporaryAllocation(
            of: TextRange.self, capacity: max(2, spanCount * 2 + 2)
        ) { spans in
            // The initialised memory stays in use until the end of this call only.
            spans.initialize(repeating: TextRange())
            var work = ParseWork(
                base: base, count: chunk.count, offset: offset, isFinal: isFinal, origin: origin,
                spans: spans, spanCount: spanCount)
            let consumed = group(&work, into: &batch)
            batch.bytes.append(contentsOf: UnsafeBufferPointer(start: base, count: consumed))
            work.appendCleaned(to: &batch)
            return consumed
        }
        markInvalid(in: chunk, upTo: consumed, from: firstRow, origin: origin, &batch)
        return consumed
    }

    private func markInvalid(
        in chunk: UnsafeBufferPointer<UInt8>, upTo end: Int, from firstRow: Int, origin: Int,
        _ batch: inout EventBatch
    ) {
        guard !UTF8Bytes.isValid(UnsafeBufferPointer(rebasing: chunk[..<end])) else { return }
        for row in firstRow..<batch.rows.count {
            let start = Int(batch.rows[row].start) - origin
            let count = Int(batch.rows[row].length)
            guard start >= 0, start + count <= chunk.count else { continue }
            let bytes = UnsafeBufferPointer(rebasing: chunk[start..<start + count])
            if !UTF8Bytes.isValid(bytes) { batch.rows[row].flags.insert(.isInvalidUTF8) }
        }
    }
}
