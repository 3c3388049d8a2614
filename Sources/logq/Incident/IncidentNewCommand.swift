internal import Arguments
internal import Incidents
internal import LogModel

/// `logq incident new`: a record to be filled in.
enum IncidentNewCommand {
    static let command = Command(
        declaration: CommandDeclaration(
            name: "incident new",
            summary: "make a record, and print its name",
            discussion: """
                Only the title is needed; the rest can follow with 'edit', 'step' and 'pin'. Without any \
                field, on a terminal, $VISUAL or $EDITOR (else vi) opens on an empty form.


                """ + IncidentFieldFlags.discussion,
            examples: [
                (
                    "logq incident new --title '502 on /api/pay' --severity P1 --started 10:14 "
                        + "--services control",
                    "what is known at once"
                ),
                ("logq incident new --lang zh", "a form in Chinese, in the editor"),
                ("logq incident new --json fault.json", "from another program"),
            ],
            flags: IncidentFieldFlags.all + [
                IncidentOptions.formFlag, IncidentOptions.languageFlag,
                IncidentOptions.authorFlag, Environment.zoneFlag, Environment.dataFlag,
            ]),
        run: run)

    private static func run(_ arguments: ParsedArguments) throws -> ExitCode {
        if IncidentFieldFlags.isAnySet(arguments) {
            guard !arguments.isSet("form") else { throw IncidentOptions.formAndFields }
            var incident = Incident()
            try FieldChanges(arguments).apply(to: &incident, pins: [])
            try create(incident, arguments)
            return .success
        }
        let session = try FormSession(arguments)
        guard let filled = try fill(session, arguments) else {
            CommandLineTool.report("the form was left empty, so no record is made")
            return .noneFound
        }
        try session.keeping(filled.form, filled.path) { try create(filled.incident, arguments) }
        filled.done()
        return .success
    }

    private static func create(_ incident: Incident, _ arguments: ParsedArguments) throws {
        guard !incident.title.isEmpty else {
            throw CommandFailure("a record needs a title; '--title TEXT' or the form gives it one")
        }
        let id = try IncidentStore(writing: Environment.dataDirectory(arguments)).create(
            incident, by: IncidentOptions.author(arguments), at: Clock.now())
        Standard.output("\(id)\n")
    }

    private static func fill(
        _ session: FormSession, _ arguments: ParsedArguments
    ) throws -> FormSession.Filled? {
        if let path = arguments.string("form") {
            return try session.read(path) { form in
                if let id = form.id {
                    throw CommandFailure(
                        "\(path) is a form of \(id); 'logq incident edit \(id) --form \(path)' "
                            + "takes it")
                }
                return (Incident(), [])
            }
        }
        guard Editor.isPossible else {
            throw ArgumentError(
                "without a terminal to edit on, 'incident new' needs fields: --title TEXT",
                tryCommand: "logq help incident new")
        }
        let zone = try Environment.zone(arguments)
        return try session.fill(IncidentForm(nil, zone: zone), Incident()) { [] }
    }
}
