internal import Glibc
internal import SQLite

/// What merging the blocks of the days did.
package struct CompactionReport: Sendable {
    /// Days that were written anew, and days that were as they should be.
    package var days = 0
    package var unchangedDays = 0
    /// Days that a running shipper has written to within the last minute, and so has open.
    package var daysInUse = 0
    package var events = 0
    /// Of the days that were written anew: blocks, and bytes of their files.
    package var blocksBefore = 0
    package var blocksAfter = 0
    package var bytesBefore: Int64 = 0
    package var bytesAfter: Int64 = 0
    /// The original text of these days.
    package var rawBytes = 0
    /// Days that stay as they were, and why.
    package var problems: [StoreError] = []

    package init() {}
}

extension StoreWriter {
    /// Merges the blocks of each day that was written to since its last compaction into large ones, in
    /// a new file that takes the place of the old one. A second run finds nothing to do.
    ///
    /// Others write meanwhile: the lock is given up, and taken only to put a finished file into its
    /// place. A day that was written to in between is done again, the third time with the lock. Costs
    /// about 12 s of CPU a GB of logs, on as many threads as the machine runs at once, and about 40 MB of
    /// memory for each. A crash leaves the old file or the new one. A day that is damaged, or that a
    /// search has open for more than five seconds, stays as it is and is named in the report.
    ///
    /// - Parameter progress: is told the bytes of original text that are done.
    package func compact(progress: (Int64) -> Void = { _ in }) throws(StoreError)
        -> CompactionReport
    {
        try commit()
        closePartitions()
        // Kept until the end: two would write the same drafts.
        let lock = try CompactionLock(directory: directory)
        try StoreLayout.removeDrafts(directory)
        release()
        var report = CompactionReport()
        defer { withExtendedLifetime(lock) {} }
        do throws(StoreError) {
            try compactDays(&report, progress)
        } catch {
            _ = try acquire(timeout: Self.patience)
            throw error
        }
        _ = try acquire(timeout: Self.patience)
        return report
    }

    /// Seconds: those who hold the lock at that time give it up after each commit.
    private static var patience: Double { 60 }

    private func compactDays(
        _ report: inout CompactionReport, _ progress: (Int64) -> Void
    ) throws(StoreError) {
        var done: Int64 = 0
        for day in try StoreLayout.days(directory) {
            do throws(StoreError) {
                done += try compact(day, &report) { progress(done + $0) }
            } catch {
                if case .full = error { throw error }
                report.problems.append(error)
            }
        }
    }

    /// Returns the bytes of original text that were written anew.
    private func compact(
        _ day: Day, _ report: inout CompactionReport, _ progress: (Int64) -> Void
    ) throws(StoreError) -> Int64 {
        let path = StoreLayout.partition(directory, day)
        for attempt in 1...3 {
            let isLocked = attempt == 3
            if isLocked { _ = try acquire(timeout: Self.patience) }
            defer { if isLocked { release() } }
            do throws(StoreError) {
                let compaction = try DayCompaction(day: day, path: path)
                guard compaction.isNeeded else {
                    report.unchangedDays += 1
                    return 0
                }
                if isInUse(path) {
                    report.daysInUse += 1
                    return 0
                }
                if try run(compaction, into: &report, progress) {
                    return Int64(compaction.rawBytes)
                }
            } catch {
                // Blocks may have been moved while they were read.
                if case .full = error { throw error }
                if isLocked || !isWorthAnotherTry(error) { throw error }
            }
        }
        return 0
    }

    private func isWorthAnotherTry(_ error: StoreError) -> Bool {
        if case .damaged = error { return true }
        return false
    }

    /// A shipper's connection to a day that it writes to cannot be waited for.
    private func isInUse(_ path: String) -> Bool {
        guard ShipperLock.isHeld(in: directory), let state = DayState(path: path) else {
            return false
        }
        return state.age < 60_000_000_000
    }

    /// Writes a day's draft and puts it into its place; returns whether the day was the same then.
    private func run(
        _ compaction: DayCompaction, into report: inout CompactionReport,
        _ progress: (Int64) -> Void
    ) throws(StoreError) -> Bool {
        let before = StoreFile.size(compaction.path)
        do throws(StoreError) {
            let blocks = try compaction.writeDraft(progress)
            guard try replace(compaction) else {
                StoreFile.remove(compaction.draft)
                return false
            }
            report.blocksAfter += blocks
        } catch {
            StoreFile.remove(compaction.draft)
            throw error
        }
        compaction.add(to: &report, bytesBefore: before)
        return true
    }

    /// Waits five seconds for a moment in which nobody has the day open; the lock is free meanwhile, if
    /// it was. Returns whether the day is still what the draft was made of.
    private func replace(_ compaction: DayCompaction) throws(StoreError) -> Bool {
        var attempts = 50
        while true {
            let wasHeld = isHeld
            _ = try acquire(timeout: Self.patience)
            defer { if !wasHeld { release() } }
            guard try compaction.isCurrent() else { return false }
            do throws(StoreError) {
                try StoreFile.replace(compaction.path, by: compaction.draft)
                return true
            } catch {
                guard case .database(let cause) = error, cause.isBusy, attempts > 0 else {
                    throw error
                }
            }
            attempts -= 1
            if !wasHeld { release() }
            usleep(100_000)
        }
    }
}
