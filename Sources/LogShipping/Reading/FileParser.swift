package import LogModel
package import LogParsing

/// Parses one file for showing: no store, no identity, half a megabyte at a time.
package final class FileParser {
    /// What the content looks like; asked for whatever format is used.
    package let detection: Detection
    /// What is wrong with the end of a gzip file, once it is reached.
    package var warning: String? { file.warning }

    private let file: ByteSource
    private let source: EventSource
    private var parser: LogParser
    private var buffer: [UInt8] = []
    private var offset: Int64 = 0
    private var isAtEnd = false

    /// Opens `path` (`-` for standard input) and looks at its first 64 KiB.
    package init(
        _ path: String, format: FormatDefinition?, formats: FormatLibrary, zone: Zone, now: Int64
    ) throws(ReadError) {
        file = try ByteSource(path)
        while buffer.count < 1 << 16 {
            let more = try file.next()
            if more.isEmpty { break }
            buffer += more
        }
        detection = buffer.withUnsafeBufferPointer {
            formats.detect(head: $0, fileName: FileName.base(path))
        }
        let chosen = format ?? detection.format
        let modified = file.modificationTime.multipliedReportingOverflow(by: 1_000_000_000)
        let isKnown = file.modificationTime > 0 && !modified.overflow
        parser = LogParser(
            format: chosen?.name ?? "", patterns: chosen?.patterns ?? [], zone: zone,
            fallbackTime: isKnown ? min(modified.partialValue, now) : now)
        source = EventSource(
            host: "", service: chosen?.service ?? FileName.stem(path), path: path)
    }

    /// The next events, or nil at the end.
    package func next() throws(ReadError) -> [Event]? {
        while true {
            while !isAtEnd, buffer.count < 1 << 19 { try readMore() }
            if buffer.isEmpty { return nil }
            var batch = EventBatch()
            let consumed = buffer.withUnsafeBufferPointer {
                parser.parse($0, offset: offset, isFinal: isAtEnd, into: &batch)
            }
            if consumed == 0 {
                if isAtEnd { return nil }
                try readMore()
                continue
            }
            buffer.removeFirst(consumed)
            offset += Int64(consumed)
            if batch.rows.isEmpty { continue }
            return batch.rows.indices.map { batch.event(at: $0, source: source) }
        }
    }

    private func readMore() throws(ReadError) {
        let more = try file.next()
        isAtEnd = more.isEmpty
        buffer += more
    }
}
