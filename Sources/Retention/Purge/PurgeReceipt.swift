internal import Glibc
internal import LogModel
package import LogStore
internal import Presentation

/// What a purge removed, who did it, when and why: `DIR/receipts/purge-YYYYMMDDTHHMMSSZ-N.json`.
///
/// It has no text of the events, only where they stood and a digest of their lines; the query may
/// have some, and is left out if that is wished. A day's entry is written before the day is, so that
/// a purge that was killed is finished by what its receipt says. `previous` is the SHA-256 of the file
/// of the receipt before it, which has to be as it was for that: `PurgeReceipt.brokenLinks`.
package struct PurgeReceipt: Sendable, Equatable {
    package enum State: String, Sendable {
        /// Not all of it was done yet.
        case begun
        case done
        /// It was cut short, and its query is not known any more: days without an entry are as they were.
        case interrupted
    }

    package static let format: Int64 = 1

    /// Counts from 1 in the order of the purges.
    package let number: Int64
    package var state: State = .begun
    /// Nanoseconds since 1970 UTC; `ended` is 0 until then.
    package let began: Int64
    package var ended: Int64 = 0
    package let person: Person
    package let reason: String
    package let request: Request
    package let version: String
    package var entries: [Entry] = []
    /// Days of the window that could not be read, as errors tell it.
    package var unread: [String] = []
    /// SHA-256 of the receipt before this one; empty for the first.
    package let previous: String

    /// Who runs a purge.
    package struct Person: Sendable, Equatable {
        package var user: String
        package var uid: Int64
        /// Who became `user` with sudo; empty where nobody did.
        package var sudoUser: String
        package var host: String

        package init(user: String, uid: Int64, sudoUser: String, host: String) {
            (self.user, self.uid, self.sudoUser, self.host) = (user, uid, sudoUser, host)
        }
    }

    /// What was asked for.
    package enum Request: Sendable, Equatable {
        /// A whole day.
        case day(Day)
        /// The query as it was written and as it was read, both empty where it is not to be known; the
        /// digest of what was written; the window; the zone of its times.
        case query(
            text: String, meaning: String, digest: String, times: Range<Int64>, zone: String)
    }

    /// What was removed from a day.
    package struct Entry: Sendable, Equatable {
        package let day: Day
        package var isDone = false
        /// Whether the day was removed as a whole.
        package var isWhole = false
        package var events = 0
        package var bytes: Int64 = 0
        /// SHA-256 over the removed lines, by generation and offset.
        package var lines = ""
        /// What the day held before and afterwards: `Partition.contentDigest`.
        package var before = ""
        package var after = ""
        package var sources: [Source] = []

        package init(day: Day) { self.day = day }
    }

    /// What was removed of a generation.
    package struct Source: Sendable, Equatable {
        package let generation: String
        package let host: String
        package let service: String
        package let path: String
        package var events = 0
        package var bytes: Int64 = 0
        /// Where they lay in the file; events behind one another make one range.
        package var ranges: [Range<Int64>] = []

        package init(generation: String, host: String, service: String, path: String) {
            self.generation = generation
            self.host = host
            self.service = service
            self.path = path
        }
    }

    package init(
        number: Int64, began: Int64, person: Person, reason: String, request: Request,
        version: String, previous: String
    ) {
        self.number = number
        self.began = began
        self.person = person
        self.reason = reason
        self.request = request
        self.version = version
        self.previous = previous
    }

    package var events: Int { entries.reduce(0) { $0 + $1.events } }
    package var bytes: Int64 { entries.reduce(0) { $0 + $1.bytes } }

    /// In a line, for the history of jobs.
    var summary: String { "\(events) events, \(bytes) bytes removed: receipt \(fileName)" }

    /// Of files whose purged events begin within the bytes by which the catalogue knows them.
    package var recognisedPaths: Set<String> {
        Set(
            entries.lazy.flatMap(\.sources).filter {
                $0.ranges.contains { $0.lowerBound < Self.headBytes }
            }.map(\.path))
    }

    /// `Generation.head`.
    private static let headBytes: Int64 = 1024

    /// `purge-20261121T190300Z-1.json`.
    package var fileName: String {
        var time: [UInt8] = []
        RFC3339.append(began, fractionDigits: 0, to: &time)
        time.removeAll { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ":") }
        return "purge-\(String(decoding: time, as: UTF8.self))-\(number).json"
    }

    package func path(in directory: String) -> String {
        StoreLayout.receipts(directory) + "/" + fileName
    }

    // MARK: All of them

    /// The receipts of a store, in order. One that cannot be read is an error.
    package static func all(in directory: String) throws(StoreError) -> [PurgeReceipt] {
        var receipts: [PurgeReceipt] = []
        for name in try StoreLayout.receiptNames(directory)
        where name.hasPrefix("purge-") && name.hasSuffix(".json") {
            receipts.append(
                try PurgeReceipt(reading: StoreLayout.receipts(directory) + "/" + name))
        }
        return receipts.sorted { $0.number < $1.number }
    }

    /// Those of `receipts` whose `previous` is not the file before them: one was changed or is gone.
    package static func brokenLinks(
        _ receipts: [PurgeReceipt], in directory: String
    ) throws(StoreError) -> [PurgeReceipt] {
        var broken: [PurgeReceipt] = []
        var previous = ""
        for receipt in receipts {
            if receipt.previous != previous { broken.append(receipt) }
            previous = try digest(ofFile: receipt.path(in: directory))
        }
        return broken
    }

    static func digest(ofFile path: String) throws(StoreError) -> String {
        Digest.hex(try FileDigest.of(path).sum)
    }
}
