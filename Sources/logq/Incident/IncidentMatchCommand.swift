internal import Arguments
internal import Glibc
internal import Incidents
internal import LogModel
internal import LogQuery
internal import LogStore
internal import Presentation

/// `logq incident match`: which of the known faults show in a window.
enum IncidentMatchCommand {
    static let command = Command(
        declaration: CommandDeclaration(
            name: "incident match",
            summary: "which known faults the logs of a window show",
            discussion: """
                Looks for the patterns of all known faults in one pass: what shows, how often, how often \
                in as long a window before, an example, likely causes, and what helps. What has risen most \
                comes first. Without a window it is the last hour.
                Besides the built-in faults a team has its own, in files NAME.faults in known-faults in \
                the store's directory or in /etc/logq/known-faults; one of the same name replaces a \
                built-in one. docs/known-faults.md says how they are written:

                  fault: pay-channel-down
                  title: The payment channel does not answer
                  pattern: level:ERROR "channel" "Read timed out"
                  least: 20
                  cause: The provider has trouble
                  handling: Switch to the other channel
                """,
            examples: [
                ("logq incident match", "the last hour"),
                (
                    "logq incident match --at '2026-11-20 10:15' --around 10m --lang zh",
                    "around a moment, in Chinese"
                ),
                ("logq incident match --list", "the known faults themselves"),
                (
                    "logq incident match --faults new.faults --check",
                    "only find mistakes in a file, before it is put into its place"
                ),
            ],
            flags: TimeWindow.flags + [
                Environment.zoneFlag, KnownFaultsOption.flag,
                Flag("list", help: "show the known faults, look for none"),
                Flag("check", help: "only find mistakes in the known faults"),
                IncidentOptions.languageFlag,
                Flag("json", help: "one JSON object a fault and line"),
                Environment.dataFlag, Environment.colorFlag,
            ],
            operands: nil),
        run: run)

    private static func run(_ arguments: ParsedArguments) throws -> ExitCode {
        let known = try KnownFaultsOption.read(arguments)
        if arguments.isSet("check") {
            Standard.output("no mistakes, \(known.faults.count) known faults\n")
            return .success
        }
        let zone = try Environment.zone(arguments)
        let report = FaultReport(arguments, zone: zone)
        if arguments.isSet("list") {
            Standard.output(report.text(known.faults))
            return known.faults.isEmpty ? .noneFound : .success
        }
        let store = try Store(directory: Environment.dataDirectory(arguments))
        var request = SearchRequest(query: "", now: Clock.now())
        request.zone = zone
        request.times = try TimeWindow.read(
            arguments, else: ["since": "1h"], now: request.now, zone: zone)
        let start = Clock.monotonic()
        let found = try known.search(store, times: request.times, zone: zone)
        let elapsed = Clock.monotonic() - start
        Standard.output(report.text(found.matches, window: request.times))
        let count = found.matches.count
        let faults = count == 0 ? "none" : "\(count)"
        CommandLineTool.note(
            "\(faults) of \(known.faults.count) known faults · "
                + HumanUnits.duration(nanoseconds: elapsed), Environment.color(arguments))
        try SourceNotes(Search(request, in: store), zone: request.zone).report()
        for failure in found.failures { CommandLineTool.report(failure.description) }
        if !found.failures.isEmpty {
            CommandLineTool.report("the answer is incomplete")
            return .incomplete
        }
        return found.matches.isEmpty ? .noneFound : .success
    }
}

/// Which known faults a command goes by.
enum KnownFaultsOption {
    static let flag = Flag(
        "faults", placeholder: "FILE",
        help: "more known faults, besides those built in, of the store and of /etc/logq")

    static func read(_ arguments: ParsedArguments) throws -> KnownFaults {
        try KnownFaults.inForce(
            given: arguments.string("faults"), store: Environment.dataDirectory(arguments))
    }
}
