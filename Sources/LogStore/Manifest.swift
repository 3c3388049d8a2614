internal import Glibc
package import LogModel

/// What a day's file held when it was finished, as text beside it that `sha256sum -c` checks.
///
/// ```
/// # logq manifest 1
/// # day 2026-10-21
/// # made 2026-11-21T02:30:11.123456789Z
/// # version 812 400 9f86d081884c7d659a2feaa0c55ad015      `DayVersion.text` of the day then
/// # bytes 41943040                                        of the file
/// # blocks 400
/// # events 1204331
/// # raw 204800000                                         bytes of original text
/// # source EVENTS⇥RAW⇥GENERATION⇥HOST⇥SERVICE⇥ENVIRONMENT⇥PATH      one line each, with escapes
/// SHA256  2026-10-21.db
/// ```
///
/// Lines end with `\n`; all are there, once and in this order, and nothing else. Of a source's names,
/// `\` is written `\\`, and characters that control a terminal or a line `\u{HEX}`.
package struct Manifest: Sendable, Equatable {
    package let day: Day
    /// When it was made, nanoseconds since 1970 UTC.
    package let made: Int64
    /// The day's `DayVersion.text`: where it is the same, nothing was added or removed since.
    package let version: String
    /// Of the file.
    package let bytes: Int64
    package let blocks: Int64
    package let events: Int64
    /// Bytes of the events' original text.
    package let rawBytes: Int64
    package let sources: [SourceSummary]
    /// SHA-256 of the file.
    package let sum: [UInt8]

    /// What a day has of one source.
    package struct SourceSummary: Sendable, Equatable {
        package let source: EventSource
        package let events: Int64
        package let rawBytes: Int64
    }

    /// Of a day's file that nothing writes to: reads the summaries of its blocks, and hashes the file,
    /// some 1.5 GB/s. A draft's manifest may be made before it is renamed.
    package init(
        of partition: Partition, made: Int64 = Clock.now(), progress: (Int64) -> Void = { _ in }
    ) throws(StoreError) {
        let (sum, bytes) = try FileDigest.of(partition.path, progress: progress)
        try self.init(of: partition, sum: sum, bytes: bytes, made: made)
    }

    /// Of a copy, whose sum is known already; `partition` may be the copy or a snapshot that it has
    /// all of.
    package init(
        of partition: Partition, sum: [UInt8], bytes: Int64, made: Int64
    ) throws(StoreError) {
        let known = try partition.allSources()
        var counts: [Int64: (events: Int64, raw: Int64)] = [:]
        let references = try partition.blocks(Partition.Criteria())
        for block in references {
            counts[block.source, default: (0, 0)].events += Int64(block.events)
            counts[block.source, default: (0, 0)].raw += Int64(block.rawBytes)
        }
        day = partition.day
        self.made = made
        version = try partition.version().text
        self.bytes = bytes
        blocks = Int64(references.count)
        events = counts.values.reduce(0) { $0 + $1.events }
        rawBytes = counts.values.reduce(0) { $0 + $1.raw }
        sources = try counts.sorted { $0.key < $1.key }.map { (id, count) throws(StoreError) in
            guard var source = known[id] else {
                throw .damaged(path: partition.path, reason: "source \(id) is missing")
            }
            source.observedTimestamp = 0
            return SourceSummary(source: source, events: count.events, rawBytes: count.raw)
        }
        self.sum = sum
    }

    init(
        day: Day, made: Int64, version: String, bytes: Int64, blocks: Int64, events: Int64,
        rawBytes: Int64, sources: [SourceSummary], sum: [UInt8]
    ) {
        (self.day, self.made, self.version, self.bytes) = (day, made, version, bytes)
        (self.blocks, self.events, self.rawBytes) = (blocks, events, rawBytes)
        (self.sources, self.sum) = (sources, sum)
    }

    /// Where a day's manifest lies.
    package static func path(_ directory: String, _ day: Day) -> String {
        StoreLayout.partitions(directory) + "/" + day.name + ".sha256"
    }

    /// Reads a manifest; throws `damaged` for what is not one, whole and to the letter.
    package init(reading path: String) throws(StoreError) {
        let text = try SmallFile.read(path, limit: Self.mostBytes)
        do {
            self = try ManifestReader.read(text)
        } catch {
            throw .damaged(path: path, reason: error.reason)
        }
        guard path.hasSuffix(day.name + ".sha256") || !path.hasSuffix(".sha256") else {
            throw .damaged(path: path, reason: "it is the manifest of \(day.name)")
        }
    }

    /// More than a million sources.
    private static let mostBytes = 1 << 28

    /// Writes it as a new file that then takes the name: a crash leaves the old one or the new one.
    package func write(to path: String) throws(StoreError) {
        try SmallFile.replace(path, by: Array(text.utf8))
    }

    var text: String {
        var lines = [
            "# logq manifest 1", "# day \(day.name)", "# made \(RFC3339.text(made))",
            "# version \(version)", "# bytes \(bytes)", "# blocks \(blocks)", "# events \(events)",
            "# raw \(rawBytes)",
        ]
        for item in sources {
            let names = [
                item.source.generation, item.source.host, item.source.service,
                item.source.environment, item.source.path,
            ].map(Escapes.escape)
            let fields = [String(item.events), String(item.rawBytes)] + names
            lines.append("# source " + fields.joined(separator: "\t"))
        }
        lines.append("\(Digest.hex(sum))  \(day.name).db")
        return lines.map { $0 + "\n" }.joined()
    }
}
