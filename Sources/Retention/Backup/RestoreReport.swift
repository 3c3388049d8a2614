package import LogStore

/// What was restored, and what could not be.
package struct RestoreReport: Sendable {
    package let place: String
    package let information: BackupInformation
    package let options: RestoreOptions
    /// When it began, nanoseconds since 1970 UTC.
    package let started: Int64
    package var seconds: Double = 0
    /// The store had no catalogue that could be read.
    package var restoredCatalog = false
    /// Databases besides it that were missing, such as `incidents.db`.
    package var restoredDatabases: [String] = []
    package var restored: [RestoredDay] = []
    /// Days that were left as they are, and why.
    package var left: [(day: Day, state: RestorePlan.State)] = []
    package var problems: [BackupReport.Problem] = []
    /// Days from which something was purged once more, and by which receipt.
    package var purgedAgain: [(day: Day, receipt: String)] = []
    /// Days to which purged lines may come again with the files that are read again.
    package var toPurgeAgain: [Day] = []

    package struct RestoredDay: Sendable {
        package let plan: RestorePlan
        package let manifest: Manifest
        package let rewinds: [Rewind]
    }

    init(
        _ place: String, _ information: BackupInformation, _ options: RestoreOptions,
        _ started: Int64
    ) {
        self.place = place
        self.information = information
        self.options = options
        self.started = started
    }

    mutating func fail(_ day: Day, _ reason: String) {
        problems.append(.init(day: day, reason: reason))
    }

    package var bytes: Int64 { restored.reduce(0) { $0 + $1.manifest.bytes } }
    package var rawBytes: Int64 { restored.reduce(0) { $0 + $1.manifest.rawBytes } }
    package var events: Int64 { restored.reduce(0) { $0 + $1.manifest.events } }

    /// What the restored days lack of what came after the backup.
    package var rewinds: [Rewind] { restored.flatMap(\.rewinds) }
}
