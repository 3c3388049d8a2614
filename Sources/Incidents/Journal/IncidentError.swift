internal import LogModel
package import LogStore
package import SQLite

/// What went wrong with a fault record, in words for the person who runs the command.
package enum IncidentError: Error, CustomStringConvertible {
    case store(StoreError)
    /// There are no records in the directory yet.
    case none(String)
    case unknown(IncidentID, nearest: IncidentID?)
    /// Somebody else changed the record since it was read.
    case changed(IncidentID, by: String, at: Int64, entries: Int)
    case noSuchPin(IncidentID, Int)
    case noSuchEntry(IncidentID, Int)
    /// An entry that cannot be purged: what the record says now, or a receipt.
    case kept(IncidentID, Int, Entry.Kind)
    /// What is stored is not what was written.
    case damaged(IncidentID, String)

    package init(_ error: SQLiteError) { self = .store(StoreError(error)) }

    package var description: String {
        switch self {
        case .store(let error): error.description
        case .none(let directory):
            "there are no fault records in \(directory) yet; 'logq incident new' makes one"
        case .unknown(let id, let nearest):
            "there is no \(id)"
                + (nearest.map { "; the last one is \($0)" } ?? "; there are no records yet")
        case .changed(let id, let author, let time, let entries):
            "\(id) was changed meanwhile by \(author), \(RFC3339.text(time)) "
                + "(entry \(entries)); read it again, then change it"
        case .noSuchPin(let id, let number): "\(id) has no pin P\(number)"
        case .noSuchEntry(let id, let number):
            "\(id) has no entry \(number); 'logq incident show \(id) --entries' lists them"
        case .kept(let id, let number, .purge):
            "entry \(number) of \(id) is the receipt of a purge, which stays"
        case .kept(let id, let number, _):
            "entry \(number) is what \(id) says now; change that with 'logq incident edit \(id)', then "
                + "purge the older entries"
        case .damaged(let id, let reason):
            "\(id) is damaged: \(reason); 'logq incident verify \(id)' tells all of it"
        }
    }
}
