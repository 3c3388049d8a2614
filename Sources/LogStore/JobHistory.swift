internal import Glibc
internal import LogModel

/// Keeps what jobs did in the catalogue, so that it can be told later, by `Store.jobs`.
///
/// Each note is durable when it returns. It takes the writer's lock for a moment, so it works beside a
/// shipper and within `Maintenance`, but not while this process holds that lock itself.
package final class JobHistory {
    private let lock: WriterLock
    private let catalog: Catalog

    /// Seconds: those who hold the lock at that time give it up after each commit.
    private static let patience = 60.0

    /// Throws `missing` where there is no store.
    package init(directory: String) throws(StoreError) {
        let path = StoreLayout.catalog(directory)
        guard access(path, F_OK) == 0 else { throw .missing(directory: directory) }
        lock = try WriterLock(directory: directory)
        catalog = try Catalog(writing: path)
    }

    /// Notes that this process begins a job.
    package func begin(_ kind: String) throws(StoreError) -> JobRecord {
        try writing { () throws(StoreError) in
            try catalog.insertJob(kind, started: Clock.now(), by: .current)
        }
    }

    /// Adds a step to a job, under the next number.
    package func add(_ step: JobStep) throws(StoreError) {
        try writing { () throws(StoreError) in try catalog.insert(step) }
    }

    /// Notes that a job came to its end, whatever that was.
    package func end(
        _ record: JobRecord, outcome: String, summary: String
    ) throws(StoreError) {
        try writing { () throws(StoreError) in
            try catalog.endJob(record.id, at: Clock.now(), outcome: outcome, summary: summary)
        }
    }

    /// Forgets the jobs that began before a time in nanoseconds UTC, with their steps.
    package func forget(before time: Int64) throws(StoreError) {
        try writing { () throws(StoreError) in try catalog.removeJobs(before: time) }
    }

    private func writing<Result>(
        _ body: () throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        // The mark of a writer that did not finish stays for the next one, who cleans up.
        let isUnfinished = try lock.take(timeout: Self.patience)
        defer { lock.giveUp(isFinished: !isUnfinished) }
        return try body()
    }
}

extension Store {
    /// The last jobs, the newest first.
    package func jobs(limit: Int) throws(StoreError) -> [JobRecord] {
        try catalog().jobs(limit: limit)
    }

    /// A job by its id; nil if there is none.
    package func job(_ id: Int64) throws(StoreError) -> JobRecord? { try catalog().job(id) }

    /// What a job did, in order.
    package func steps(of job: Int64) throws(StoreError) -> [JobStep] {
        try catalog().steps(of: job)
    }
}
