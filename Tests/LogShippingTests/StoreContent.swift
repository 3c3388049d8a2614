import LogModel
import LogParsing
import LogShipping
import LogStore
import StoreFixtures

/// What a store holds of one generation.
struct StoredFile {
    var source: EventSource
    /// The original bytes of its events in the order of their offsets.
    var bytes: [UInt8] = []
    var events = 0
    /// Whether each event begins where the one before it ends.
    var isWithoutGap = true
    var isOnce = true
}

/// A store in a directory of its own and the files that are taken into it.
final class IngestBench {
    let directory: TemporaryDirectory
    var store: String { directory("store") }
    /// 2026-11-21 00:00 UTC.
    static let now: Int64 = 1_795_219_200_000_000_000

    /// With `inMemory` nothing waits for a disk, where there is a file system for that.
    init(inMemory: Bool = false) { directory = TemporaryDirectory(inMemory: inMemory) }

    @discardableResult
    func ingest(
        _ names: [String], host: String = "h", _ change: (inout SourceOptions) -> Void = { _ in }
    ) throws -> IngestReport {
        let writer = try StoreWriter(directory: store)
        var options = SourceOptions(
            host: host, formats: .builtIn, zone: .utc, now: Self.now)
        change(&options)
        let ingest = Ingest(into: writer, options: options)
        try ingest.run(names.map { $0.hasPrefix("/") ? $0 : directory($0) })
        return ingest.report
    }

    /// All generations that have events, in the order of their paths.
    func stored() throws -> [StoredFile] {
        let store = try Store(directory: store)
        var rows: [String: [(offset: Int64, bytes: [UInt8])]] = [:]
        var sources: [String: EventSource] = [:]
        for day in try store.days() {
            let partition = try store.partition(day)
            for reference in try partition.blocks(Partition.Criteria()) {
                let source = try partition.source(reference.source)
                sources[source.generation] = source
                let block = try partition.block(reference)
                let batch = try block.batch(rows: Array(0..<block.rowCount))
                for row in batch.rows.indices {
                    rows[source.generation, default: []].append(
                        (batch.rows[row].offset, batch.original(row)))
                }
            }
        }
        return rows.map { generation, rows in
            var file = StoredFile(
                source: sources[generation] ?? EventSource(host: "", service: "", path: ""))
            var end: Int64?
            for row in rows.sorted(by: { $0.offset < $1.offset }) {
                if let end {
                    if row.offset < end { file.isOnce = false }
                    if row.offset > end { file.isWithoutGap = false }
                }
                end = row.offset + Int64(row.bytes.count)
                file.bytes += row.bytes
                file.events += 1
            }
            return file
        }.sorted { ($0.source.path, $0.source.generation) < ($1.source.path, $1.source.generation) }
    }

    /// Lines of an application, one a second or so, with a trace now and then.
    static func log(_ lines: Range<Int>, seed: UInt64 = 1, daysApart: Int = 0) -> String {
        var text = ""
        for number in lines {
            let second = number % 60
            let minute = number / 60 % 60
            let hour = number / 3_600 % 24
            let day = 1 + (daysApart == 0 ? 0 : number % daysApart)
            func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
            let month = 10 + day / 29
            let time = "\(two(hour)):\(two(minute)):\(two(second)).\(100 + number % 900)"
            let level = number % 7 == 0 ? "ERROR" : "INFO "
            text += "2026-\(two(month))-\(two(1 + day % 28)) \(time) [pool-\(seed)-\(number % 5)] "
            text += "\(level) c.e.Job - step \(number) of \(seed) 订单\n"
            if number % 50 == 49 {
                text +=
                    "java.lang.IllegalStateException: no \(number)\n\tat c.e.Job.run(Job.java:\(number))\n"
            }
        }
        return text
    }
}
