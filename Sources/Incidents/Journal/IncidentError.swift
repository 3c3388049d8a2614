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
        case .damaged(let id, let reason):
            "\(id) is damaged: \(reason); 'logq incident verify \(id)' tells all of it"
        }
    }
}
