internal import Glibc
internal import LogModel
internal import SQLite

/// Putting days back from a copy of the store.
///
/// What came for the day after the copy was made comes again: the generations of which the days lack
/// something then are put back in the catalogue to what the copy's catalogue knew of them. Their files are
/// read again from there, and each day drops what it has, so that only the day itself takes the rest.
/// It is as after a crash between the days' commits and the catalogue's, and is cleaned up as that is.
extension Maintenance {
    /// Copies a day's file from elsewhere to where `restore` takes it from, and returns its sum.
    package func draft(
        of day: Day, from path: String, progress: (Int64) -> Void = { _ in }
    ) throws(StoreError) -> (partition: Partition, sum: [UInt8], bytes: Int64) {
        let draft = draft(of: day)
        let (sum, bytes) = try FileCopy.copy(path, to: draft, progress: progress)
        return (try Partition(day: day, path: draft), sum, bytes)
    }

    package func removeDraft(of day: Day) { StoreFile.remove(draft(of: day)) }

    private func draft(of day: Day) -> String { path(of: day) + StoreLayout.draftEnding }

    /// Puts the draft of a day, which nothing has open, into its place, whatever is there: with a
    /// `manifest` of its own where there is one. Parts that were set aside as damaged are removed.
    ///
    /// Waits for a moment in which nobody has the day open. A crash leaves the old file or the new one,
    /// and in both cases a catalogue that promises no more than the days have.
    ///
    /// - Parameter copy: the store that the draft is of.
    package func restore(
        _ day: Day, as manifest: Manifest, of copy: Store
    ) throws(StoreError) -> [Rewind] {
        let path = path(of: day)
        let rewinds = try alone { () throws(StoreError) in
            try leavePlace(path)
            let rewinds = try lacking(day, copy)
            // First: the old file with such a catalogue is as good as it was, the new one with the
            // old catalogue would lack what came since.
            try writer.catalog.restore(day, rewinds)
            writer.leaveUnfinished()
            try StoreFile.rename(draft(of: day), to: path)
            try manifest.write(to: Manifest.path(directory, day))
            return rewinds
        }
        StoreFile.remove(path + StoreLayout.damagedEnding)
        return rewinds
    }

    /// What lies beside a file that is about to be replaced must not be read together with the new one.
    private func leavePlace(_ path: String) throws(StoreError) {
        writer.closePartitions()
        if access(path, F_OK) == 0 {
            do throws(StoreError) { return try StoreFile.leaveLog(path) } catch {
                if case .database(let cause) = error, cause.isBusy { throw error }
            }
        }
        for ending in ["-wal", "-shm"] { unlink(path + ending) }
    }

    /// What the days lack with the draft as the day.
    private func lacking(_ day: Day, _ copy: Store) throws(StoreError) -> [Rewind] {
        var earlier: [String: Generation] = [:]
        for generation in try copy.generations() { earlier[generation.name] = generation }
        var advanced: [String: Generation] = [:]
        for generation in try writer.catalog.generations()
        where generation.position > earlier[generation.name]?.position ?? 0 {
            advanced[generation.name] = generation
        }
        guard !advanced.isEmpty else { return [] }
        let places = advanced.mapValues { (earlier[$0.name]?.openOffset ?? 0)..<Int64.max }
        var present: [String: Int64] = [:]
        for other in Set(try days() + [day]) {
            let path = other == day ? draft(of: day) : path(of: other)
            // What a damaged day has is read again; it will drop what it has.
            let bytes = try? Partition(day: other, path: path).bytes(in: places)
            present.merge(bytes ?? [:]) { $0 + $1 }
        }
        var found: [Rewind] = []
        for generation in advanced.values.sorted(by: { $0.name < $1.name }) {
            let start = places[generation.name]?.lowerBound ?? 0
            let lack = generation.position - start - (present[generation.name] ?? 0)
            let rewind = try rewind(generation, earlier[generation.name], copy, lack)
            if rewind.missingBytes > 0 { found.append(rewind) }
        }
        return found
    }

    /// `lack`: bytes that are in no event, those included that are so by decision.
    private func rewind(
        _ generation: Generation, _ earlier: Generation?, _ copy: Store, _ lack: Int64
    ) throws(StoreError) -> Rewind {
        let skipped = try writer.catalog.skipped(generation.id)
        let before = try earlier.map { (earlier) throws(StoreError) in
            try copy.skipped(generation: earlier.id)
        }
        let decided = skipped.values.reduce(0, +) - (before ?? [:]).values.reduce(0, +)
        let checkpoint = try earlier.flatMap { (earlier) throws(StoreError) in
            try copy.checkpoint(of: earlier, upTo: earlier.position)
        }
        let hasStart = earlier != nil || skipped[.beforeStart] ?? 0 == 0
        return Rewind(
            generation: generation, start: earlier?.openOffset ?? 0,
            missingBytes: lack - decided,
            isReadAgain: hasStart && generation.missingSince == nil,
            earlier: earlier.map { ($0, checkpoint, before ?? [:]) })
    }
}

/// Restoring the catalogue, before anything else of a store can be.
package enum CatalogRestore {
    /// Puts the catalogue of `copy` into the place of one that is missing, cannot be read, or is another
    /// store's without any day; what is there is renamed to `catalog.db.damaged`. Makes the directory
    /// where there is none. Returns whether it did.
    ///
    /// Days that are there already may be ahead of it. Throws `locked` where someone is writing.
    package static func run(
        _ directory: String, from copy: String
    ) throws(StoreError) -> Bool {
        try StoreLayout.makeDirectories(directory)
        let lock = try WriterLock(directory: directory)
        let wasFinished = try !lock.take(timeout: Maintenance.patience)
        let hasDays = try !StoreLayout.days(directory).isEmpty
        let own = try identity(directory)
        let other = try Store(directory: copy).identity()
        if let own, hasDays || own == other {
            lock.giveUp(isFinished: wasFinished)
            return false
        }
        // The next writer takes back what the catalogue does not know.
        defer { lock.giveUp(isFinished: false) }
        let path = StoreLayout.catalog(directory)
        let draft = path + StoreLayout.draftEnding
        try CatalogSnapshot(of: copy).copy(to: draft)
        if access(path, F_OK) == 0 { try StoreLayout.setAside(path) }
        for ending in ["-wal", "-shm"] { unlink(path + ending) }
        try StoreFile.rename(draft, to: path)
        return true
    }

    /// Nil where the catalogue cannot be read.
    private static func identity(_ directory: String) throws(StoreError) -> String? {
        let path = StoreLayout.catalog(directory)
        guard access(path, F_OK) == 0 else { return nil }
        do throws(StoreError) {
            let catalog = try Catalog(reading: path)
            _ = (try catalog.generations(), try catalog.knownDays())
            return try catalog.identity()
        } catch {
            switch error {
            case .damaged, .notAStore: return nil
            default: throw error
            }
        }
    }
}
