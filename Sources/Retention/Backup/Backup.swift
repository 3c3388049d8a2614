internal import Glibc
internal import LogModel
internal import LogStore

/// Copies a store to another directory, day by day what changed since the last time.
///
/// Taking in and searching go on meanwhile. Days that nobody writes to are copied first. Then writers are
/// held back for some milliseconds, in which the catalogue and the days that changed are opened as
/// snapshots; these are copied at leisure. So the backup has the state of one moment. An
/// interrupted backup leaves the last one with some days ahead of its catalogue, which is what a crash of
/// a writer leaves too; the next backup goes on from there.
///
/// A day is compared by its version (`DayVersion`), so an unchanged one costs opening it. A copy is hashed
/// on the way, or every page of it is checked; what does not agree with the store's own manifest never
/// takes the place of an earlier copy, nor does a day with less in it than that has.
package final class Backup {
    package private(set) var report = BackupReport()
    private let directory: String
    private let place: BackupPlace
    private let store: Store
    private let options: BackupOptions
    private let progress: (Int64) -> Void
    private var information: BackupInformation
    /// What days looked like when they were copied, or found unchanged.
    private var seen: [Day: DayState] = [:]
    /// Days that the backup had as they are.
    private var unchanged: Set<Day> = []
    /// Days whose copy could not be made, or must not be.
    private var refused: Set<Day> = []

    /// Checks that `place` is fit for the store's backup; nothing is written yet.
    package init(
        of directory: String, to place: BackupPlace, options: BackupOptions = BackupOptions(),
        progress: @escaping (Int64) -> Void = { _ in }
    ) throws(BackupError) {
        try Paths.checkApart(directory, place.directory)
        (self.directory, self.place, self.options) = (directory, place, options)
        self.progress = progress
        do throws(StoreError) {
            store = try Store(directory: directory)
            information = BackupInformation(
                store: try store.identity(), host: options.host, path: Paths.absolute(directory))
        } catch {
            throw .store(error)
        }
    }

    /// Makes the backup. What cannot be copied is named in the report, and the rest is.
    package func run() throws(BackupError) {
        umask(0o077)
        try Paths.makeDirectories(place.directory)
        let lock = try BackupLock(making: place)
        defer { withExtendedLifetime(lock) {} }
        try claim()
        do throws(StoreError) {
            try place.finishInterrupted()
        } catch {
            throw .store(error)
        }
        try checkRoom()
        let record = JobNotes(directory: directory, kind: "backup")
        do throws(StoreError) {
            try copyQuietDays()
            try copyMoment()
            try OtherFiles.copy(from: directory, to: place.directory)
        } catch {
            try? record.end(outcome: "failed", summary: error.description)
            throw .store(error)
        }
        try? record.end(
            outcome: report.problems.isEmpty ? "done" : "incomplete",
            summary: "\(place.directory): \(report.copied.count) days copied, "
                + "\(report.unchangedDays) unchanged, \(report.bytes) bytes, "
                + "\(report.problems.count) problems")
    }

    /// Refuses what is not a backup of this store; a new place is marked as one.
    private func claim() throws(BackupError) {
        if let known = try BackupInformation(of: place) {
            guard known.store == information.store else {
                throw .otherStore(
                    place: place.directory, made: "\(known.host):\(known.path)")
            }
            information.made = known.made
            information.kept = known.kept
            report.previous = known.made
        } else {
            let names = (try? StoreLayout.names(in: place.directory)) ?? []
            let own = ["backup.lock", "backup.info.new", "partitions", "lost+found"]
            guard names.allSatisfy(own.contains) else {
                throw .occupied(place: place.directory)
            }
        }
        try Paths.makeDirectories(StoreLayout.partitions(place.directory))
        do throws(StoreError) { try information.write(to: place) } catch { throw .store(error) }
    }

    // MARK: Room

    /// A day's copy takes its place when it is whole, so there must be room for one day twice.
    private func checkRoom() throws(BackupError) {
        let (needed, available): (Int64, Int64)
        do throws(StoreError) {
            needed = try neededBytes()
            available = try DiskSpace(of: place.directory).available
        } catch {
            throw .store(error)
        }
        guard needed <= available else {
            throw .noRoom(place: place.directory, needed: needed, available: available)
        }
    }

    private func neededBytes() throws(StoreError) -> Int64 {
        var more: Int64 = 0
        var largest: Int64 = 0
        for day in try store.days() {
            if let partition = try? store.partition(day),
                (try? isUnchanged(day, partition)) ?? false
            {
                continue
            }
            let size = StoreFile.size(StoreLayout.partition(directory, day))
            more += max(0, size - StoreFile.size(place.partition(day)))
            largest = max(largest, size)
        }
        return more + largest + StoreFile.size(StoreLayout.catalog(directory)) + 1 << 20
    }

    /// Whether the backup has the day as it is.
    private func isUnchanged(_ day: Day, _ partition: Partition) throws(StoreError) -> Bool {
        guard let known = place.manifest(of: day),
            known.bytes == StoreFile.size(place.partition(day))
        else { return false }
        return try known.version == partition.version().text
    }

    // MARK: Days

    /// More days than this are not left to the moment in which writers wait.
    private static let mostInMoment = 64
    /// A day that changed less than this ago is written to, and would be copied twice.
    private static let quiet: Int64 = 60_000_000_000

    private func copyQuietDays() throws(StoreError) {
        let days = try store.days()
        let busy = days.filter { (store.state(of: $0)?.age ?? 0) < Self.quiet }
        let left = busy.count > Self.mostInMoment ? [] : Set(busy)
        for day in days where !left.contains(day) {
            try noting(day) { () throws(StoreError) in
                let state = store.state(of: day)
                let partition = try opened(day)
                if try isUnchanged(day, partition) {
                    unchanged.insert(day)
                } else {
                    try copy(day, partition)
                }
                if let state, state.isSettled { seen[day] = state }
            }
        }
    }

    /// A finished day has no log, and who holds a snapshot of it would keep late events out.
    private func opened(_ day: Day) throws(StoreError) -> Partition {
        let partition = try store.partition(day)
        return try partition.hasLog() ? store.partition(day, isSnapshot: true) : partition
    }

    private func copyMoment() throws(StoreError) {
        var changed: [(day: Day, partition: Partition)] = []
        let moment = try StoreMoment(directory: directory, timeout: options.patience)
        report.isOfOneMoment = moment != nil
        report.moment = Clock.now()
        // First: days that are ahead of it are as after a crash, days behind it would lack something.
        let catalog = try CatalogSnapshot(of: directory)
        for day in try store.days() where !refused.contains(day) {
            if let state = store.state(of: day), seen[day] == state { continue }
            try noting(day) { () throws(StoreError) in
                let partition = try opened(day)
                if try isUnchanged(day, partition) {
                    unchanged.insert(day)
                } else {
                    changed.append((day, partition))
                }
            }
        }
        withExtendedLifetime(moment) {}
        try copy(changed, catalog)
    }

    private func copy(
        _ changed: [(day: Day, partition: Partition)], _ catalog: CatalogSnapshot
    ) throws(StoreError) {
        for (day, partition) in changed {
            try noting(day) { () throws(StoreError) in try copy(day, partition) }
        }
        report.unchangedDays = unchanged.subtracting(report.copied).count
        try removeDays()
        let path = StoreLayout.catalog(place.directory)
        try catalog.copy(to: path + ".new")
        try StoreFile.rename(path + ".new", to: path)
        report.bytes += StoreFile.size(path)
        report.newestEvent = try Store(directory: place.directory).generations()
            .filter { $0.position > 0 }.map(\.lastTime).max()
        information.made = report.moment
        information.kept = refused.sorted()
        try information.write(to: place)
    }

    /// What is wrong with a day is noted, and the others go on.
    private func noting(
        _ day: Day, _ body: () throws(StoreError) -> Void
    ) throws(StoreError) {
        do throws(StoreError) { try body() } catch {
            switch error {
            case .full: throw error
            case .system where StoreFile.size(StoreLayout.partition(directory, day)) == 0:
                // It was removed meanwhile.
                return
            default: refuse(day, error.description)
            }
        }
    }

    private func refuse(_ day: Day, _ reason: String) {
        let known = place.manifest(of: day).map {
            "; the backup keeps its copy of \(RFC3339.text($0.made))"
        }
        refused.insert(day)
        report.problems.append(.init(day: day, reason: reason + (known ?? "")))
    }

    /// Copies a day, as it is in its snapshot if it is one.
    private func copy(_ day: Day, _ partition: Partition) throws(StoreError) {
        guard try isFit(day, partition) else { return }
        let draft = place.partition(day) + ".new"
        let done = report.bytes
        try partition.copy(to: draft)
        progress(done + StoreFile.size(draft))
        let copy = try Partition(day: day, path: draft)
        let manifest = try Manifest(of: copy)
        try place.publish(day, manifest)
        unchanged.remove(day)
        report.copied.removeAll { $0 == day }
        report.copied.append(day)
        report.bytes += manifest.bytes
        report.rawBytes += manifest.rawBytes
        progress(report.bytes)
    }

    /// Whether the day may take the place of what the backup has.
    private func isFit(_ day: Day, _ partition: Partition) throws(StoreError) -> Bool {
        let path = place.partition(day)
        guard StoreFile.size(path) > 0, let earlier = try? Partition(day: day, path: path),
            try !partition.hasAll(of: earlier),
            try !store.wasRemoved(day, since: place.manifest(of: day)?.made ?? .min)
        else { return true }
        refuse(day, "the store lacks some of what the backup has of it; \(putBack(day))")
        return false
    }

    private func putBack(_ day: Day) -> String {
        let days = "--from \(day.name) --to \(day.name) --tz UTC"
        return "put it back with 'logq restore \(place.directory) \(days)'"
    }

    // MARK: What is gone

    /// A day that was purged goes here too. One that was removed because of its age stays for some time,
    /// in case the age was a mistake; one that was removed to save room until it is past its age; one that
    /// is missing without a word stays.
    private func removeDays() throws(StoreError) {
        let there = Set(try store.days())
        for day in try place.days() where !there.contains(day) {
            let removals = try store.removals(in: day.start..<day.end).filter { $0.day == day }
            if removals.isEmpty {
                refuse(day, "its file is not in the store any more; \(putBack(day))")
            } else if isOver(day, removals) {
                place.remove(day)
                report.removed.append(day)
            } else {
                report.keptDays += 1
            }
        }
    }

    private func isOver(_ day: Day, _ removals: [Removal]) -> Bool {
        let reasons = Set(removals.map(\.reason))
        if reasons.contains(.purged) { return true }
        let isPast = options.longestAge.map { Clock.age(of: day.end) >= $0 } ?? false
        let age = Clock.age(of: removals.map(\.time).max() ?? .max)
        return (reasons.contains(.expired) || isPast) && age >= options.grace
    }
}

/// What a backup is told.
package struct BackupOptions: Sendable {
    /// The machine's name, to tell whose backup it is.
    package var host = ""
    /// Nanoseconds after its end from which on a day is kept nowhere; nil where that is not known.
    package var longestAge: Int64?
    /// Nanoseconds for which a day stays that was removed from the store because of its age.
    package var grace: Int64 = 7 * 86_400_000_000_000
    /// Seconds to wait for writers.
    package var patience: Double = 10

    package init() {}
}
