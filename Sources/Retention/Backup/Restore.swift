internal import Glibc
internal import LogModel
internal import LogStore

/// What is to be restored.
package struct RestoreOptions: Sendable {
    /// Days that can have events of these times; nil for the whole store.
    package var times: Range<Int64>?
    /// Whether days that are whole and newer than the backup are put back too.
    package var replacesNewer = false

    package init() {}
}

/// Puts days of a backup into a store, in four steps: choose, restore, verify, record.
///
/// A store that has no readable catalogue gets that of the backup first, so a new machine needs an empty
/// directory and nothing else. A day is copied beside its place, its sum compared, every block decoded;
/// only then it takes its place (`Maintenance.restore`), while taking in and searches go on. An
/// interrupted restore leaves each day as it was or restored, and another one does the rest.
package final class Restore {
    package private(set) var report: RestoreReport
    private let place: BackupPlace
    private let directory: String
    private let options: RestoreOptions
    private let progress: (Int64) -> Void
    private var done: Int64 = 0

    /// - Parameter progress: is told bytes of files that were read.
    package init(
        from place: BackupPlace, into directory: String, options: RestoreOptions,
        progress: @escaping (Int64) -> Void = { _ in }
    ) throws(BackupError) {
        try Paths.checkApart(directory, place.directory)
        guard let information = try BackupInformation(of: place), information.made != nil else {
            throw .noBackup(place: place.directory)
        }
        (self.place, self.directory) = (place, directory)
        (self.options, self.progress) = (options, progress)
        report = RestoreReport(place.directory, information, options, Clock.now())
    }

    package func run() throws(BackupError) {
        let lock = try BackupLock(reading: place)
        defer { withExtendedLifetime(lock) {} }
        let start = Clock.monotonic()
        do throws(StoreError) {
            report.restoredCatalog = try CatalogRestore.run(directory, from: place.directory)
        } catch {
            throw .store(error)
        }
        try checkIdentity()
        let notes = JobNotes(directory: directory, kind: "restore")
        do throws(StoreError) {
            report.restoredDatabases = try OtherFiles.copyMissingDatabases(
                from: place.directory, to: directory)
            if report.restoredCatalog {
                try OtherFiles.copy(from: place.directory, to: directory, isKeeping: true)
            }
            try restoreDays(notes)
        } catch {
            try? notes.end(outcome: "failed", summary: error.description)
            throw .store(error)
        }
        try? notes.end(
            outcome: report.problems.isEmpty ? "done" : "incomplete",
            summary: "\(place.directory): \(report.restored.count) days restored, "
                + "\(report.events) events, "
                + "\(report.problems.count) problems")
        report.seconds = Double(Clock.monotonic() - start) / 1e9
    }

    private func restoreDays(_ notes: JobNotes) throws(StoreError) {
        let maintenance = try Maintenance(directory: directory)
        let plans = try plans()
        try checkRoom(plans)
        let copy = try Store(directory: place.directory)
        let receipts = try PurgeReceipt.all(in: directory)
        for plan in plans {
            let start = Clock.now()
            let count = (report.restored.count, report.problems.count)
            try restore(plan, maintenance, copy)
            if count.0 < report.restored.count {
                notes.add(plan.step("restored", since: start))
            } else if count.1 < report.problems.count {
                var step = plan.step("failed", since: start)
                step.note = report.problems.last?.reason ?? ""
                notes.add(step)
            }
            try purgeAgain(plan.day, receipts, maintenance)
        }
    }

    /// What was purged after the backup, from days that were restored; and what came again since with
    /// files that were read again, from those that are looked at once more.
    private func purgeAgain(
        _ day: Day, _ receipts: [PurgeReceipt], _ maintenance: Maintenance
    ) throws(StoreError) {
        let restored = report.restored.last { $0.plan.day == day }
        for var receipt in receipts {
            // A day that was given up as a whole may have got other events since.
            if restored == nil { receipt.entries.removeAll { $0.isWhole } }
            do throws(StoreError) {
                if try !Purge.apply(receipt, to: [day], with: maintenance).isEmpty {
                    report.purgedAgain.append((day, receipt.fileName))
                }
            } catch {
                if case .full = error { throw error }
                report.fail(day, "\(receipt.fileName) could not be applied again: \(error)")
            }
        }
        let advanced = Set(restored?.rewinds.map(\.generation.name) ?? [])
        let purged = receipts.flatMap(\.entries).filter { $0.day == day }.flatMap(\.sources)
        if purged.contains(where: { advanced.contains($0.generation) }) {
            report.toPurgeAgain.append(day)
        }
    }

    private func checkIdentity() throws(BackupError) {
        let (own, other): (String, String)
        do throws(StoreError) {
            own = try Store(directory: directory).identity()
            other = try Store(directory: place.directory).identity()
        } catch {
            throw .store(error)
        }
        guard own == other else {
            throw .otherBackup(place: place.directory, store: directory)
        }
    }

    // MARK: Choosing

    /// What would be done, day by day; changes nothing. Reads the days of the store that are in question.
    private func plans() throws(StoreError) -> [RestorePlan] {
        let comparison = RestoreComparison(
            store: try Store(directory: directory), place: place, progress: { _ in })
        var plans: [RestorePlan] = []
        for day in try place.days() where isAsked(day) {
            let manifest = place.manifest(of: day)
            let state = try comparison.state(of: day, manifest)
            plans.append(RestorePlan(day: day, state: state, manifest: manifest))
        }
        return plans
    }

    private func isAsked(_ day: Day) -> Bool {
        options.times.map { day.end > $0.lowerBound && day.start < $0.upperBound } ?? true
    }

    private func isChosen(_ plan: RestorePlan) -> Bool {
        switch plan.state {
        case .missing, .damaged, .lacking: true
        case .same: false
        case .newer: options.replacesNewer
        case .removed: options.times != nil
        }
    }

    private func checkRoom(_ plans: [RestorePlan]) throws(StoreError) {
        var more: Int64 = 0
        var largest: Int64 = 0
        for plan in plans where isChosen(plan) {
            let bytes = plan.manifest?.bytes ?? 0
            let current = StoreFile.size(StoreLayout.partition(directory, plan.day))
            more += max(0, bytes - current)
            largest = max(largest, bytes)
        }
        guard try DiskSpace(of: directory).available >= more + largest else {
            throw .full(path: directory)
        }
    }

    // MARK: Restoring

    private func restore(
        _ plan: RestorePlan, _ maintenance: Maintenance, _ copy: Store
    ) throws(StoreError) {
        guard isChosen(plan) else { return report.left.append((plan.day, plan.state)) }
        guard let manifest = plan.manifest else {
            return report.fail(plan.day, "the backup has no manifest of it that can be read")
        }
        do throws(StoreError) {
            guard try isCopied(plan.day, manifest, maintenance) else {
                maintenance.removeDraft(of: plan.day)
                return
            }
            let rewinds = try maintenance.restore(plan.day, as: manifest, of: copy)
            report.restored.append(
                .init(plan: plan, manifest: manifest, rewinds: rewinds))
        } catch {
            maintenance.removeDraft(of: plan.day)
            if case .full = error { throw error }
            report.fail(plan.day, error.description)
        }
    }

    /// Copies the day and verifies the copy.
    private func isCopied(
        _ day: Day, _ manifest: Manifest, _ maintenance: Maintenance
    ) throws(StoreError) -> Bool {
        let before = done
        let (draft, sum, bytes) = try maintenance.draft(of: day, from: place.partition(day)) {
            self.progress(before + $0)
        }
        done = before + bytes
        guard sum == manifest.sum, bytes == manifest.bytes else {
            report.fail(day, "the backup's copy is damaged: its sum is not that of its manifest")
            return false
        }
        guard try DayContent(reading: draft).agrees(with: manifest) else {
            report.fail(day, "the backup's copy does not have what its manifest says")
            return false
        }
        return true
    }
}
