internal import Arguments
internal import Incidents
internal import LogModel

/// `logq incident edit`: changes of a record, in the editor or by flags.
enum IncidentEditCommand {
    static let command = Command(
        declaration: CommandDeclaration(
            name: "incident edit",
            summary: "change a record, in your editor or by flags",
            discussion: """
                Without fields, $VISUAL or $EDITOR (else vi) opens on the record as a Markdown form. If \
                somebody else changes the record meanwhile, you are told who and what; both changes \
                are put together, and where both are of the same field, your form is kept with \
                both texts and nothing is changed (exit status 2).
                An edit neither closes a record nor opens it again: 'close' and 'reopen' do.


                """ + IncidentFieldFlags.discussion,
            examples: [
                ("logq incident edit 7", "the record in the editor"),
                (
                    "logq incident edit 7 --root-cause 'the pool leaks' --status diagnosed",
                    "two fields"
                ),
                (
                    "logq incident edit 7 --actions + --actions "
                        + "'limit the pool; owner: 李雷; due: 2026-12-01'",
                    "one action more"
                ),
                ("logq incident edit 7 --tags ''", "no tags any more"),
            ],
            flags: IncidentFieldFlags.all + [
                IncidentOptions.formFlag, IncidentOptions.languageFlag,
                IncidentOptions.authorFlag, Environment.zoneFlag, Environment.dataFlag,
            ],
            operands: IncidentOptions.idOperand),
        run: run)

    private static func run(_ arguments: ParsedArguments) throws -> ExitCode {
        if IncidentFieldFlags.isAnySet(arguments) {
            guard !arguments.isSet("form") else { throw IncidentOptions.formAndFields }
            return try set(arguments)
        }
        let directory = try Environment.dataDirectory(arguments)
        let id = try IncidentOptions.id(
            arguments.operands[0], in: IncidentStore(reading: directory))
        guard let (filled, base) = try fill(id, arguments, directory) else {
            CommandLineTool.report("the form was left as it was, so nothing is changed")
            return .success
        }
        return try FormMerging(arguments, filled, base: base).save(id)
    }

    private static func set(_ arguments: ParsedArguments) throws -> ExitCode {
        let changes = try FieldChanges(arguments)
        let store = try IncidentOptions.storeForChanges(arguments)
        let id = try IncidentOptions.id(arguments.operands[0], in: store)
        let stored = try store.record(id)
        var incident = stored.incident
        try changes.apply(to: &incident, pins: store.pinNumbers(of: id))
        try IncidentOptions.revise(stored, incident, arguments, in: store, counted: true)
        return .success
    }

    /// What the person made of the record, and the revision that the form was made of.
    private static func fill(
        _ id: IncidentID, _ arguments: ParsedArguments, _ directory: String
    ) throws -> (FormSession.Filled, base: Incident?)? {
        let session = try FormSession(arguments)
        if let path = arguments.string("form") {
            var base: Incident?
            let filled = try session.read(path) { form in
                guard form.id == id else {
                    throw CommandFailure(
                        "\(path) is a form of \(form.id?.description ?? "a new record"), not of "
                            + "\(id)")
                }
                let store = try IncidentStore(reading: directory)
                base = try store.record(id, asOf: form.entry)
                return (try base ?? store.record(id).incident, try store.pinNumbers(of: id))
            }
            return (filled, base)
        }
        guard Editor.isPossible else {
            throw ArgumentError(
                "without a terminal to edit on, 'incident edit' needs fields, such as "
                    + "--root-cause TEXT, or --form FILE",
                tryCommand: "logq help incident edit")
        }
        let stored = try IncidentStore(reading: directory).record(id)
        let form = IncidentForm(
            id, entry: stored.entries, zone: try Environment.zone(arguments))
        let filled = try session.fill(form, stored.incident) {
            try IncidentStore(reading: directory).pinNumbers(of: id)
        }
        return filled.map { ($0, stored.incident) }
    }
}
