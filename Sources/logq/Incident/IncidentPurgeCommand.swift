internal import Arguments
internal import Incidents
internal import LogModel
internal import LogStore
internal import Presentation

/// `logq incident purge`: what a record must not keep.
enum IncidentPurgeCommand {
    static let command = Command(
        declaration: CommandDeclaration(
            name: "incident purge",
            summary: "remove for ever what a record must not keep, with a receipt",
            discussion: """
                Removes what pins hold, or entries of the record: bytes, neighbours, fields, notes, the \
                record as it was. Their headers stay with the digests, so that the chain shows what is \
                missing; a receipt says what went, who did it, when and why. No file of the store has \
                the bytes afterwards. Backups, and exports that were made before, are not touched.
                What the record says now is not purged: change it first, then purge the older entries; \
                'logq incident show ID --entries' numbers them. Steps and claims that name purged pins \
                are told.
                Exit status: 0 purged, 1 it was purged already, 2 error, 3 somebody reads the records, \
                and a file keeps the bytes until the next change.
                """,
            examples: [
                (
                    "logq incident purge 7 P3 --reason 'card number, ticket 812'",
                    "show, ask and remove"
                ),
                (
                    "logq incident purge 7 --entry 1 --entry 4 --reason erasure --dry-run",
                    "only show"
                ),
            ],
            flags: [
                Flag(
                    "entry", placeholder: "N", help: "an entry of the record, by its number",
                    isRepeatable: true, check: Flag.wholeNumber(in: 1...Int.max)),
                IncidentUnpinCommand.reasonFlag,
                Flag("dry-run", help: "show what would go, change nothing"),
                Flag("yes", short: "y", help: "do not ask"),
                IncidentOptions.authorFlag, Environment.zoneFlag, Environment.dataFlag,
            ],
            operands: Operands(
                "ID", help: "the record, and behind it the pins, such as P3", minimum: 1,
                areFiles: false)),
        run: run)

    private static func run(_ arguments: ParsedArguments) throws -> ExitCode {
        let isDryRun = arguments.isSet("dry-run")
        let reason = try isDryRun ? "" : IncidentUnpinCommand.reason(arguments)
        let directory = try Environment.dataDirectory(arguments)
        let reader = try IncidentStore(reading: directory)
        let id = try IncidentOptions.id(arguments.operands[0], in: reader)
        let pins = try IncidentUnpinCommand.numbers(arguments.operands.dropFirst())
        let entries = arguments.strings("entry").compactMap { Int($0) }
        guard !pins.isEmpty || !entries.isEmpty else {
            throw CommandFailure("what is to be purged? name pins, such as P3, or --entry N")
        }
        let contents = try reader.purgeable(pins: pins, entries: entries, of: id)
        try preview(contents, of: id, in: reader, zone: Environment.zone(arguments))
        if isDryRun { return contents.isEmpty ? .noneFound : .success }
        if !contents.isEmpty {
            try PurgeQuestion.ask(
                "type \(id) to remove them for ever: ", expecting: id.description, arguments)
        }
        // Where all is purged already the log may still have it, if that was cut short.
        let result = try IncidentStore(writing: directory).purge(
            pins: pins, entries: entries, of: id, because: reason,
            by: IncidentOptions.author(arguments), at: Clock.now())
        let code = report(result, of: id)
        if let record = try? reader.record(id) {
            for line in PinReferences.lines(to: pins, in: record.incident) {
                CommandLineTool.report(line)
            }
        }
        return code
    }

    private static func preview(
        _ contents: [PurgedContent], of id: IncidentID, in store: IncidentStore, zone: Zone
    ) throws {
        guard !contents.isEmpty else {
            return Standard.error("nothing is left of it in \(id): it was purged already\n")
        }
        let entries = try store.entries(of: id)
        var lines = PinLines(zone: zone, color: .never)
        let pins = (try? store.pins(of: id)) ?? []
        for content in contents {
            let entry = entries.first { $0.entry.number == content.entry }?.entry
            let time = entry.map { RFC3339.clockText($0.time, zone: zone) } ?? ""
            let bytes = HumanUnits.bytes(Int64(content.bytes))
            let name = content.kind.rawValue + (content.pin.map { " P\($0)" } ?? "")
            Standard.error(
                SafeText.escaped(
                    "entry \(content.entry), \(name) by \(entry?.author ?? ""), \(time): \(bytes)")
                    + "\n")
            if let pin = pins.first(where: { $0.number == content.pin }) {
                Standard.error("  " + lines.text(of: pin))
            }
        }
    }

    private static func report(
        _ result: (purged: [PurgedContent], isGone: Bool), of id: IncidentID
    ) -> ExitCode {
        let bytes = HumanUnits.bytes(Int64(result.purged.reduce(0) { $0 + $1.bytes }))
        if !result.purged.isEmpty {
            let count = result.purged.count
            Standard.output(
                "\(count) content\(count == 1 ? "" : "s"), \(bytes), purged from \(id); its last entry "
                    + "is the receipt\n")
        }
        guard result.isGone else {
            CommandLineTool.report(
                "somebody reads the records, so incidents.db-wal keeps the bytes until the next "
                    + "change; run it again")
            return .incomplete
        }
        return result.purged.isEmpty ? .noneFound : .success
    }
}
