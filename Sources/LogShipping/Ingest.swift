internal import Glibc
package import LogModel
package import LogParsing
package import LogStore

/// Why taking logs in had to stop, or a file had to be left out.
package enum IngestError: Error, CustomStringConvertible {
    case read(ReadError)
    case store(StoreError)

    package var description: String {
        switch self {
        case .read(let error): error.description
        case .store(let error): error.description
        }
    }
}

/// What the person who runs `ingest` decides.
package struct IngestOptions: Sendable {
    package var host: String
    /// Nil: from the format, or the file's own name.
    package var service: String?
    package var environment = ""
    /// Nil: found out from the content.
    package var format: FormatDefinition?
    package var formats: FormatLibrary
    /// The zone of times that name none.
    package var zone: Zone
    /// The current time, nanoseconds since 1970 UTC.
    package var now: Int64
    package var threads = 2

    package init(host: String, formats: FormatLibrary, zone: Zone, now: Int64) {
        self.host = host
        self.formats = formats
        self.zone = zone
        self.now = now
    }
}

/// What taking in has done so far.
package struct IngestReport: Sendable {
    package var files = 0
    package var lines = 0
    package var events = 0
    package var unparsed = 0
    /// Decompressed bytes taken in.
    package var bytes: Int64 = 0
    /// Decompressed bytes, and whole files, that the store had already.
    package var alreadyReadBytes: Int64 = 0
    package var alreadyReadFiles = 0
    package var emptyFiles = 0
    /// Files that could not be read, or not to their end.
    package var problems: [String] = []
}

/// Takes files into a store: recognises what is known, parses the rest, packs and commits it.
///
/// The caller's thread reads, parses and writes; `threads` others pack. Every 128 MiB, and at the
/// end, what was taken in is made durable, with the place reached in each file in the same breath;
/// a run that is killed goes on from there.
package final class Ingest {
    package private(set) var report = IngestReport()
    private let writer: StoreWriter
    private let options: IngestOptions
    private let pool: EncoderPool
    private var underWay: [PendingBatch] = []
    private var bytesSinceCommit = 0
    /// Bytes of the next batch that were read before: those of an event taken back.
    private var readAgain = 0
    /// Called with the bytes of files on disk that are done with, now and then.
    private let progress: (Int64) -> Void

    /// Batches of about this many bytes become blocks: larger ones compress better and are indexed
    /// more cheaply, smaller ones are decoded faster.
    private static let batchBytes = 1 << 19
    /// Each commit writes a segment of the index a day: few large ones take less space and time.
    private static let commitBytes = 128 << 20

    private struct PendingBatch {
        let source: EventSource
        let progress: GenerationProgress
        let bytes: Int
        let events: Int
    }

    package init(
        into writer: StoreWriter, options: IngestOptions,
        progress: @escaping (Int64) -> Void = { _ in }
    ) {
        self.writer = writer
        self.options = options
        self.progress = progress
        pool = EncoderPool(threads: options.threads)
    }

    /// Takes the files in, in order. A file that cannot be read is noted, and the others go on; an
    /// error of the store ends the run, with everything before the last commit kept.
    package func run(_ paths: [String]) throws(StoreError) {
        defer { pool.stop() }
        var doneBefore: Int64 = 0
        for path in paths {
            do {
                doneBefore += try take(path, doneBefore: doneBefore)
            } catch {
                switch error {
                case .read(let error): report.problems.append(error.description)
                case .store(let error):
                    abandon()
                    throw error
                }
            }
        }
        defer { report.problems += writer.setAside.map(\.description) }
        do {
            while !pool.isEmpty { try storeOldest() }
            try writer.commit()
        } catch {
            abandon()
            throw error
        }
    }

    private func abandon() {
        while pool.take() != nil {}
        writer.rollback()
    }

    // MARK: One file

    /// Takes one file in; returns its size on disk.
    private func take(_ path: String, doneBefore: Int64) throws(IngestError) -> Int64 {
        let source = try reading { () throws(ReadError) in try ByteSource(path) }
        let start = try reading { () throws(ReadError) in try FileStart(of: source) }
        report.files += 1
        if let warning = source.warning { report.problems.append("\(path): \(warning)") }
        guard !start.head.isEmpty else {
            report.emptyFiles += 1
            return source.fileSize
        }
        if let kind = FileKind.recognise(start.head) {
            report.problems.append("\(path): left out, it is \(kind)")
            return source.fileSize
        }
        try take(source, start, doneBefore)
        return source.fileSize
    }

    private func take(
        _ source: ByteSource, _ start: FileStart, _ doneBefore: Int64
    ) throws(IngestError) {
        let generation = try generation(of: source, start: start)
        var window = Window(start.text, position: start.hole)
        var source = source
        if generation.position > 0 {
            try skip(to: generation.position, of: source, &window)
            report.alreadyReadBytes += min(generation.position, window.position)
            guard try hasMore(source, &window) else {
                report.alreadyReadFiles += 1
                return
            }
            if generation.openOffset < generation.position {
                // The last event may go on: it is read again, and what was stored of it replaced.
                report.events -= try storing { () throws(StoreError) in
                    try writer.takeBackOpenEvent(of: generation)
                }
                source = try reading { () throws(ReadError) in try ByteSource(source.path) }
                window = Window([])
                try skip(to: generation.openOffset, of: source, &window)
                readAgain = Int(generation.position - generation.openOffset)
            }
        }
        let definition = definition(for: generation)
        var parser = LogParser(
            format: definition?.name ?? "", patterns: definition?.patterns ?? [],
            zone: zone(of: generation), fallbackTime: generation.fallbackTime)
        if generation.position > 0 { parser.lastTimestamp = generation.lastTime }
        let events = EventSource(
            host: generation.host, service: generation.service,
            environment: generation.environment, path: source.path, generation: generation.name,
            observedTimestamp: generation.observed)
        try read(source, &window, &parser, events, generation, doneBefore)
    }

    private func hasMore(
        _ source: ByteSource, _ window: inout Window
    ) throws(IngestError) -> Bool {
        if window.bytes.isEmpty {
            window.bytes = try reading { () throws(ReadError) in try source.next() }
        }
        return !window.bytes.isEmpty
    }

    private func read(
        _ source: ByteSource, _ window: inout Window, _ parser: inout LogParser,
        _ events: EventSource, _ generation: Generation, _ doneBefore: Int64
    ) throws(IngestError) {
        var isAtEnd = false
        while true {
            while !isAtEnd, window.bytes.count < Self.batchBytes {
                let more = try reading { () throws(ReadError) in try source.next() }
                isAtEnd = more.isEmpty
                window.bytes += more
            }
            if window.bytes.isEmpty { break }
            var batch = EventBatch()
            let lastTime = parser.lastTimestamp
            let consumed = window.bytes.withUnsafeBufferPointer {
                parser.parse($0, offset: window.position, isFinal: isAtEnd, into: &batch)
            }
            if consumed == 0, !isAtEnd {
                // One event larger than the window: look further.
                let more = try reading { () throws(ReadError) in try source.next() }
                isAtEnd = more.isEmpty
                window.bytes += more
                continue
            }
            window.drop(consumed)
            var progress = GenerationProgress(
                generation: generation.id,
                checkpoint: Checkpoint(
                    position: window.position, guardHash: GenerationFinder.hash(window.tail)),
                openOffset: window.position, openDay: nil, lastTime: parser.lastTimestamp)
            if isAtEnd, let last = batch.rows.last {
                progress.openOffset = last.offset
                progress.openDay = Day(of: last.timestamp)
                progress.lastTime = batch.rows.dropLast().last?.timestamp ?? lastTime
            }
            try submit(batch, consumed, events, progress)
            self.progress(doneBefore + source.fileBytesRead)
            if isAtEnd { break }
        }
        if let warning = source.warning, !report.problems.contains("\(source.path): \(warning)") {
            report.problems.append("\(source.path): \(warning)")
        }
    }

    /// Moves to the place where the store's knowledge of the file ends.
    private func skip(
        to position: Int64, of source: ByteSource, _ window: inout Window
    ) throws(IngestError) {
        if position > Int64(window.bytes.count),
            source.fileSize >= position,
            try reading({ () throws(ReadError) in try source.seek(to: position) })
        {
            window = Window(
                position: position,
                tail: try reading { () throws(ReadError) in
                    try TailReader.plainBytes(source.path, before: position)
                })
            return
        }
        while window.position < position {
            let step = Int(min(Int64(window.bytes.count), position - window.position))
            window.drop(step)
            if window.position < position {
                let more = try reading { () throws(ReadError) in try source.next() }
                if more.isEmpty { return }
                window.bytes = more
            }
        }
    }

    // MARK: Generations

    private func generation(
        of source: ByteSource, start: FileStart
    ) throws(IngestError) -> Generation {
        let head = start.head
        // What this run read of other files may be the same generation: it must be in the store.
        try storing { () throws(StoreError) in
            if try writer.candidates(head: head, host: options.host).isEmpty { return }
            while !pool.isEmpty { try storeOldest() }
            if bytesSinceCommit > 0 { try commit() }
        }
        if source.path != ByteSource.standardInput,
            var known = try GenerationFinder(writer).generation(
                of: source.path, head: head, host: options.host)
        {
            let isLonger = known.head.count < head.count
            if isLonger { known.head = head }
            let isRejudged = rejudge(&known, of: source, start)
            if isLonger || isRejudged {
                let changed = known
                try storing { () throws(StoreError) in try writer.update(changed) }
            }
            return known
        }
        return try add(source, start, head)
    }

    /// Looks for the format again where none has been found yet, and where all that was read is the
    /// open event, which is read again: the half of a line can look like one of another format.
    ///
    /// Returns whether it is another one.
    private func rejudge(
        _ known: inout Generation, of source: ByteSource, _ start: FileStart
    ) -> Bool {
        guard known.format.isEmpty || known.openOffset <= start.hole,
            let found = options.format ?? detect(source.path, start), found.name != known.format
        else { return false }
        let guessed = [
            FileName.stem(known.path), options.formats.format(named: known.format)?.service,
        ]
        known.format = found.name
        if guessed.contains(known.service), let service = found.service { known.service = service }
        return true
    }

    private func add(
        _ source: ByteSource, _ start: FileStart, _ head: [UInt8]
    ) throws(IngestError) -> Generation {
        let definition = options.format ?? detect(source.path, start)
        let modified =
            source.modificationTime > 0
            ? source.modificationTime.multipliedReportingOverflow(by: 1_000_000_000) : (0, true)
        // Standard input is a new source each time: nothing tells whether it was read before.
        let salt =
            source.path == ByteSource.standardInput ? Array(String(options.now).utf8) : []
        let generation = Generation(
            name: GenerationFinder.name(host: options.host, head: head + salt), head: head,
            host: options.host,
            service: options.service ?? definition?.service ?? FileName.stem(source.path),
            environment: options.environment, path: source.path, format: definition?.name ?? "",
            zone: options.zone.name,
            fallbackTime: modified.1 ? options.now : min(modified.0, options.now),
            observed: options.now)
        return try storing { () throws(StoreError) in try writer.add(generation) }
    }

    /// The zone in which the generation was first read: its times must not change later.
    private func zone(of generation: Generation) -> Zone {
        generation.zone == options.zone.name
            ? options.zone : (try? Zone.named(generation.zone)) ?? options.zone
    }

    private func definition(for generation: Generation) -> FormatDefinition? {
        options.format ?? options.formats.format(named: generation.format)
    }

    private func detect(_ path: String, _ start: FileStart) -> FormatDefinition? {
        start.text.drop { $0 == 0 }.prefix(1 << 16).withUnsafeBufferPointer {
            options.formats.detect(head: $0, fileName: FileName.base(path)).format
        }
    }

    // MARK: The way to the store

    private func submit(
        _ batch: EventBatch, _ consumed: Int, _ source: EventSource, _ progress: GenerationProgress
    ) throws(IngestError) {
        let new = readAgain..<max(readAgain, consumed)
        readAgain -= min(readAgain, consumed)
        report.bytes += Int64(new.count)
        report.lines += batch.bytes.withUnsafeBufferPointer {
            NewlineCounter.count(in: UnsafeBufferPointer(rebasing: $0[new]))
        }
        report.unparsed += batch.rows.count { $0.flags.contains(.isUnparsed) }
        if pool.isFull { try storing { () throws(StoreError) in try storeOldest() } }
        underWay.append(
            PendingBatch(
                source: source, progress: progress, bytes: consumed, events: batch.rows.count))
        pool.submit(batch)
    }

    private func storeOldest() throws(StoreError) {
        guard !underWay.isEmpty, let encoded = pool.take() else { return }
        let pending = underWay.removeFirst()
        report.events += try writer.insert(
            encoded, from: pending.source, progress: pending.progress)
        bytesSinceCommit += pending.bytes
        if bytesSinceCommit >= Self.commitBytes { try commit() }
    }

    private func commit() throws(StoreError) {
        try writer.commit()
        bytesSinceCommit = 0
    }

    private func reading<Value>(
        _ body: () throws(ReadError) -> Value
    ) throws(IngestError) -> Value {
        do { return try body() } catch { throw .read(error) }
    }

    private func storing<Value>(
        _ body: () throws(StoreError) -> Value
    ) throws(IngestError) -> Value {
        do { return try body() } catch { throw .store(error) }
    }
}
