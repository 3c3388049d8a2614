internal import LogModel
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

    static func reading<Value>(
        _ body: () throws(ReadError) -> Value
    ) throws(IngestError) -> Value {
        do { return try body() } catch { throw .read(error) }
    }

    static func storing<Value>(
        _ body: () throws(StoreError) -> Value
    ) throws(IngestError) -> Value {
        do { return try body() } catch { throw .store(error) }
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
    private let options: SourceOptions
    private let intake: Intake
    /// Bytes of the next batch that were read before: those of an event taken back.
    private var readAgain = 0
    /// Called with the bytes of files on disk that are done with, now and then.
    private let progress: (Int64) -> Void

    /// Each commit writes a segment of the index a day: few large ones take less space and time.
    private static let commitBytes = 128 << 20

    package init(
        into writer: StoreWriter, options: SourceOptions, threads: Int = 2,
        progress: @escaping (Int64) -> Void = { _ in }
    ) {
        self.writer = writer
        self.options = options
        self.progress = progress
        intake = Intake(into: writer, threads: threads)
    }

    /// Takes the files in, in order. A file that cannot be read is noted, and the others go on; an
    /// error of the store ends the run, with everything before the last commit kept.
    package func run(_ paths: [String]) throws(StoreError) {
        defer { intake.stop() }
        var doneBefore: Int64 = 0
        for path in paths {
            do {
                doneBefore += try take(path, doneBefore: doneBefore)
            } catch {
                switch error {
                case .read(let error): report.problems.append(error.description)
                case .store(let error):
                    intake.abandon()
                    throw error
                }
            }
        }
        defer { report.problems += writer.setAside.map(\.description) }
        do {
            try intake.commit()
        } catch {
            intake.abandon()
            throw error
        }
        report.events = intake.events
    }

    /// Takes one file in; returns its size on disk.
    private func take(_ path: String, doneBefore: Int64) throws(IngestError) -> Int64 {
        let source = try IngestError.reading { () throws(ReadError) in try ByteSource(path) }
        let start = try IngestError.reading { () throws(ReadError) in try FileStart(of: source) }
        report.files += 1
        note(source.warning, path)
        guard !start.head.isEmpty else {
            report.emptyFiles += 1
            return source.fileSize
        }
        if let kind = FileKind.recognise(start.head) {
            report.problems.append("\(path): left out, it is \(kind)")
            return source.fileSize
        }
        let generation = try generation(of: source, start)
        let skipped = try IngestError.storing { () throws(StoreError) in
            try writer.skipped(of: generation.id)
        }
        let reader = try IngestError.reading { () throws(ReadError) in
            try LogReader(source, start, generation, options, path: path, skipped: skipped)
        }
        try read(reader, doneBefore)
        note(reader.source.warning, path)
        return source.fileSize
    }

    private func read(_ reader: LogReader, _ doneBefore: Int64) throws(IngestError) {
        report.alreadyReadBytes += reader.skippedBytes
        if reader.generation.position > 0 {
            guard try fill(reader, upTo: 1) || !reader.held.isEmpty else {
                report.alreadyReadFiles += 1
                return
            }
            if reader.hasOpenEvent {
                readAgain = Int(reader.generation.position - reader.generation.openOffset)
                try IngestError.reading { () throws(ReadError) in try reader.rewind() }
            }
        }
        var limit = LogReader.batchBytes
        while true {
            _ = try fill(reader, upTo: limit)
            if let batch = reader.parse(isFinal: reader.isAtEnd) {
                limit = LogReader.batchBytes
                try submit(batch)
                progress(doneBefore + reader.source.fileBytesRead)
            } else {
                // One event larger than the window: look further.
                limit = reader.held.count + LogReader.batchBytes / 2
            }
            if reader.isAtEnd { return }
        }
    }

    private func fill(_ reader: LogReader, upTo limit: Int) throws(IngestError) -> Bool {
        try IngestError.reading { () throws(ReadError) in try reader.fill(upTo: limit) > 0 }
    }

    private func note(_ warning: String?, _ path: String) {
        guard let warning, !report.problems.contains("\(path): \(warning)") else { return }
        report.problems.append("\(path): \(warning)")
    }

    private func generation(
        of source: ByteSource, _ start: FileStart
    ) throws(IngestError) -> Generation {
        // What this run read of other files may be the same generation: it must be in the store.
        try IngestError.storing { () throws(StoreError) in
            if try writer.candidates(head: start.head, host: options.host).isEmpty { return }
            try intake.drain()
            if intake.uncommittedBytes > 0 { try intake.commit() }
        }
        let recogniser = Recogniser(writer: writer, options: options)
        if let known = try recogniser.known(source, start),
            // Of what is not stored yet a beginning proves nothing.
            known.position > 0 || start.head.count >= known.head.count
        {
            return try IngestError.storing { () throws(StoreError) in
                try recogniser.learned(of: known, source.path, start)
            }
        }
        return try IngestError.storing { () throws(StoreError) in try recogniser.add(source, start)
        }
    }

    private func submit(_ parsed: ParsedBatch) throws(IngestError) {
        let batch = parsed.batch
        let new = readAgain..<max(readAgain, parsed.consumed)
        readAgain -= min(readAgain, parsed.consumed)
        report.bytes += Int64(new.count)
        report.lines += batch.bytes.withUnsafeBufferPointer {
            NewlineCounter.count(in: UnsafeBufferPointer(rebasing: $0[new]))
        }
        report.unparsed += batch.rows.count { $0.flags.contains(.isUnparsed) }
        try IngestError.storing { () throws(StoreError) in
            try intake.submit(parsed)
            if intake.uncommittedBytes >= Self.commitBytes { try intake.commit() }
        }
    }
}
