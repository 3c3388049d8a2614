internal import Glibc
package import LogModel

/// The one process that writes to a store.
///
/// Blocks of a window of batches go into a transaction a partition; `commit` ends them, day by day,
/// then notes in the catalogue how far every generation is read. A crash at any point leaves each
/// partition with a prefix of each generation that it knows of; reading then starts again where the
/// catalogue says, and `insert` drops what a partition has. Nothing is lost, nothing comes twice.
package final class StoreWriter {
    package let directory: String
    private let catalog: Catalog
    private let lock: WriterLock
    private var partitions: [Day: PartitionWriter] = [:]
    private var touched: Set<Day> = []
    private var checkpoints: [GenerationProgress] = []
    private var attributes: Set<String> = []
    private var seenLayouts: Set<Layout> = []
    private var encoder = BlockEncoder()
    /// Damaged days that were found and renamed, so that the others go on.
    package private(set) var setAside: [StoreError] = []

    /// Open partitions cost a few descriptors and their cache each; more than this are closed.
    private static let openPartitions = 16
    /// Events a batch whose context maps are read for their keys.
    private static let contextSample = 64

    /// Opens the store, or makes it, private to its owner; throws `locked` if another has it.
    package init(directory: String) throws(StoreError) {
        self.directory = directory
        try Self.makeDirectories(directory)
        lock = try WriterLock(StoreLayout.lock(directory), directory: directory)
        let isNew = access(StoreLayout.catalog(directory), F_OK) != 0
        catalog = try Catalog(writing: StoreLayout.catalog(directory))
        if lock.wasHeldByACrash || isNew { try removeUnknownOpenEvents() }
    }

    /// After a crash between the days' commits and the catalogue's, a day may have an open event that
    /// the catalogue does not know as such. When its file has grown since, it would come again, longer
    /// and perhaps on another day: so it is removed, and comes again whole.
    private func removeUnknownOpenEvents() throws(StoreError) {
        var known: [String: Generation] = [:]
        for generation in try catalog.generations() { known[generation.name] = generation }
        for day in try StoreLayout.days(directory) {
            let path = StoreLayout.partition(directory, day)
            // A damaged day is dealt with when something is to be written to it.
            guard let partition = try? Partition(day: day, path: path) else { continue }
            for event in try partition.openEvents() {
                let generation = known[event.generation]
                let isKnown =
                    generation?.openDay == day.number && generation?.openOffset == event.offset
                if isKnown { continue }
                touched.insert(day)
                _ = try self.partition(day).remove(
                    event.generation, from: event.offset, encoder: &encoder)
            }
        }
        try commitPartitions()
    }

    private static func makeDirectories(_ directory: String) throws(StoreError) {
        umask(0o077)
        var path = ""
        for part in StoreLayout.partitions(directory).split(separator: "/") {
            path += (path.isEmpty && !directory.hasPrefix("/") ? "" : "/") + part
            if mkdir(path, 0o700) != 0, errno != EEXIST {
                let code = errno
                var information = stat()
                if stat(path, &information) == 0 { continue }
                throw .system(action: "make", path: path, reason: StoreFile.reason(code))
            }
        }
    }

    // MARK: Generations

    package func candidates(head: [UInt8], host: String) throws(StoreError) -> [Generation] {
        try catalog.candidates(head: head, host: host)
    }

    package func checkpoint(
        of generation: Generation, upTo position: Int64
    ) throws(StoreError) -> Checkpoint? {
        try catalog.checkpoint(of: generation.id, upTo: position)
    }

    /// Adds a generation; its name is made unique.
    package func add(_ generation: Generation) throws(StoreError) -> Generation {
        var added = generation
        var number = 1
        while try catalog.exists(name: added.name) {
            number += 1
            added.name = generation.name + "." + String(number)
        }
        added.id = try catalog.insert(added)
        return added
    }

    /// Notes a longer head, or the format, of a known generation.
    package func update(_ generation: Generation) throws(StoreError) {
        try catalog.update(generation)
    }

    /// Takes the generation's open event back: its file has grown, and the event with it perhaps.
    ///
    /// Part of the next commit, like the longer event that will take its place. Returns how many
    /// events were removed.
    package func takeBackOpenEvent(of generation: Generation) throws(StoreError) -> Int {
        guard let number = generation.openDay else { return 0 }
        let day = Day(number: number)
        touched.insert(day)
        return try partition(day).remove(
            generation.name, from: generation.openOffset, encoder: &encoder)
    }

    /// The committed original bytes of a generation that lie in `range`, by offset.
    package func storedBytes(
        of generation: String, in range: Range<Int64>
    ) throws(StoreError) -> [(offset: Int64, bytes: [UInt8])] {
        var pieces: [(offset: Int64, bytes: [UInt8])] = []
        for day in try StoreLayout.days(directory) {
            let partition = try Partition(day: day, path: StoreLayout.partition(directory, day))
            for reference in try partition.blocks(ofGeneration: generation, in: range) {
                let block = try partition.block(reference)
                do {
                    let batch = try block.batch(rows: Array(0..<block.rowCount))
                    for row in batch.rows where range.contains(row.offset) {
                        let bytes = batch.bytes[Int(row.start)..<Int(row.start + row.length)]
                        pieces.append((row.offset, Array(bytes)))
                    }
                } catch {
                    throw .damaged(path: partition.path, reason: "\(error)")
                }
            }
        }
        return pieces
    }

    // MARK: Events

    /// Puts a batch into the open transactions of its days. Not durable before `commit`.
    ///
    /// Returns how many events were new; events that a partition has already are dropped.
    package func insert(
        _ encoded: consuming EncodedBatch, from source: EventSource, progress: GenerationProgress
    ) throws(StoreError) -> Int {
        var added = 0
        var days: Set<Day> = []
        for item in encoded.days {
            // A partition that is committed early knows what it has: after a crash the batch comes
            // again, and it drops that.
            if touched.count >= Self.openPartitions, !touched.contains(item.day) {
                try advance(days, progress, source)
                days = []
                try commitPartitions()
            }
            let partition = try partition(item.day)
            touched.insert(item.day)
            days.insert(item.day)
            var block: EncodedBlock? = item.block
            let position = try partition.position(of: source.generation)
            if position > item.block.summary.firstOffset {
                let rows = item.rows.filter { encoded.batch.rows[$0].offset >= position }
                block = rows.isEmpty ? nil : encoder.encode(encoded.batch, rows: rows)
            }
            if let block {
                try partition.insert(block, from: source)
                added += block.summary.events
            }
            note(item.block.layouts, in: encoded.batch)
        }
        try advance(days, progress, source)
        checkpoints.append(progress)
        return added
    }

    /// Notes in the open transactions how far these days have the source now.
    ///
    /// Only the day that has the open event has everything up to the checkpoint; when the event
    /// comes again, longer, its time may put it into any other day.
    private func advance(
        _ days: Set<Day>, _ progress: GenerationProgress, _ source: EventSource
    ) throws(StoreError) {
        for day in days {
            let reached =
                day == progress.openDay ? progress.checkpoint.position : progress.openOffset
            try partition(day).advance(
                source.generation, to: reached, openOffset: progress.openOffset)
        }
    }

    /// Gives up the open files, so that others may take their places; nothing must be uncommitted.
    func closePartitions() { partitions = [:] }

    private func commitPartitions() throws(StoreError) {
        for day in touched.sorted() { try partitions[day]?.commit() }
        touched = []
        partitions = [:]
    }

    /// Makes everything inserted so far durable.
    package func commit() throws(StoreError) {
        for day in touched.sorted() { try partitions[day]?.commit() }
        touched = []
        if partitions.count > Self.openPartitions { partitions = [:] }
        if !checkpoints.isEmpty || !attributes.isEmpty {
            try catalog.commit(checkpoints, attributes: attributes)
        }
        checkpoints = []
        attributes = []
    }

    /// Drops everything since the last commit.
    package func rollback() {
        for partition in partitions.values { partition.rollback() }
        touched = []
        checkpoints = []
    }

    private func partition(_ day: Day) throws(StoreError) -> PartitionWriter {
        if let open = partitions[day] { return open }
        let path = StoreLayout.partition(directory, day)
        let opened: PartitionWriter
        do {
            opened = try PartitionWriter(day: day, path: path)
        } catch {
            guard case .damaged = error else { throw error }
            setAside.append(error)
            try StoreLayout.setAside(path)
            opened = try PartitionWriter(day: day, path: path)
        }
        partitions[day] = opened
        return opened
    }

    /// Collects the names of attributes; those of context maps are in the events only, and some of
    /// these are looked at.
    private func note(_ layouts: [Layout], in batch: EventBatch) {
        for layout in layouts {
            if seenLayouts.insert(layout).inserted { attributes.formUnion(layout.attributeNames) }
            guard layout.fields.contains(where: { $0.kind == .contextMap }),
                let number = batch.layouts.firstIndex(of: layout)
            else { continue }
            let source = EventSource(host: "", service: "", path: "")
            let rows = batch.rows.indices.lazy.filter { batch.rows[$0].layout == number }
            for row in rows.prefix(Self.contextSample) {
                attributes.formUnion(batch.event(at: row, source: source).attributes.map(\.name))
            }
        }
    }
}

/// A batch packed into a block a day.
package struct EncodedBatch: Sendable {
    let batch: EventBatch
    let days: [DayBlock]

    struct DayBlock {
        let day: Day
        let rows: [Int]
        let block: EncodedBlock
    }

    package var events: Int { batch.rows.count }
}

/// Packs batches; one for each thread that does. Costs 5 to 8 s of CPU a GB of logs.
package struct BatchEncoder: ~Copyable {
    private var encoder = BlockEncoder()

    package init() {}

    package mutating func encode(_ batch: EventBatch) -> EncodedBatch {
        var rowsByDay: [Day: [Int]] = [:]
        var lastDay: Day?
        var lastRows: [Int] = []
        for (index, row) in batch.rows.enumerated() {
            let day = Day(of: row.timestamp)
            if day != lastDay {
                if let lastDay { rowsByDay[lastDay] = lastRows }
                lastRows = rowsByDay.removeValue(forKey: day) ?? []
                lastDay = day
            }
            lastRows.append(index)
        }
        if let lastDay { rowsByDay[lastDay] = lastRows }
        var days: [EncodedBatch.DayBlock] = []
        for day in rowsByDay.keys.sorted() {
            for rows in Self.pieces(rowsByDay[day] ?? [], of: batch) {
                days.append(
                    EncodedBatch.DayBlock(
                        day: day, rows: rows, block: encoder.encode(batch, rows: rows)))
            }
        }
        return EncodedBatch(batch: batch, days: days)
    }

    /// A block numbers its layouts in a byte; rows of more layouts become several blocks.
    static func pieces(_ rows: [Int], of batch: EventBatch) -> [[Int]] {
        guard batch.layouts.count > 256 else { return [rows] }
        var pieces: [[Int]] = [[]]
        var layouts: Set<UInt16> = []
        for row in rows {
            layouts.insert(batch.rows[row].layout)
            if layouts.count > 256 {
                pieces.append([])
                layouts = [batch.rows[row].layout]
            }
            pieces[pieces.count - 1].append(row)
        }
        return pieces
    }
}

/// An advisory lock on a file of the store, held as long as the writer lives and freed by the
/// kernel when its process ends, however it ends.
final class WriterLock {
    private let descriptor: Int32
    /// Whether the writer before this one ended without giving the lock up itself.
    let wasHeldByACrash: Bool

    init(_ path: String, directory: String) throws(StoreError) {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .system(action: "open", path: path, reason: StoreFile.reason())
        }
        // Another run may be about to end.
        var attempts = 50
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0, attempts > 0 {
            usleep(100_000)
            attempts -= 1
        }
        var bytes = [UInt8](repeating: 0, count: 32)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        wasHeldByACrash = count > 0
        guard attempts > 0 else {
            close(descriptor)
            let owner = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
            throw .locked(
                directory: directory, owner: owner.isEmpty ? "" : " (process \(owner))")
        }
        let owner = Array(String(getpid()).utf8)
        ftruncate(descriptor, 0)
        _ = owner.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }

    deinit {
        ftruncate(descriptor, 0)
        close(descriptor)
    }
}
