/// What became of a record that was imported.
package enum ImportResult: Equatable, Sendable {
    /// Taken in as it is, under the id that it has: the same root.
    case taken(IncidentID)
    /// The record was there, and got so many further entries.
    case extended(IncidentID, entries: Int)
    /// The record is there, with all that is in the file.
    case present(IncidentID)
    /// Another record has the id, or only a masked copy came: a new record of what it says, whose origin is told.
    case copied(IncidentID, origin: String)
}
