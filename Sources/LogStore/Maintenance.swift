internal import Glibc
internal import LogModel
internal import SQLite

/// The one process that writes days anew and removes them: compaction, retention, purge, restore.
///
/// `compaction.lock` is held as long as it lives, the writer's lock only to put a finished file into
/// its place, so taking in goes on beside it, and so do searches. A crash leaves the old file of a day or
/// the new one; removals that a crash cut short are finished when the next one begins.
package final class Maintenance {
    package let directory: String
    let writer: StoreWriter
    private let lock: MaintenanceLock

    /// Throws `maintaining` if another one is at work, `missing` where there is no store.
    package convenience init(directory: String) throws(StoreError) {
        guard access(StoreLayout.catalog(directory), F_OK) == 0 else {
            throw .missing(directory: directory)
        }
        try self.init(StoreWriter(directory: directory))
    }

    /// Works for a writer, which is without its lock as long as this lives.
    init(_ writer: StoreWriter) throws(StoreError) {
        self.writer = writer
        directory = writer.directory
        try writer.commit()
        writer.closePartitions()
        // Two would write the same drafts.
        lock = try MaintenanceLock(directory: directory)
        try StoreLayout.removeDrafts(directory)
        try finishRemovals()
        writer.release()
    }

    /// Seconds: those who hold the lock at that time give it up after each commit.
    static var patience: Double { 60 }

    package func days() throws(StoreError) -> [Day] { try StoreLayout.days(directory) }

    /// The path of a day's file.
    package func path(of day: Day) -> String { StoreLayout.partition(directory, day) }

    // MARK: Writing anew

    /// Writes the day anew, so that every event is where `target` says, in blocks as large as may be;
    /// removes it where no event is left. Nil where there is nothing to do, so that a second run finds
    /// nothing. Either way the day has its `Manifest` afterwards.
    ///
    /// Costs about 12 s of CPU a GB of logs, on as many threads as the machine runs at once, and about
    /// 40 MB of memory for each. A day that is written to meanwhile is done again, the third time with
    /// the lock. A day that is damaged, or that a search has open for more than five seconds, stays as
    /// it is, and the error names it.
    ///
    /// - Parameter progress: is told the bytes of original text that are done.
    package func rewrite(
        _ day: Day, to target: DayTarget, progress: (Int64) -> Void = { _ in }
    ) throws(StoreError) -> DayChange? {
        for attempt in 1...3 {
            let isLocked = attempt == 3
            if isLocked { _ = try writer.acquire(timeout: Self.patience) }
            defer { if isLocked { writer.release() } }
            do throws(StoreError) {
                let rewrite = try DayRewrite(day: day, path: path(of: day), target: target)
                guard rewrite.isNeeded else {
                    try settle(day)
                    return nil
                }
                let change = try rewrite.removesAll ? removeAll(rewrite) : run(rewrite, progress)
                if let change { return change }
            } catch {
                // Blocks may have been moved while they were read.
                guard case .damaged = error, !isLocked else { throw error }
            }
        }
        return nil
    }

    /// Removes a day of which nothing would be left; nil if it was another one by then.
    private func removeAll(_ rewrite: DayRewrite) throws(StoreError) -> DayChange? {
        try alone { () throws(StoreError) in
            try rewrite.isCurrent() ? remove(rewrite.day, because: .expired) : nil
        }
    }

    /// Writes a day's draft and puts it into its place; nil if the day was another one by then.
    private func run(
        _ rewrite: DayRewrite, _ progress: (Int64) -> Void
    ) throws(StoreError) -> DayChange? {
        do throws(StoreError) {
            let change = try rewrite.writeDraft(progress)
            let manifest = try Manifest(of: Partition(day: rewrite.day, path: rewrite.draft))
            if try replace(rewrite, manifest, change) { return change }
        } catch {
            StoreFile.remove(rewrite.draft)
            throw error
        }
        StoreFile.remove(rewrite.draft)
        return nil
    }

    /// Returns whether the day is still what the draft was made of, and the draft in its place.
    private func replace(
        _ rewrite: DayRewrite, _ manifest: Manifest, _ change: DayChange
    ) throws(StoreError) -> Bool {
        try alone { () throws(StoreError) in
            guard try rewrite.isCurrent() else { return false }
            if change.eventsRemoved > 0 { try noteRemovedOpenEvents(rewrite) }
            try StoreFile.replace(rewrite.path, by: rewrite.draft)
            try manifest.write(to: Manifest.path(directory, rewrite.day))
            return true
        }
    }

    /// First: after a crash in between the next writer removes open events that the catalogue does not
    /// know, while others would come back with their files' next lines.
    private func noteRemovedOpenEvents(_ rewrite: DayRewrite) throws(StoreError) {
        let before = try Partition(day: rewrite.day, path: rewrite.path).ends()
        let after = try Partition(day: rewrite.day, path: rewrite.draft).ends()
        try writer.catalog.leaveOutOpenEvents(of: rewrite.day, before: before, after: after)
    }

    /// Writes the manifest of a day that has none, or that of an earlier version: after a crash, or
    /// where a writer found that it had the events already.
    private func settle(_ day: Day) throws(StoreError) {
        let path = path(of: day)
        let target = Manifest.path(directory, day)
        let version = try Partition(day: day, path: path).version().text
        let known = try? Manifest(reading: target)
        if known?.version == version, !StoreFile.isInLogMode(path) { return }
        try alone { () throws(StoreError) in
            try StoreFile.leaveLog(path)
            try Manifest(of: Partition(day: day, path: path)).write(to: target)
        }
    }

    /// Waits for a moment in which nobody has the day open, five seconds or, where a shipper may have to
    /// notice first, fifteen; the lock is free meanwhile, if it was.
    func alone<Result>(
        _ body: () throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        var attempts = ShipperLock.isHeld(in: directory) ? 150 : 50
        while true {
            let wasHeld = writer.isHeld
            _ = try writer.acquire(timeout: Self.patience)
            defer { if !wasHeld { writer.release() } }
            do throws(StoreError) { return try body() } catch {
                guard case .database(let cause) = error, cause.isBusy, attempts > 0 else {
                    throw error
                }
            }
            attempts -= 1
            if !wasHeld { writer.release() }
            usleep(100_000)
        }
    }
}

/// What merging the blocks of the days did.
package struct CompactionReport: Sendable {
    /// Days that were written anew, and days that were as they should be.
    package var days = 0
    package var unchangedDays = 0
    package var events = 0
    /// Of the days that were written anew: blocks, and bytes of their files.
    package var blocksBefore = 0
    package var blocksAfter = 0
    package var bytesBefore: Int64 = 0
    package var bytesAfter: Int64 = 0
    /// The original text of these days.
    package var rawBytes: Int64 = 0
    /// Days that stay as they were, and why.
    package var problems: [StoreError] = []

    package init() {}

    mutating func add(_ change: DayChange) {
        days += 1
        events += change.eventsIndexed + change.eventsArchived
        blocksBefore += change.blocksBefore
        blocksAfter += change.blocksAfter
        bytesBefore += change.bytesBefore
        bytesAfter += change.bytesAfter
        rawBytes += change.rawBytes
    }
}

extension StoreWriter {
    /// Merges the blocks of each day that was written to since its last compaction into large ones; the
    /// archived ones among them stay archived. A second run finds nothing to do.
    ///
    /// Others write meanwhile: the lock is given up, and taken back at the end.
    ///
    /// - Parameter progress: is told the bytes of original text that are done.
    package func compact(progress: (Int64) -> Void = { _ in }) throws(StoreError)
        -> CompactionReport
    {
        var report = CompactionReport()
        let maintenance = try Maintenance(self)
        do throws(StoreError) {
            try maintenance.compact(&report, progress)
        } catch {
            _ = try acquire(timeout: Maintenance.patience)
            throw error
        }
        _ = try acquire(timeout: Maintenance.patience)
        return report
    }
}

extension Maintenance {
    fileprivate func compact(
        _ report: inout CompactionReport, _ progress: (Int64) -> Void
    ) throws(StoreError) {
        for day in try days() {
            let done = report.rawBytes
            do throws(StoreError) {
                let change = try rewrite(day, to: .asItIs) { progress(done + $0) }
                if let change { report.add(change) } else { report.unchangedDays += 1 }
            } catch {
                if case .full = error { throw error }
                report.problems.append(error)
            }
        }
    }
}
