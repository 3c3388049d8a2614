internal import Arguments
internal import Incidents
internal import LogModel
internal import Presentation

/// `logq incident stats`: how many faults, how long, and what is left to do.
enum IncidentStatsCommand {
    static let command = Command(
        declaration: CommandDeclaration(
            name: "incident stats",
            summary: "faults by month, type, severity and service; how long they lasted",
            discussion: """
                How many records there are and how many are open, how long it took to detect and to \
                resolve (mean and median), by month with the trend, by type, severity and service; \
                then the actions that are overdue, and the services that were hit more than once. \
                What each figure is stands below. A record with more than one service counts for each.
                Exit status: 0 shown, 1 there are no such records, 2 error.
                """,
            examples: [
                ("logq incident stats", "all of it"),
                ("logq incident stats --since 2026-01-01 --by service", "this year, by service"),
                ("logq incident stats --json | jq .mttr_seconds", "one figure"),
            ],
            flags: [
                Flag(
                    "by", placeholder: "WHAT", help: "only these groups",
                    choices: IncidentStatistics.Grouping.allCases.map(\.rawValue))
            ] + TimeWindow.flags.prefix(2) + [
                IncidentOptions.languageFlag, Environment.zoneFlag, Environment.dataFlag,
                Environment.colorFlag, Flag("json", help: "one JSON object, times in seconds"),
            ],
            operands: nil),
        run: run)

    private static func run(_ arguments: ParsedArguments) throws -> ExitCode {
        let zone = try Environment.zone(arguments)
        let store = try IncidentStore(reading: Environment.dataDirectory(arguments))
        let now = Clock.now()
        let times = try TimeWindow.read(
            arguments, among: ["since", "until"], now: now, zone: zone)
        let statistics = try IncidentStatistics(
            of: store, times: times, today: CalendarDate(now, in: zone), zone: zone)
        let grouping = arguments.string("by").flatMap(IncidentStatistics.Grouping.init)
        let output: [UInt8]
        if arguments.isSet("json") {
            output = statistics.json(by: grouping)
        } else {
            let settings = Environment.pictureSettings(arguments, zone: zone)
            output = IncidentStatisticsText(
                statistics, language: IncidentOptions.language(arguments), settings
            ).text(by: grouping)
        }
        Standard.output(String(decoding: output, as: UTF8.self))
        return statistics.total.records > 0 ? .success : .noneFound
    }
}
