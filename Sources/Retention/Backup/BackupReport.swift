package import LogStore

/// What a backup did.
package struct BackupReport: Sendable {
    /// The moment whose state the backup has now, nanoseconds since 1970 UTC.
    package var moment: Int64 = 0
    /// That of the backup before; nil where this was the first one.
    package var previous: Int64?
    /// The time of the newest event in it; nil where there is none.
    package var newestEvent: Int64?
    package var copied: [Day] = []
    package var unchangedDays = 0
    /// Days that the store removed, and the backup with it.
    package var removed: [Day] = []
    /// Days that the store does not have any more and the backup keeps.
    package var keptDays = 0
    /// Of files that were copied, the catalogue included.
    package var bytes: Int64 = 0
    /// Original text of the days that were copied.
    package var rawBytes: Int64 = 0
    /// Whether writers could be held back for the moment; else the days may be ahead of the catalogue.
    package var isOfOneMoment = true
    /// Days that stay as an earlier backup has them, and why.
    package var problems: [Problem] = []

    package struct Problem: Sendable, CustomStringConvertible {
        package let day: Day?
        package let reason: String

        package var description: String { (day.map { "\($0.name): " } ?? "") + reason }
    }

    package init() {}
}
