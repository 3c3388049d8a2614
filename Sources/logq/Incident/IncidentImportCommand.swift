internal import Arguments
internal import Incidents
internal import LogModel
internal import Presentation

/// `logq incident import`: records from elsewhere.
enum IncidentImportCommand {
    static let command = Command(
        declaration: CommandDeclaration(
            name: "incident import",
            summary: "take in records from exports, or from JSON",
            discussion: """
                An archive that 'logq incident export --format zip' made is checked first: all sums, \
                and the chain. A record whose id is free here is taken in byte for byte, with its \
                history, its pins and the same root; one that is here already gets what it has been \
                given elsewhere since, purges included. Where another record has the id, or the archive \
                is a masked copy, a new record is made of what it says, with its pins; it tells the \
                other one's id and root, and the history stays in the archive.
                Of JSON, new records are made: an object, an array, or an object a line, with the names \
                that 'logq incident show --json' has, or record.json of an export.
                Of each file, all is taken in or nothing.
                """,
            examples: [
                ("logq incident import INC-2026-0007.zip", "a colleague's record"),
                ("logq incident import --by 'old wiki' records.jsonl", "from another system"),
            ],
            flags: [IncidentOptions.authorFlag, Environment.dataFlag],
            operands: Operands("FILE", help: "archives and JSON files", minimum: 1)),
        run: run)

    private static func run(_ arguments: ParsedArguments) throws -> ExitCode {
        let author = IncidentOptions.author(arguments)
        let directory = try Environment.dataDirectory(arguments)
        var code = ExitCode.success
        for path in arguments.operands {
            do {
                // Nothing is made, and nobody waits, for a file that is no record.
                let file = try ImportFile(reading: path)
                try check(file, path)
                let store = try IncidentStore(writing: directory)
                try take(file, path, into: store, by: author)
            } catch {
                CommandLineTool.report("\(error); nothing of it is taken in")
                code = .failure
            }
        }
        return code
    }

    private static func check(_ file: ImportFile, _ path: String) throws(ParcelError) {
        guard case .parcel(let parcel) = file,
            let problem = ChainCheck(parcel.chain, isMasked: parcel.masked != nil).problems.first
        else { return }
        throw ParcelError("\(path): \(problem)")
    }

    private static func take(
        _ file: ImportFile, _ path: String, into store: IncidentStore, by author: String
    ) throws {
        let now = Clock.now()
        switch file {
        case .parcel(let parcel):
            show(try store.take(parcel, by: author, at: now))
            if parcel.isPackedAnew {
                CommandLineTool.report(
                    "\(path) was packed anew since it was exported; its files are whole")
            }
        case .records(let records):
            for result in try store.take(records, by: author, at: now) { show(result) }
        }
    }

    private static func show(_ result: ImportResult) {
        let text =
            switch result {
            case .taken(let id): "\(id)  taken in as it is"
            case .extended(let id, let entries):
                "\(id)  got \(HumanUnits.count(Int64(entries))) further "
                    + (entries == 1 ? "entry" : "entries")
            case .present(let id): "\(id)  is here already, with all of it"
            case .copied(let id, let origin): "\(id)  new record of \(origin)"
            }
        Standard.output(SafeText.escaped(text) + "\n")
    }
}
