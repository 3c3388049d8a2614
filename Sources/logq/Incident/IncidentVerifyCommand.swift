internal import Arguments
internal import Incidents
internal import LogModel
internal import LogStore
internal import Presentation

/// `logq incident verify`: whether records and archives of them are what was written.
enum IncidentVerifyCommand {
    static let command = Command(
        declaration: CommandDeclaration(
            name: "incident verify",
            summary: "check records and exports of them, to the last byte",
            discussion: """
                Every header is the text that logq writes and names the SHA-256 of the one before it and \
                of its content; the lines of each pin are those that were pinned; lists and statistics \
                have what follows from the entries; every page of the file has its checksum. What was \
                removed or purged is told, by whom and why. Of an archive, the sums of all files are \
                checked as well.
                A record with the same root as one that was noted elsewhere, in a report or a mail, is \
                the same to the last byte: compare the roots.
                Without operands: all records. Exit status: 0 all is whole, or there are no records, 2 error, \
                3 damage.
                """,
            examples: [
                ("logq incident verify", "once a week, say"),
                ("logq incident verify 7 INC-2026-0008", "two of them"),
                ("logq incident verify INC-2026-0007.zip", "what somebody sent"),
                (
                    "logq incident verify --json | jq -r '.records[] | [.id, .root] | @tsv'",
                    "all roots"
                ),
            ],
            flags: [
                Flag("quiet", short: "q", help: "only what is wrong"),
                Flag("json", help: "what was found as one JSON object, times in UTC"),
                Environment.zoneFlag, Environment.dataFlag,
            ],
            operands: Operands(
                "ID|FILE.zip", help: "records and archives (else all records)", minimum: 0)),
        run: run)

    private static func run(_ arguments: ParsedArguments) throws -> ExitCode {
        var report = IncidentCheckReport(
            isQuiet: arguments.isSet("quiet"), isJSON: arguments.isSet("json"),
            zone: try Environment.zone(arguments))
        let isFile = arguments.operands.map { IncidentID($0) == nil && Int($0) == nil }
        for (operand, _) in zip(arguments.operands, isFile).filter(\.1) {
            check(archive: operand, &report)
        }
        let ids = zip(arguments.operands, isFile).filter { !$0.1 }.map(\.0)
        if arguments.operands.isEmpty || !ids.isEmpty {
            let directory = try Environment.dataDirectory(arguments)
            do {
                try check(ids, in: IncidentStore(reading: directory), &report)
            } catch IncidentError.none where ids.isEmpty {
                // Then nothing is damaged.
            } catch IncidentError.store(.damaged(let path, let reason)) {
                report.add(problem: "\(path): \(reason)")
            } catch IncidentError.store(.notAStore(let path)) {
                report.add(problem: "\(path) is not a file of a logq store, or its head is damaged")
            }
        }
        report.finish()
        return report.exitCode
    }

    private static func check(
        _ names: [String], in store: IncidentStore, _ report: inout IncidentCheckReport
    ) throws {
        for problem in try store.brokenPages() { report.add(problem: "incidents.db: \(problem)") }
        let ids =
            try names.isEmpty
            ? store.allIDs() : names.map { try IncidentOptions.id($0, in: store) }
        for id in ids { report.add(try store.check(id), file: nil) }
    }

    private static func check(archive path: String, _ report: inout IncidentCheckReport) {
        do {
            guard case .parcel(let parcel) = try ImportFile(reading: path) else {
                return report.add(
                    problem: "\(path) is no archive of a record", isOfArchive: true)
            }
            var notes: [String] = []
            if parcel.masked != nil { notes.append("it is a masked copy, without the contents") }
            if parcel.isPackedAnew {
                notes.append("it was packed anew since it was exported; its files are whole")
            }
            report.add(
                ChainCheck(parcel.chain, isMasked: parcel.masked != nil), file: path, notes: notes)
        } catch {
            report.add(problem: "\(error)", isOfArchive: true)
        }
    }
}
