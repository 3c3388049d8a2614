package import LogStore

/// Why a backup was not made, or nothing restored from it.
package enum BackupError: Error, CustomStringConvertible {
    case store(StoreError)
    /// Another process makes it, or reads it.
    case busy(place: String)
    /// The place is the store, lies in it, or the store in it.
    case overlapping(place: String, store: String)
    /// Something else is in the directory.
    case occupied(place: String)
    /// It is the backup of another store.
    case otherStore(place: String, made: String)
    /// The store is not the one that the backup is of.
    case otherBackup(place: String, store: String)
    case noRoom(place: String, needed: Int64, available: Int64)
    case noBackup(place: String)
    case unreadable(path: String, reason: String)

    package var description: String {
        switch self {
        case .store(let error): error.description
        case .busy(let place):
            "another logq makes the backup in \(place), or restores from it; "
                + "wait for it to end, then try again"
        case .overlapping(let place, let store):
            "the backup \(place) and the store \(store) must not lie in each other; "
                + "name another directory, on another disk if there is one"
        case .occupied(let place):
            "\(place) holds files that are no backup; name an empty directory, or one with a backup"
        case .otherStore(let place, let made):
            "\(place) holds the backup of another store (\(made)); name another directory"
        case .otherBackup(let place, let store):
            "\(store) is another store than \(place) is a backup of, and has events; "
                + "restore into an empty directory with --data, or search the backup with "
                + "'logq search --data \(place)'"
        case .noRoom(let place, let needed, let available):
            "\(place) has room for \(available) bytes, and \(needed) are needed; "
                + "free some, or name a directory on another disk"
        case .noBackup(let place):
            "no backup in \(place); make one with 'logq backup \(place)'"
        case .unreadable(let path, let reason): "\(path): \(reason)"
        }
    }
}
