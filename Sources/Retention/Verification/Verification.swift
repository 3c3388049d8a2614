internal import LogModel
package import LogStore

/// Reads a store back, every day of it, and says what is not as it should be.
///
/// Days are shared out among as many threads as the machine runs at once. Nothing is changed; taking
/// in, searches and the nightly job go on beside it.
package struct Verification: Sendable {
    package let directory: String
    /// Only days that can have events of these times are read.
    package var times: Range<Int64> = .min..<Int64.max

    package init(directory: String) { self.directory = directory }

    /// Bytes of original text that there are to read, as far as the days say.
    package func rawBytes() -> Int64 {
        let store = Store(sharing: directory)
        var total: Int64 = 0
        // What cannot be listed is the run's to tell.
        for day in (try? store.days(in: times)) ?? [] {
            total += Int64((try? store.partition(day).totals().rawBytes) ?? 0)
        }
        return total
    }

    /// Reads all days; `progress` is told by several threads how many bytes of original text are done.
    package func run(
        progress: @escaping @Sendable (Int64) -> Void
    ) throws(StoreError) -> VerificationReport {
        let start = Clock.monotonic()
        let store = Store(sharing: directory)
        var report = VerificationReport()
        report.catalog = try store.brokenCatalog()
        let days = try store.days(in: times)
        if report.catalog.isEmpty { try addMissing(of: store, to: &report) }
        for (day, path) in try store.partsSetAside(in: times) {
            report.add(DayProblem(.setAside, "a part of it was set aside as \(path)"), to: day)
        }
        let work = reading(days, progress)
        defer { work.stop() }
        while let result = work.next() {
            // What was removed by order while this went on is neither there nor missing.
            if result.isGone, report.catalog.isEmpty, try !store.isMissing(result.day) { continue }
            report.add(result)
        }
        report.nanoseconds = Clock.monotonic() - start
        return report
    }

    /// To be called after the days were listed: one that was removed by order since is not missing.
    private func addMissing(
        of store: Store, to report: inout VerificationReport
    ) throws(StoreError) {
        for day in try store.missingDays(in: times) {
            report.add(DayProblem(.missing, "it is known to have events, and has no file"), to: day)
        }
    }

    private func reading(
        _ days: [Day], _ progress: @escaping @Sendable (Int64) -> Void
    ) -> OrderedWork<DayCheckResult> {
        let done = SharedCount(progress)
        return OrderedWork(
            count: days.count, threads: OrderedWork<DayCheckResult>.availableThreads
        ) { [directory] in
            { number in
                var last: Int64 = 0
                return DayCheck(days[number], in: directory).run { now in
                    // A day that has changed is read once more, from its start.
                    done.add(now > last ? now - last : 0)
                    last = max(last, now)
                }
            }
        }
    }
}

/// What a verification found.
package struct VerificationReport: Sendable {
    /// In their order; days that are known and have no file among them.
    package private(set) var days: [DayCheckResult] = []
    package internal(set) var nanoseconds: Int64 = 0
    /// What came of restoring a day; nil where none was.
    package var sample: SampledRestoreResult?
    /// What is wrong with the catalogue.
    package internal(set) var catalog: [DayProblem] = []

    package var blocks: Int { days.reduce(0) { $0 + $1.blocks } }
    package var events: Int { days.reduce(0) { $0 + $1.events } }
    package var rawBytes: Int64 { days.reduce(0) { $0 + $1.rawBytes } }
    package var manifests: Int { days.count { $0.hasManifest } }

    package var hasProblems: Bool {
        !catalog.isEmpty || days.contains { !$0.problems.isEmpty }
            || sample?.problems.isEmpty == false
    }
    /// Why something could not be looked at.
    package var failures: [String] {
        days.compactMap { $0.failure?.description }
            + (sample?.failure.map { [$0.description] } ?? [])
    }

    mutating func add(_ problem: DayProblem, to day: Day) {
        var result = days.first { $0.day == day } ?? DayCheckResult(day: day)
        result.problems.append(problem)
        put(result)
    }

    mutating func add(_ result: DayCheckResult) {
        var result = result
        result.problems = (days.first { $0.day == result.day }?.problems ?? []) + result.problems
        put(result)
    }

    private mutating func put(_ result: DayCheckResult) {
        days.removeAll { $0.day == result.day }
        days.append(result)
        days.sort { $0.day < $1.day }
    }
}
