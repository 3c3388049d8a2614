internal import LogModel
package import LogStore

/// Whose backup it is and when it was made: `backup.info`.
///
/// ```
/// # logq backup 1
/// store 9f86d081884c7d659a2feaa0c55ad015     `Store.identity`
/// host pay-1
/// from /var/lib/logq
/// made 2026-11-21T02:30:11.000000000Z       the moment whose state the backup has; not before the first
///                                           one has come to its end
/// kept 2026-11-20                           a day that is of an earlier moment: what the store had of it
///                                           was damaged, or less than the backup has
/// ```
package struct BackupInformation: Sendable, Equatable {
    package var store: String
    package var host: String
    package var path: String
    /// Nanoseconds since 1970 UTC; nil where no backup has come to its end.
    package var made: Int64?
    package var kept: [Day] = []

    package init(store: String, host: String, path: String) {
        (self.store, self.host, self.path) = (store, host, path)
    }

    private static let title = "# logq backup 1"

    /// Nil where there is no such file.
    package init?(of place: BackupPlace) throws(BackupError) {
        let bytes: [UInt8]
        do throws(StoreError) {
            bytes = try SmallFile.read(place.information, limit: 1 << 20)
        } catch {
            guard try Self.isMissing(place) else { throw .store(error) }
            return nil
        }
        let lines = String(decoding: bytes, as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.first == Self.title[...] else {
            throw .unreadable(path: place.information, reason: "not '\(Self.title)'")
        }
        self.init(store: "", host: "", path: "")
        for (number, line) in lines.enumerated().dropFirst() where !line.isEmpty {
            guard read(line) else {
                throw .unreadable(
                    path: place.information, reason: "line \(number + 1) is not understood")
            }
        }
        guard !store.isEmpty else {
            throw .unreadable(path: place.information, reason: "it names no store")
        }
    }

    private static func isMissing(_ place: BackupPlace) throws(BackupError) -> Bool {
        do throws(StoreError) {
            return try !StoreLayout.names(in: place.directory).contains("backup.info")
        } catch {
            throw .noBackup(place: place.directory)
        }
    }

    private mutating func read(_ line: Substring) -> Bool {
        let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let value = Escapes.unescape(parts[1]) else { return false }
        switch parts[0] {
        case "store": store = value
        case "host": host = value
        case "from": path = value
        case "made":
            made = Array(value.utf8).withUnsafeBufferPointer { RFC3339.parse($0) }
            return made != nil
        case "kept":
            guard let day = Day(name: value) else { return false }
            kept.append(day)
        default: return false
        }
        return true
    }

    func write(to place: BackupPlace) throws(StoreError) {
        var lines = [Self.title]
        for (key, value) in [("store", store), ("host", host), ("from", path)] {
            lines.append(key + " " + Escapes.escape(value))
        }
        if let made { lines.append("made " + RFC3339.text(made)) }
        lines += kept.map { "kept " + $0.name }
        try SmallFile.replace(
            place.information, by: Array(lines.map { $0 + "\n" }.joined().utf8))
    }
}
