internal import Glibc
package import LogModel

/// The process that writes to a store; the only one while it holds the lock, which it does from the
/// beginning and whenever it has not given it up (`release`).
///
/// Blocks of a window of batches go into a transaction a partition; `commit` ends them, day by day,
/// then notes in the catalogue how far every generation is read. A crash at any point leaves each
/// partition with a prefix of each generation that it knows of; reading then starts again where the
/// catalogue says, and `insert` drops what a partition has. Nothing is lost, nothing comes twice.
package final class StoreWriter {
    package let directory: String
    let catalog: Catalog
    private let lock: WriterLock
    private var partitions: [Day: PartitionWriter] = [:]
    private var touched: Set<Day> = []
    private var changes = CatalogChanges()
    /// Whether days of the commit under way have more than the catalogue knows.
    private var daysAreAhead = false
    /// Whether a commit, of this writer or of one before it, did not come to its end.
    private var isUnfinished = false
    /// What `Catalog.version` was when the lock was given up.
    private var catalogVersion: Int64 = 0
    /// Counts how often the lock was held.
    private var hold = 0
    private var seenLayouts: Set<Layout> = []
    /// Days that the catalogue has.
    private var knownDays: Set<Day> = []
    private var encoder = BlockEncoder()
    /// Damaged days that were found and renamed, so that the others go on.
    package private(set) var setAside: [StoreError] = []

    /// Open partitions cost a few descriptors and their cache each; more than this are closed.
    private static let openPartitions = 16
    /// Events a batch whose context maps are read for their keys.
    private static let contextSample = 64

    /// Opens the store, or makes it, private to its owner; throws `locked` if another has it for
    /// more than five seconds.
    package init(directory: String) throws(StoreError) {
        self.directory = directory
        try StoreLayout.makeDirectories(directory)
        lock = try WriterLock(directory: directory)
        isUnfinished = try lock.take(timeout: 5)
        // Without a catalogue nothing that the days have is known.
        if access(StoreLayout.catalog(directory), F_OK) != 0 { isUnfinished = true }
        catalog = try Catalog(writing: StoreLayout.catalog(directory))
        try finish()
    }

    deinit {
        rollback()
        lock.giveUp(isFinished: !isUnfinished)
    }

    // MARK: The lock

    /// Gives the lock up between commits, so that others can write; what is not committed is dropped.
    ///
    /// Days that were not written to in this hold or the one before are closed, and all while days are
    /// written anew (`Maintenance`).
    package func release() {
        guard lock.isHeld else { return }
        if daysAreAhead || !touched.isEmpty || !changes.progress.isEmpty { rollback() }
        try? catalog.commitGenerations()
        partitions = partitions.filter { $0.value.lastHold >= hold - 1 }
        leaveDaysToMaintenance()
        // Without a version `acquire` says that others wrote.
        catalogVersion = (try? catalog.version()) ?? -1
        lock.giveUp(isFinished: !isUnfinished)
    }

    /// Takes the lock back, after those who wait for it already.
    ///
    /// Returns whether another process wrote the catalogue meanwhile: what was read of it is to be
    /// read again. Throws `locked` after `timeout` seconds.
    package func acquire(timeout: Double) throws(StoreError) -> Bool {
        guard !lock.isHeld else { return false }
        if try lock.take(timeout: timeout) { isUnfinished = true }
        hold += 1
        do throws(StoreError) {
            for (day, partition) in partitions where (try? partition.isCurrent()) != true {
                partitions[day] = nil
            }
            let isChanged = try catalog.version() != catalogVersion
            if isChanged { knownDays = [] }
            try finish()
            return isChanged
        } catch {
            lock.giveUp(isFinished: !isUnfinished)
            throw error
        }
    }

    var isHeld: Bool { lock.isHeld }

    /// Lets the next one who takes the lock clean up, as after a crash: the catalogue was put back, and
    /// days are ahead of it.
    func leaveUnfinished() { isUnfinished = true }

    /// Closes all days while someone writes days anew, who has to be alone with one for a moment. To be
    /// asked now and then by who has given the lock up; costs three system calls.
    package func leaveDaysToMaintenance() {
        guard touched.isEmpty, !partitions.isEmpty else { return }
        if MaintenanceLock.isHeld(in: directory) { partitions = [:] }
    }

    /// Cleans up behind a writer that did not come to the end of a commit.
    private func finish() throws(StoreError) {
        guard isUnfinished else { return }
        try removeUnknownOpenEvents()
        // One that was made and committed, but not noted.
        for day in try StoreLayout.days(directory) { note(day) }
        isUnfinished = false
        daysAreAhead = false
    }

    /// After a crash between the days' commits and the catalogue's, a day may have an open event that
    /// the catalogue does not know as such. When its file has grown since, it would come again, longer
    /// and perhaps on another day: so it is removed, and comes again whole.
    private func removeUnknownOpenEvents() throws(StoreError) {
        var known: [String: Generation] = [:]
        for generation in try catalog.generations() { known[generation.name] = generation }
        for day in try StoreLayout.days(directory) {
            do throws(StoreError) {
                try removeOpenEvents(of: day, unknownTo: known)
            } catch {
                // A damaged day is dealt with when something is to be written to it.
                guard case .damaged = error else { throw error }
                partitions[day]?.rollback()
                partitions[day] = nil
                touched.remove(day)
            }
        }
        try commitPartitions()
    }

    private func removeOpenEvents(
        of day: Day, unknownTo known: [String: Generation]
    ) throws(StoreError) {
        let path = StoreLayout.partition(directory, day)
        guard let partition = try? Partition(day: day, path: path) else { return }
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

    // MARK: Generations

    package func candidates(head: [UInt8], host: String) throws(StoreError) -> [Generation] {
        try catalog.candidates(head: head, host: host)
    }

    package func checkpoint(
        of generation: Generation, upTo position: Int64
    ) throws(StoreError) -> Checkpoint? {
        try catalog.checkpoint(of: generation.id, upTo: position)
    }

    package func generation(id: Int64) throws(StoreError) -> Generation? {
        try catalog.generation(id: id)
    }

    /// How many of a generation's bytes before its position are in no event, by decision.
    package func skipped(of generation: Int64) throws(StoreError) -> [SkipReason: Int64] {
        try catalog.skipped(generation)
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
        try finish()
        let day = Day(number: number)
        touched.insert(day)
        return try partition(day).remove(
            generation.name, from: generation.openOffset, encoder: &encoder)
    }

    // MARK: Events

    /// Puts a batch into the open transactions of its days. Not durable before `commit`.
    ///
    /// With `isLive` more will come soon, in small batches: they are indexed when they are many
    /// (`LiveBlocks`). Returns how many events were new; events that a partition has already are dropped.
    package func insert(
        _ encoded: consuming EncodedBatch, from source: EventSource, progress: GenerationProgress,
        isLive: Bool = false
    ) throws(StoreError) -> Int {
        try finish()
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
            touched.insert(item.day)
            days.insert(item.day)
            note(item.day)
            added += try insert(item, of: encoded.batch, from: source, progress, isLive)
            note(item.block.layouts, in: encoded.batch)
        }
        try advance(days, progress, source)
        changes.progress.append(progress)
        return added
    }

    /// Inserts what is new of a block.
    private func insert(
        _ item: EncodedBatch.DayBlock, of batch: EventBatch, from source: EventSource,
        _ progress: GenerationProgress, _ isLive: Bool
    ) throws(StoreError) -> Int {
        let partition = try partition(item.day)
        let position = try partition.position(of: source.generation)
        let isNew = position <= item.block.summary.firstOffset
        let rows = isNew ? item.rows : item.rows.filter { batch.rows[$0].offset >= position }
        // The open event of a live source will be taken back soon: alone in a block it goes easily.
        let closed = isLive ? rows.filter { batch.rows[$0].offset < progress.openOffset } : rows
        for (part, isOpen) in [(closed, false), (Array(rows.dropFirst(closed.count)), true)]
        where !part.isEmpty {
            let isWhole = part.count == item.rows.count
            try partition.insert(
                isWhole ? item.block : encoder.encode(batch, rows: part), from: source,
                isLive: isLive, isOpen: isOpen, encoder: &encoder)
        }
        return rows.count
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

    /// Commits the days and closes them, before the catalogue knows of it.
    private func commitPartitions() throws(StoreError) {
        try commitDays()
        partitions = [:]
    }

    /// The days whose files are open.
    var openDays: [Day] { partitions.keys.sorted() }

    /// The first half of a commit; for tests, which end it there.
    func commitDaysAlone() throws(StoreError) { try commitDays() }

    private func commitDays() throws(StoreError) {
        try catalog.commitGenerations()
        for day in touched.sorted() {
            daysAreAhead = true
            try partitions[day]?.commit()
        }
        touched = []
    }

    /// Makes everything inserted and noted so far durable.
    ///
    /// After an error `rollback` makes the writer usable again.
    package func commit() throws(StoreError) {
        try commitDays()
        if partitions.count > Self.openPartitions { partitions = [:] }
        if !changes.isEmpty { try catalog.commit(changes) }
        knownDays.formUnion(changes.days)
        changes = CatalogChanges()
        daysAreAhead = false
    }

    /// Drops every event since the last commit; what a shipper told is kept for the next.
    ///
    /// What a commit that failed has made durable all the same comes again, and is dropped then; its
    /// open events are removed before anything is inserted, and if that fails, by the next writer.
    package func rollback() {
        for partition in partitions.values { partition.rollback() }
        // New generations have no events, and are known to those who go on reading.
        try? catalog.commitGenerations()
        if daysAreAhead { isUnfinished = true }
        touched = []
        changes.progress = []
        changes.days = []
        if lock.isHeld { setDamagedAside() }
    }

    /// Renames days of which a page that was to be changed did not match its checksum, and does not when
    /// it is read again: whatever is to be written to such a day would fail each time.
    private func setDamagedAside() {
        let paths = partitions.values.filter(\.hasMetDamage).map(\.path)
        // Closed first, so that its log is in the file.
        partitions = partitions.filter { !paths.contains($0.value.path) }
        for path in paths where PartitionWriter.isDamaged(path) {
            do throws(StoreError) {
                try StoreLayout.setAside(path)
                setAside.append(.damaged(path: path, reason: "pages do not match their checksums"))
            } catch {
                // It fails again, and says so.
            }
        }
    }

    private func note(_ day: Day) { if !knownDays.contains(day) { changes.days.insert(day) } }

    private func partition(_ day: Day) throws(StoreError) -> PartitionWriter {
        if let open = partitions[day] {
            open.use(in: hold)
            return open
        }
        let path = StoreLayout.partition(directory, day)
        if access(path, F_OK) != 0, try Store(directory: directory).isMissing(day) {
            setAside.append(.missingDay(day, path: path))
            try StoreLayout.noteLoss(of: path)
        }
        let opened: PartitionWriter
        do {
            opened = try PartitionWriter(day: day, path: path)
        } catch {
            guard case .damaged = error else { throw error }
            setAside.append(error)
            try StoreLayout.setAside(path)
            opened = try PartitionWriter(day: day, path: path)
        }
        opened.use(in: hold)
        partitions[day] = opened
        return opened
    }

    /// Collects the names of attributes; those of context maps are in the events only, and some of
    /// these are looked at.
    private func note(_ layouts: [Layout], in batch: EventBatch) {
        for layout in layouts {
            if seenLayouts.insert(layout).inserted {
                changes.attributes.formUnion(layout.attributeNames)
            }
            guard layout.fields.contains(where: { $0.kind == .contextMap }),
                let number = batch.layouts.firstIndex(of: layout)
            else { continue }
            let source = EventSource(host: "", service: "", path: "")
            let rows = batch.rows.indices.lazy.filter { batch.rows[$0].layout == number }
            for row in rows.prefix(Self.contextSample) {
                changes.attributes.formUnion(
                    batch.event(at: row, source: source).attributes.map(\.name))
            }
        }
    }

    // MARK: What a shipper tells

    /// Notes what is known of followed files, each in place of what was known of its path.
    ///
    /// This and the other notes are part of the next commit, whether or not it has events.
    package func note(_ files: [FollowedFile]) {
        for file in files { changes.shipping.add(file) }
    }

    /// Removes what is known of followed files.
    package func forget(paths: [String]) {
        for path in paths { changes.shipping.forget(path) }
    }

    /// Notes why a path was recognised; the first time that it was stays with it.
    package func note(_ recognition: Recognition) { changes.shipping.add(recognition) }

    /// Notes since when no file has the generation's content; nil when one has it again.
    package func mark(_ generation: Int64, missingSince: Int64?) {
        changes.shipping.missing[generation] = .some(missingSince)
    }

    /// Notes when the generation's file was cut short; nil when nothing was lost by it after all.
    package func mark(_ generation: Int64, cutAt: Int64?) {
        changes.shipping.cuts[generation] = .some(cutAt)
    }

    /// Notes what the shipper does, at once and durably; the lock is not needed for it.
    package func note(_ state: ShipperState) throws(StoreError) { try catalog.write(state) }

    package func followedFiles() throws(StoreError) -> [FollowedFile] {
        try catalog.followedFiles()
    }
}
