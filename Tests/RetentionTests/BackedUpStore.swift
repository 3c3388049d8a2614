import Glibc
import LogModel
import LogStore
import StoreFixtures

@testable import Retention

/// A store of a few lines on some days, and the place of its backup.
final class BackedUpStore {
    let directory = TemporaryDirectory(inMemory: true)
    var path: String { directory("store") }
    var place: BackupPlace { BackupPlace(directory("backup")) }
    private var offsets: [String: Int64] = [:]
    private var generations: [String: Generation] = [:]

    static let day: Int64 = 86_400_000_000_000
    /// 2026-11-20.
    static let first = Day(number: 20_777)
    static let second = Day(number: 20_778)

    /// Stores lines of a file as one batch, at noon of a day.
    func add(_ lines: [String], _ day: Day = first, file: String = "a") throws {
        let writer = try StoreWriter(directory: path)
        let offset = offsets[file] ?? 0
        var builder = BatchBuilder(offset: offset)
        for line in lines { builder.add(line: line, at: day.start + Self.day / 2) }
        let known = try generations[file].flatMap { try writer.generation(id: $0.id) }
        let generation = try known ?? writer.add(Self.generation(file))
        generations[file] = generation
        offsets[file] = builder.offset
        var encoder = BatchEncoder()
        _ = try writer.insert(
            encoder.encode(builder.batch), from: Self.source(file),
            progress: GenerationProgress(
                generation: generation.id,
                checkpoint: Checkpoint(position: builder.offset, guardHash: [1]),
                openOffset: builder.offset, openDay: nil, lastTime: day.start))
        try writer.commit()
    }

    /// Stores all lines of a file again, from its start: what days have already is dropped.
    func addAgain(_ lines: [(String, Day)], file: String = "a") throws {
        offsets[file] = 0
        for (line, day) in lines { try add([line], day, file: file) }
    }

    private static func source(_ file: String) -> EventSource {
        EventSource(
            host: "h", service: "s", environment: "", path: "/logs/\(file).log", generation: file)
    }

    private static func generation(_ file: String) -> Generation {
        Generation(
            name: file, head: Array(file.utf8), host: "h", service: "s", environment: "",
            path: "/logs/\(file).log", format: "", zone: "UTC", fallbackTime: 7, observed: 8)
    }

    func generation(named name: String) throws -> Generation? {
        try Store(directory: path).generations().first { $0.name == name }
    }

    @discardableResult
    func backUp(_ change: (inout BackupOptions) -> Void = { _ in }) throws -> BackupReport {
        var options = BackupOptions()
        options.host = "h"
        change(&options)
        let backup = try Backup(of: path, to: place, options: options)
        try backup.run()
        return backup.report
    }

    func restore(
        into other: String? = nil, _ change: (inout RestoreOptions) -> Void = { _ in }
    ) throws -> RestoreReport {
        var options = RestoreOptions()
        change(&options)
        let restore = try Restore(from: place, into: other ?? path, options: options)
        try restore.run()
        return restore.report
    }

    func file(_ day: Day, in directory: String? = nil) -> String {
        "\(directory ?? path)/partitions/\(day.name).db"
    }

    /// Overwrites every page but the first with other bytes.
    func damage(_ day: Day, in directory: String? = nil) {
        let path = file(day, in: directory)
        let bytes = TemporaryDirectory.read(path)
        let descriptor = open(path, O_WRONLY)
        defer { close(descriptor) }
        for start in stride(from: 8192, to: bytes.count, by: 8192) {
            _ = pwrite(descriptor, [~bytes[start + 100]], 1, off_t(start + 100))
        }
    }

    /// All lines, day by day, in the order of their places.
    func lines(in directory: String? = nil) throws -> [String] {
        let store = try Store(directory: directory ?? path)
        return try store.days().flatMap { day -> [String] in
            let partition = try store.partition(day)
            return try partition.blocks(Partition.Criteria())
                .sorted { ($0.source, $0.firstOffset) < ($1.source, $1.firstOffset) }
                .flatMap { reference -> [String] in
                    let batch = try partition.batch(of: reference)
                    return batch.rows.indices.map {
                        String(decoding: batch.original($0).dropLast(), as: UTF8.self)
                    }
                }
        }
    }
}
