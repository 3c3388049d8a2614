internal import Glibc
package import SQLite

/// What the store could not do, in words for the person who runs the command.
package enum StoreError: Error, CustomStringConvertible {
    case missing(directory: String)
    case newerFormat(path: String, version: Int64, newest: Int64)
    case olderFormat(path: String, version: Int64)
    case notAStore(path: String)
    case locked(directory: String, owner: String)
    case shipping(directory: String)
    case maintaining(directory: String)
    /// Another process holds a lock, and did not give it up in time.
    case busy(path: String)
    case damaged(path: String, reason: String)
    /// The file of a day that has events is gone, and nobody removed the day.
    case missingDay(Day, path: String)
    /// Events that were being read are not in their day any more.
    case changed(path: String)
    case full(path: String)
    case system(action: String, path: String, reason: String)
    case database(SQLiteError)

    package init(_ error: SQLiteError) {
        if error.isDiskFull {
            self = .full(path: error.path)
        } else if error.isCorruption {
            self = .damaged(path: error.path, reason: error.message)
        } else {
            self = .database(error)
        }
    }

    /// The system refused what was to be done at `path`, for the reason that `errno` names.
    package static func writing(_ path: String, action: String, code: Int32 = errno) -> StoreError {
        code == ENOSPC || code == EDQUOT
            ? .full(path: path)
            : .system(action: action, path: path, reason: StoreFile.reason(code))
    }

    package var description: String {
        switch self {
        case .missing(let directory):
            "no store at \(directory); take logs in with 'logq ingest PATH', or name one with --data"
        case .newerFormat(let path, let version, let newest):
            "\(path) has format version \(version), this logq reads up to "
                + "\(newest); use the newer logq that wrote it"
        case .olderFormat(let path, let version):
            "\(path) has format version \(version), which this logq does not read; "
                + "take the logs in again, into another directory"
        case .notAStore(let path):
            "\(path) is not a file of a logq store; move it away"
        case .locked(let directory, let owner):
            "another logq\(owner) is writing to \(directory); wait for it to end, then try again"
        case .shipping(let directory):
            "another 'logq ship' is at work on \(directory); one is enough for all its sources"
        case .maintaining(let directory):
            "another logq is writing days of \(directory) anew; wait for it to end, then try again"
        case .busy(let path):
            "another logq holds \(path); wait for it to end, then try again"
        case .damaged(let path, let reason):
            Self.damage(of: path, reason)
        case .missingDay(let day, let path):
            "\(path) is missing, and the day had events; \(Self.help(for: day.name))"
        case .changed(let path):
            "events of \(path) were taken back while they were read; search again"
        case .full(let path):
            "no space left on the disk of \(path); nothing is lost, free some and run it again"
        case .system(let action, let path, let reason): "cannot \(action) \(path): \(reason)"
        case .database(let error): error.description
        }
    }

    private static func damage(of path: String, _ reason: String) -> String {
        if path.hasSuffix(".damaged") {
            return "\(path): a part of the day was set aside as damaged; "
                + "remove the file to give its events up"
        }
        let start = "\(path) is damaged (\(reason)); "
        if path.hasSuffix("/catalog.db") {
            return start + "move it away and take the logs in again: "
                + "what the days have already is not doubled"
        }
        if path.hasSuffix("/incidents.db") {
            return start + "'logq incident verify' tells which records are; move it away, "
                + "then 'logq restore' brings back that of a backup"
        }
        if path.hasSuffix(".sha256") {
            return start + "the day itself may be whole: 'logq retention verify' tells"
        }
        let name = path.split(separator: "/").last.map { $0.prefix(while: { $0 != "." }) }
        return start + "the other days stay searchable; " + help(for: String(name ?? "DAY"))
    }

    private static func help(for day: String) -> String {
        "bring it back with 'logq restore', or give it up with "
            + "'logq purge --day \(day) --reason TEXT'"
    }
}

/// What kind of SQLite file it is, and the version of its format: this code writes it and reads no other.
package struct FileKind: Sendable {
    /// `PRAGMA application_id`, for file(1).
    package let applicationID: Int64
    /// `PRAGMA user_version`.
    package let version: Int64

    package init(applicationID: Int64, version: Int64) {
        (self.applicationID, self.version) = (applicationID, version)
    }

    /// "lgqp". 2: columns of templates, identifiers. 3: checksums of pages.
    static let partition = FileKind(applicationID: 0x6C67_7170, version: StoreFormat.version)
    /// "lgqc".
    static let catalog = FileKind(applicationID: 0x6C67_7163, version: StoreFormat.version)
}

/// The version of the store's days and catalogue.
package enum StoreFormat {
    package static let version: Int64 = 3
}
