internal import Arguments
internal import Incidents
internal import Retention

extension IncidentOptions {
    /// The records, to change one that is there: none are made.
    static func storeForChanges(_ arguments: ParsedArguments) throws -> IncidentStore {
        let directory = try Environment.dataDirectory(arguments)
        guard IncidentStore.exists(in: directory) else { throw IncidentError.none(directory) }
        return try IncidentStore(writing: directory)
    }

    /// Who did what a handling step tells: the name that is given, else the account's.
    static func person(_ arguments: ParsedArguments) -> String {
        if let name = arguments.string("by") ?? Environment.variable("LOGQ_AUTHOR") { return name }
        let person = Environment.person
        return person.sudoUser.isEmpty ? person.user : person.sudoUser
    }
}
