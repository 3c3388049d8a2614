internal import Arguments
internal import Incidents
internal import LogModel
internal import LogStore
internal import Retention

/// What the commands of `logq incident` have in common.
enum IncidentOptions {
    static let authorFlag = Flag(
        "by", placeholder: "NAME", help: "who makes the change (else LOGQ_AUTHOR, else the account)"
    )
    static let languageFlag = Flag(
        "lang", placeholder: "LANG", help: "language of the text (else that of LANG)",
        choices: Language.allCases.map(\.rawValue))
    static let idOperand = Operands(
        "ID", help: "the record, such as INC-2026-0007, 2026-7 or 7", minimum: 1, maximum: 1,
        areFiles: false)

    static let formFlag = Flag(
        "form", placeholder: "FILE", help: "go on with a form that was kept; - is standard input")
    static let formAndFields = CommandFailure(
        "--form has all fields in it; leave it or the flags of fields out")

    /// What people write is shorter.
    private static let mostBytes = 16 << 20

    /// A file that a person names; `-` is standard input.
    static func bytes(of path: String) throws -> [UInt8] {
        try SmallFile.read(path == "-" ? "/dev/stdin" : path, limit: mostBytes)
    }

    /// Who makes a change: a name if one is given, and the account in any case.
    static func author(_ arguments: ParsedArguments) -> String { author(named: name(arguments)) }

    /// The same where `--by` says something else.
    static func author(named name: String? = Environment.variable("LOGQ_AUTHOR")) -> String {
        let person = Environment.person
        var account = person.user + " on " + person.host
        if !person.sudoUser.isEmpty { account = person.sudoUser + " as " + account }
        guard let name else { return account }
        return name + " (" + account + ")"
    }

    /// The same in short, as records name people.
    static func person(_ arguments: ParsedArguments) -> String {
        let person = Environment.person
        return name(arguments) ?? (person.sudoUser.isEmpty ? person.user : person.sudoUser)
    }

    /// A blank `--by` names nobody.
    private static func name(_ arguments: ParsedArguments) -> String? {
        let given = arguments.string("by").flatMap { name in
            name.utf8.contains { $0 > 0x20 } ? name : nil
        }
        return given ?? Environment.variable("LOGQ_AUTHOR")
    }

    static func language(_ arguments: ParsedArguments) -> Language {
        if let given = arguments.string("lang").flatMap(Language.init) { return given }
        let locale =
            Environment.variable("LC_ALL") ?? Environment.variable("LC_MESSAGES")
            ?? Environment.variable("LANG") ?? ""
        return locale.hasPrefix("zh") ? .chinese : .english
    }

    /// The records, to change one that is there: none are made.
    static func storeForChanges(_ arguments: ParsedArguments) throws -> IncidentStore {
        let directory = try Environment.dataDirectory(arguments)
        guard IncidentStore.exists(in: directory) else { throw IncidentError.none(directory) }
        return try IncidentStore(writing: directory)
    }

    /// The record that a person names; a bare number is that of the newest record with it.
    static func id(_ text: String, in store: IncidentStore) throws -> IncidentID {
        if let id = IncidentID(text) { return id }
        if let number = Int(text), number > 0 {
            guard let id = try store.ids().last(where: { $0.number == number }) else {
                throw CommandFailure(
                    "there is no record with the number \(number); 'logq incident list' shows all")
            }
            return id
        }
        throw CommandFailure("'\(text)' names no record; they are named INC-2026-0007, 2026-7 or 7")
    }

    /// Makes a record what it is to be, and says what changed; of lists how many items, if `counted`.
    static func revise(
        _ stored: StoredIncident, _ incident: Incident, _ arguments: ParsedArguments,
        in store: IncidentStore, counted: Bool = false
    ) throws {
        let fields = incident.fields(differingFrom: stored.incident)
        guard !fields.isEmpty else {
            return CommandLineTool.report("\(stored.id) says so already, so nothing is changed")
        }
        let entry = try store.append(
            [.revision(incident, .edit)], to: stored.id, expecting: stored.entries,
            by: author(arguments), at: Clock.now())
        let names = fields.map { field in
            field.name(in: language(arguments))
                + (counted ? items(of: field, from: stored.incident, to: incident) : "")
        }
        Standard.output("\(stored.id) entry \(entry): \(names.joined(separator: ", "))\n")
    }

    /// ` (−2, +1)` for a list of which items went and came.
    private static func items(
        of field: IncidentField, from old: Incident, to new: Incident
    ) -> String {
        guard field.isList else { return "" }
        func lines(_ incident: Incident) -> [String] {
            incident.lines(of: field, zone: .utc, language: .english)
        }
        let change = lines(new).difference(from: lines(old))
        let counts = [("−", change.removals.count), ("+", change.insertions.count)]
        let words = counts.filter { $0.1 > 0 }.map { "\($0)\($1)" }
        return words.isEmpty ? "" : " (" + words.joined(separator: ", ") + ")"
    }
}
