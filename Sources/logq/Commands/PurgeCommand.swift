internal import Arguments
internal import Glibc
internal import LogModel
internal import LogQuery
internal import LogShipping
internal import LogStore
internal import Presentation
internal import Retention

/// `logq purge`: what must not be kept.
enum PurgeCommand {
    static let command = Command(
        declaration: CommandDeclaration(
            name: "purge",
            summary: "remove what must not be kept, with a receipt",
            discussion: """
                Shows how many events match, where they are and three of them, asks, and writes each day \
                that has any anew without them, archived days too. Searches and taking in go on. \
                What is taken in later is not purged, and backups, fault records and the log files \
                themselves are not touched; records that keep copies of matching lines are named. The receipt, in the store's directory 'receipts', says who purged what, when and \
                why: numbers, places and digests, and the query, but none of the lines.
                With --day it gives a whole day up, one too that is damaged or missing.
                Cut short, it is finished by the next 'logq purge', or by the nightly job.
                Exit status: 0 purged, 1 nothing matched, 2 error, 3 a day could not be read, or \
                matching events came meanwhile.
                """,
            examples: [
                (
                    "logq purge '\"6222 0213 0000 1234\"' --reason 'card number, ticket 812'",
                    "show, ask and remove"
                ),
                (
                    "logq purge --at 2026-11-20 user:4711 --reason erasure --dry-run",
                    "only show"
                ),
                (
                    "logq purge --day 2026-10-21 --reason 'damaged, no backup'",
                    "give a day up that cannot be read"
                ),
                ("logq purge --list", "what was purged, and whether the receipts are whole"),
            ],
            flags: [
                Flag("reason", placeholder: "TEXT", help: "why; it stands in the receipt"),
                Flag("day", placeholder: "DAY", help: "a whole UTC day, instead of a query"),
            ] + TimeWindow.flags + [
                Environment.zoneFlag,
                Flag("everything", help: "all events, where there is no query or window"),
                Flag("redact-query", help: "the receipt has the query's digest only"),
                Flag("dry-run", help: "show what matches, change nothing"),
                Flag("yes", short: "y", help: "do not ask"),
                Flag("list", help: "the receipts, and whether they are whole"),
                Flag("json", help: "the receipt as one JSON object; with --list one a line"),
                Environment.dataFlag, Environment.colorFlag,
            ],
            operands: Operands(
                "QUERY", help: "what to remove, as for 'logq search'; joined with blanks"),
            operandsMayStartWithDash: true),
        run: run)

    private static func run(_ arguments: ParsedArguments) throws -> ExitCode {
        let directory = try Environment.dataDirectory(arguments)
        if arguments.isSet("list") { return try PurgeList.print(arguments, directory) }
        let isDryRun = arguments.isSet("dry-run")
        let reason = arguments.string("reason") ?? ""
        guard isDryRun || reason.utf8.contains(where: { $0 > 0x20 }) else {
            throw CommandFailure("the reason is missing: --reason TEXT; it stands in the receipt")
        }
        if let name = arguments.string("day") {
            return try giveUp(name, arguments, directory, because: reason)
        }
        let request = try request(arguments, in: Store(directory: directory))
        let preview = try PurgePreview(Purge.search(request, in: directory), request)
        preview.show()
        let copies = try PinnedCopies(of: request, in: directory)
        copies.tell()
        guard preview.events > 0 else { return preview.failures.isEmpty ? .noneFound : .incomplete }
        if isDryRun { return preview.failures.isEmpty ? .success : .incomplete }
        try PurgeQuestion.ask(
            "type the number of events to remove them: ", expecting: String(preview.events),
            arguments)
        let purge = try begin(directory)
        let display = ProgressDisplay(label: "purging", total: nil)
        let result = Result {
            try purge.run(
                request, because: reason, redacts: arguments.isSet("redact-query")
            ) { display.update($0) }
        }
        display.end()
        let status = report(try result.get(), arguments, directory)
        copies.tell()
        return status
    }

    private static func request(
        _ arguments: ParsedArguments, in store: Store
    ) throws -> SearchRequest {
        var request = try SearchCommand.request(arguments, in: store)
        request.order = .oldest
        let isEmpty = request.query.utf8.allSatisfy { $0 <= 0x20 }
        guard
            !isEmpty || request.times != .min..<Int64.max || arguments.isSet("everything")
        else {
            throw CommandFailure(
                "what is to be removed? name a query or a window; --everything empties the store")
        }
        return request
    }

    /// Finishes what was cut short, which is said.
    private static func begin(_ directory: String) throws -> Purge {
        let purge = try Purge(
            directory, person: Environment.person, version: CommandLineTool.version)
        for receipt in try purge.finishInterrupted() {
            let events = HumanUnits.count(Int64(receipt.events))
            CommandLineTool.report(
                receipt.state == .interrupted
                    ? "purge \(receipt.number) was cut short after \(events) events, and its "
                        + "receipt has no query; run it again"
                    : "purge \(receipt.number), which was cut short, is finished: \(events) events")
        }
        return purge
    }

    private static func giveUp(
        _ name: String, _ arguments: ParsedArguments, _ directory: String, because reason: String
    ) throws -> ExitCode {
        guard let day = Day(name: name) else {
            throw CommandFailure("--day takes a UTC day, such as 2026-10-21; '\(name)' is none")
        }
        guard arguments.operands.isEmpty else {
            throw CommandFailure("--day gives a whole day up; leave the query or --day out")
        }
        let store = try Store(directory: directory)
        let isMissing = try store.missingDays(in: day.start..<day.end).contains(day)
        let isThere = try store.days().contains(day) || store.damagedPart(of: day) != nil
        guard isThere || isMissing else {
            CommandLineTool.report("\(name) is no day of \(directory)")
            return .noneFound
        }
        let totals = try? store.partition(day).totals()
        Standard.error(
            totals.map {
                "\(name) has \(HumanUnits.count(Int64($0.events))) events, "
                    + "\(HumanUnits.bytes(Int64($0.rawBytes))) of logs\n"
            } ?? "\(name) is \(isMissing ? "missing" : "damaged")\n")
        if arguments.isSet("dry-run") { return .success }
        try PurgeQuestion.ask(
            "type the day to remove it: ", expecting: name, arguments)
        let outcome = try begin(directory).giveUp(day, because: reason, at: Clock.now())
        return report(outcome, arguments, directory)
    }

    private static func report(
        _ outcome: Purge.Outcome, _ arguments: ParsedArguments, _ directory: String
    ) -> ExitCode {
        let receipt = outcome.receipt
        if arguments.isSet("json") {
            Standard.output(String(decoding: receipt.json(), as: UTF8.self))
        } else {
            let events = HumanUnits.count(Int64(receipt.events))
            Standard.output(
                "\(events) event\(receipt.events == 1 ? "" : "s"), "
                    + "\(HumanUnits.bytes(receipt.bytes)) removed; receipt "
                    + SafeText.escaped(receipt.path(in: directory)) + "\n")
        }
        for path in receipt.recognisedPaths.sorted() {
            CommandLineTool.report(
                "the catalogue keeps the first 1,024 bytes of \(path), by which it is recognised; "
                    + "purged events begin there")
        }
        for failure in outcome.failures { CommandLineTool.report(failure.description) }
        if outcome.left > 0 {
            let left = HumanUnits.count(Int64(outcome.left))
            CommandLineTool.report(
                "\(left) matching event\(outcome.left == 1 ? " is" : "s are") left, which came "
                    + "meanwhile or could not be removed; run it again")
        }
        return outcome.failures.isEmpty && outcome.left == 0 ? .success : .incomplete
    }
}

/// Asks before something is removed.
enum PurgeQuestion {
    /// Throws where the answer is not `expected`; with --yes nobody is asked.
    static func ask(
        _ question: String, expecting expected: String, _ arguments: ParsedArguments
    ) throws {
        if arguments.isSet("yes") { return }
        guard TerminalWindow.isTerminal(STDIN_FILENO) else {
            throw CommandFailure(
                "nothing is removed: there is no terminal to ask; --yes answers for it")
        }
        Standard.error(question)
        let answer = readLine()?.filter { !$0.isWhitespace && $0 != "," }
        guard answer == expected else { throw CommandFailure("nothing is removed") }
    }
}

extension Environment {
    /// Who runs the command.
    static var person: PurgeReceipt.Person {
        let uid = getuid()
        let entry = getpwuid(uid)
        let user = entry.map { String(cString: $0.pointee.pw_name) } ?? String(uid)
        return PurgeReceipt.Person(
            user: user, uid: Int64(uid), sudoUser: variable("SUDO_USER") ?? "",
            host: HostName.current())
    }
}
