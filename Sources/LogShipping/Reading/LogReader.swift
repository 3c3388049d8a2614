internal import LogModel
internal import LogParsing
internal import LogStore

/// Reads a file that has the content of a known generation, from where the store's knowledge of it
/// ends, and goes on as the file grows.
///
/// Holds the file open, so that it is read to its end whatever becomes of its name. What is read and
/// not parsed yet is up to a batch, or one event; nothing where the end was reached in quiet.
final class LogReader {
    private(set) var source: ByteSource
    var generation: Generation
    private(set) var isAtEnd = false
    /// Bytes that the store has already, passed over at the start.
    private(set) var skippedBytes: Int64 = 0
    /// The file is not what was read of it any more: it was truncated or written anew.
    private(set) var isRewritten = false
    /// How long the content is known to be: the largest size that the file had while it still had what was
    /// read of it. What it has after a truncation is the size of something else.
    private var seenSize: Int64 = 0

    let options: SourceOptions
    private var events: EventSource
    private let path: String
    private let hole: Int64
    private var window: Window
    private var parser: LogParser
    private var filter: EventFilter
    private var replaced: Generation?

    /// Text of a full batch, which becomes a block: larger ones compress better and are indexed more
    /// cheaply, smaller ones are decoded faster.
    static let batchBytes = 1 << 19

    /// Goes to the generation's position in a file of which `start` was read.
    init(
        _ source: ByteSource, _ start: FileStart, _ generation: Generation,
        _ options: SourceOptions, path: String, skipped: [SkipReason: Int64]
    ) throws(ReadError) {
        self.source = source
        self.generation = generation
        self.options = options
        self.path = path
        hole = start.hole
        window = Window(start.text, position: start.hole)
        events = Self.events(of: generation, path)
        parser = Self.parser(of: generation, options)
        filter = EventFilter(options, skipped: skipped)
        if generation.position > 0 {
            parser.lastTimestamp = generation.lastTime
            try skip(to: generation.position)
            skippedBytes = min(generation.position, window.position)
        } else {
            filter.skip(hole, .hole)
        }
    }

    private static func events(of generation: Generation, _ path: String) -> EventSource {
        EventSource(
            host: generation.host, service: generation.service,
            environment: generation.environment, path: path, generation: generation.name,
            observedTimestamp: generation.observed)
    }

    private static func parser(of generation: Generation, _ options: SourceOptions) -> LogParser {
        let definition = options.format ?? options.formats.format(named: generation.format)
        // The zone in which it was first read: its times must not change later.
        let zone =
            generation.zone == options.zone.name
            ? options.zone : (try? Zone.named(generation.zone)) ?? options.zone
        return LogParser(
            format: definition?.name ?? "", patterns: definition?.patterns ?? [], zone: zone,
            fallbackTime: generation.fallbackTime)
    }

    // MARK: Where it is

    /// Whether the last event is in the store and may still grow.
    var hasOpenEvent: Bool { generation.openOffset < generation.position }

    /// How far the content is read, parsed or not.
    var reached: Int64 { window.position + Int64(window.bytes.count) }

    /// What is read and not parsed.
    var held: [UInt8] { window.bytes }

    /// Whether the file ends before the place that the store knows of this content.
    var isShort: Bool { window.position < generation.position }

    /// Whether what was read so far may be of another format than it seemed: half a line, or nothing
    /// that any format fits.
    var isUndecided: Bool {
        options.format == nil
            && (generation.openOffset <= hole && window.position <= hole
                || generation.openOffset <= hole && hasOpenEvent
                || generation.format.isEmpty && reached < 1 << 16)
    }

    // MARK: Reading

    /// Reads on until `limit` bytes are held or the file ends; returns how many bytes came.
    func fill(upTo limit: Int = batchBytes) throws(ReadError) -> Int {
        let before = window.bytes.count
        isAtEnd = false
        while window.bytes.count < limit {
            let more = try source.next()
            if more.isEmpty {
                isAtEnd = true
                break
            }
            window.bytes += more
        }
        return window.bytes.count - before
    }

    /// Reads the next piece of a file that others write to; returns how many bytes came.
    ///
    /// What lies before the piece is compared with what was read there: where it differs, the file was
    /// truncated and has grown again, the piece is none of this generation, and `isRewritten` is set.
    func fillFromGrowingFile() throws(ReadError) -> Int {
        let before = reached
        let more = try source.next(upTo: Self.batchBytes)
        guard source.isCompressed || isIntact(upTo: before) else {
            isRewritten = true
            isAtEnd = true
            return 0
        }
        isAtEnd = more.isEmpty
        window.bytes += more
        return more.count
    }

    /// Whether the up to 256 bytes before `position`, which was reached, are still those that were read.
    private func isIntact(upTo position: Int64) -> Bool {
        let known = window.lastBytes
        return source.bytes(before: position, count: known.count) == known
    }

    /// Takes notice of the size that the file had a moment ago.
    func note(size: Int64) {
        guard size > seenSize, !source.isCompressed, isIntact(upTo: reached) else { return }
        seenSize = size
    }

    /// Whether all that is known to have been in the file was read.
    var hasReadAll: Bool { seenSize <= reached }

    /// Goes back to the open event, which is read again with what follows it. The store keeps it as it
    /// is until the next batch.
    func rewind() throws(ReadError) {
        try move(to: generation.openOffset)
        replaced = generation
        generation.position = generation.openOffset
        generation.openDay = nil
    }

    /// Forgets what was read since `generation` was as it is now in the store.
    func restart(
        from generation: Generation, skipped: [SkipReason: Int64]
    ) throws(ReadError) {
        change(to: generation)
        replaced = nil
        filter = EventFilter(options, skipped: skipped)
        try move(to: generation.position)
    }

    /// Reads on as another format, or for another service.
    func change(to generation: Generation) {
        let lastTime = generation.position > 0 ? generation.lastTime : nil
        self.generation = generation
        events = Self.events(of: generation, path)
        parser = Self.parser(of: generation, options)
        if let lastTime { parser.lastTimestamp = lastTime }
    }

    /// More of the file's first bytes than the generation is recognised by so far, if there are more.
    func longerHead() -> [UInt8]? {
        let known = generation.head.count
        guard known < GenerationFinder.headLength, reached > Int64(known), !source.isCompressed
        else {
            return nil
        }
        let length = min(reached, Int64(GenerationFinder.headLength))
        let head = source.bytes(before: length, count: Int(length))
        return head.starts(with: generation.head) && head.count > known ? head : nil
    }

    private func move(to position: Int64) throws(ReadError) {
        isAtEnd = false
        if try !source.seek(to: position) {
            source = try source.reopened()
            window = Window([])
            try skip(to: position)
        } else {
            window = Window(
                position: position,
                tail: source.bytes(before: position, count: GenerationFinder.guardLength))
        }
        if position > 0 { parser.lastTimestamp = generation.lastTime }
    }

    private func skip(to position: Int64) throws(ReadError) {
        if position > window.position + Int64(window.bytes.count), source.fileSize >= position,
            try source.seek(to: position)
        {
            window = Window(
                position: position,
                tail: source.bytes(before: position, count: GenerationFinder.guardLength))
            return
        }
        while window.position < position {
            let step = Int(min(Int64(window.bytes.count), position - window.position))
            window.drop(step)
            if window.position < position {
                let more = try source.next()
                if more.isEmpty { return }
                window.bytes = more
            }
        }
    }

    // MARK: Parsing

    /// The complete events of what is held; with `isFinal` all of it. Nil where nothing is complete.
    ///
    /// With `isFinal` the last event is open: more lines may come that belong to it.
    func parse(isFinal: Bool) -> ParsedBatch? {
        guard !window.bytes.isEmpty else { return nil }
        var batch = EventBatch()
        let lastTime = parser.lastTimestamp
        let consumed = window.bytes.withUnsafeBufferPointer {
            parser.parse($0, offset: window.position, isFinal: isFinal, into: &batch)
        }
        guard consumed > 0 else { return nil }
        window.drop(consumed)
        var progress = GenerationProgress(
            generation: generation.id,
            checkpoint: Checkpoint(
                position: window.position, guardHash: GenerationFinder.hash(window.tail)),
            openOffset: window.position, openDay: nil, lastTime: parser.lastTimestamp)
        progress.seenSize = max(seenSize, reached)
        if isFinal, let last = batch.rows.last {
            progress.openOffset = last.offset
            progress.openDay = Day(of: last.timestamp)
            progress.lastTime = batch.rows.dropLast().last?.timestamp ?? lastTime
        }
        filter.apply(to: &batch, consumed: consumed, after: generation, &progress)
        generation.position = window.position
        generation.openOffset = progress.openOffset
        generation.openDay = progress.openDay?.number
        generation.openRemoved = progress.openRemoved
        generation.lastTime = progress.lastTime
        defer { replaced = nil }
        return ParsedBatch(
            batch: batch, source: events, progress: progress, consumed: consumed,
            replaced: replaced)
    }

    /// Goes to the file's last line that has not ended yet, or its end; what lies before is skipped.
    func passOver() throws(ReadError) -> ParsedBatch {
        repeat {
            if let size = source.status()?.size, !source.isCompressed,
                size > reached + Int64(Self.batchBytes)
            {
                try skipForward(to: size - Int64(Self.batchBytes))
            } else {
                skipHeld(window.bytes.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0)
            }
        } while try fill() > 0
        generation.position = window.position
        generation.openOffset = window.position
        var progress = GenerationProgress(
            generation: generation.id,
            checkpoint: Checkpoint(
                position: window.position, guardHash: GenerationFinder.hash(window.tail)),
            openOffset: window.position, openDay: nil, lastTime: generation.lastTime)
        progress.seenSize = reached
        progress.skipped = filter.skipped
        return ParsedBatch(batch: EventBatch(), source: events, progress: progress, consumed: 0)
    }

    private func skipForward(to position: Int64) throws(ReadError) {
        let from = window.position
        guard try source.seek(to: position) else { return skipHeld(window.bytes.count) }
        window = Window(
            position: position,
            tail: source.bytes(before: position, count: GenerationFinder.guardLength))
        filter.skip(position - from, .beforeStart)
    }

    private func skipHeld(_ count: Int) {
        window.drop(count)
        filter.skip(Int64(count), .beforeStart)
    }
}
