/// Parsed events of one source, as they travel from the parser to the store and back out of it.
///
/// A structure of arrays: one allocation a batch, none an event. `bytes` holds the originals (and,
/// for layouts whose fields lie outside the original, cleaned copies behind them); rows and captures
/// are ranges into it. A batch is at most 2 GiB; the reader makes them of about half a megabyte.
package struct EventBatch: Sendable {
    package var bytes: [UInt8] = []
    /// The layouts in use; `Row.layout` is an index into it.
    package var layouts: [Layout] = []
    package var rows: [Row] = []
    /// The captures of all rows, one after the other, in the order of each row's layout fields.
    package var captures: [Capture] = []

    package init() {}

    /// One event of the batch.
    package struct Row: Hashable, Sendable {
        /// Where the original begins in `bytes`, and its length with its line terminator.
        package var start: UInt32 = 0
        package var length: UInt32 = 0
        /// How many bytes at the end are line terminators and blank lines (`\n`, `\r\n`, `\n\n`).
        package var terminatorLength: UInt32 = 0
        package var layout: UInt16 = 0
        package var severity: UInt8 = 0
        package var flags: Flags = []
        /// The row's first capture in `captures`.
        package var firstCapture: UInt32 = 0
        /// Seconds east of UTC of the zone in which the time was written.
        package var utcOffset: Int32 = 0
        /// The event's time, nanoseconds since 1970 UTC.
        package var timestamp: Int64 = 0
        /// Where the event begins in its (decompressed) file, in bytes.
        package var offset: Int64 = 0

        package init() {}
    }

    package struct Flags: OptionSet, Hashable, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }
        /// The time is not the line's own: taken from the event before it, the file's name or date.
        package static let timeIsDerived = Flags(rawValue: 1)
        /// The severity was derived from the status, not written in the line.
        package static let severityIsDerived = Flags(rawValue: 2)
        /// No pattern of the format fits.
        package static let isUnparsed = Flags(rawValue: 4)
        /// The original is not valid UTF-8.
        package static let isInvalidUTF8 = Flags(rawValue: 8)
        /// A piece of a line or event longer than the limit.
        package static let isPartial = Flags(rawValue: 16)
    }

    /// A range of `bytes`.
    package struct Capture: Hashable, Sendable {
        package var start: UInt32
        package var end: UInt32
        package init(_ start: Int, _ end: Int) {
            self.start = UInt32(truncatingIfNeeded: start)
            self.end = UInt32(truncatingIfNeeded: end)
        }
        package var count: Int { Int(end) - Int(start) }
    }

    package mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        rows.removeAll(keepingCapacity: true)
        captures.removeAll(keepingCapacity: true)
    }

    /// The index of `layout` in `layouts`, added if it is new.
    package mutating func index(of layout: Layout) -> UInt16 {
        if let found = layouts.firstIndex(of: layout) { return UInt16(found) }
        layouts.append(layout)
        return UInt16(layouts.count - 1)
    }
}

/// Where events come from: what all events of one file share.
package struct EventSource: Hashable, Sendable {
    package var host: String
    package var service: String
    package var environment: String
    /// The file's path, or `-` for standard input.
    package var path: String
    /// The generation: the hash that names one physical sequence of content, in hex.
    package var generation: String
    /// When the source was first read, nanoseconds since 1970 UTC.
    package var observedTimestamp: Int64

    package init(
        host: String, service: String, environment: String = "", path: String,
        generation: String = "", observedTimestamp: Int64 = 0
    ) {
        self.host = host
        self.service = service
        self.environment = environment
        self.path = path
        self.generation = generation
        self.observedTimestamp = observedTimestamp
    }
}
