internal import Arguments
internal import Glibc
internal import LogModel
internal import LogStore
internal import Presentation
internal import Retention

/// `logq status`: what the store holds.
enum StatusCommand {
    static let command = Command(
        declaration: CommandDeclaration(
            name: "status",
            summary: "what the shipper does, and what the store holds, day by day",
            discussion: """
                Where a shipper follows files ('logq help ship'), its state comes first, then for each \
                source of its configuration how many files it has, how much of them is not stored yet \
                (in bytes, and for how long), and the files that are furthest behind or cannot be read. \
                What lags more than a moment, and what fails, is coloured.

                Then the days: events, bytes of text, bytes on disk, blocks, and what is archived. \
                What the disk has left is coloured from 80, 90 and 95 % on; below it stands when the \
                disk will be full, or how far the store grows, if the days to come are like the last \
                seven and the retention policy is carried out ('logq help retention'); and when the \
                nightly job, the verification and the backup came by last. Of the newest day a line of bars for each host and service shows how many events an \
                hour it had, and when its last one was: who fell silent stands out. It is made from the \
                summaries of blocks, whose events count as spread evenly over their time.
                """,
            examples: [
                ("logq status", "shipper, days, events and sizes; who logged how much"),
                ("logq status --files", "every followed file, with its position and lag"),
                (
                    "logq status --json | jq '.followed[].files[] | select(.lag_bytes > 1e6)'",
                    "what is more than a megabyte behind"
                ),
            ],
            flags: [
                Flag("files", help: "all followed files, not only the few that lag most"),
                Environment.zoneFlag, Environment.dataFlag, Environment.colorFlag,
                Flag("json", help: "the figures as one JSON object, times in UTC"),
            ],
            operands: nil),
        run: run)

    private static func run(_ arguments: ParsedArguments) throws -> ExitCode {
        let zone = try Environment.zone(arguments)
        let store = try Store(directory: Environment.dataDirectory(arguments))
        var report = StatusReport(
            directory: store.directory, sources: try store.generations().count)
        report.shipper = try ShipperReport(store, now: Clock.now())
        var failures: [StoreError] = []
        func noting(_ body: () throws(StoreError) -> Void) {
            do { try body() } catch { failures.append(error) }
        }
        noting { () throws(StoreError) in report.disk = try DiskUse(store.directory) }
        let policy = policy(of: store)
        var forecast = try policy.map { (policy) throws(StoreError) in
            try StatusForecast(store, policy, now: Clock.now())
        }
        for day in try store.days() {
            if let path = store.damagedPart(of: day) {
                failures.append(.damaged(path: path, reason: "set aside earlier"))
            }
            noting { () throws(StoreError) in
                try add(store.partition(day), to: &report, &forecast)
            }
        }
        report.forecast = report.disk.flatMap { forecast?.forecast($0) }
        noting { () throws(StoreError) in
            report.jobs = try LastJobs(store, policy, now: Clock.now())
        }
        noting { () throws(StoreError) in
            failures += try store.missingDayErrors(in: .min..<Int64.max)
        }
        noting { () throws(StoreError) in report.newest = try newest(of: report, in: store) }
        show(report, arguments, zone)
        for failure in failures { CommandLineTool.report(failure.description) }
        return failures.isEmpty ? .success : .incomplete
    }

    private static func show(_ report: StatusReport, _ arguments: ParsedArguments, _ zone: Zone) {
        if arguments.isSet("json") {
            return Standard.output(String(decoding: report.json(), as: UTF8.self))
        }
        let painter = Painter(
            isEnabled: Environment.color(arguments).isEnabled(for: STDOUT_FILENO))
        let shipper =
            report.shipper?.text(
                zone: zone, painter: painter, allFiles: arguments.isSet("files")) ?? []
        let text = report.text(zone: zone, glyphs: .ofLocale, painter: painter)
        Standard.output(String(decoding: shipper + text, as: UTF8.self))
    }

    /// Nil if the policy has mistakes, which are shown: all else is there without it.
    private static func policy(of store: Store) -> RetentionPolicy? {
        do {
            return try RetentionPolicy.inForce(given: nil, store: store.directory).policy
        } catch {
            CommandLineTool.report("there is no forecast: \(error)")
            return nil
        }
    }

    private static func add(
        _ partition: Partition, to report: inout StatusReport, _ forecast: inout StatusForecast?
    ) throws(StoreError) {
        let totals = try partition.totals()
        let text = try partition.textBytes()
        let diskBytes = DiskUse.size(ofDayAt: partition.path)
        report.days.append(
            StatusReport.DayTotals(
                name: partition.day.name, blocks: totals.blocks, events: totals.events,
                rawBytes: totals.rawBytes, archivedBytes: Int(text.archived), diskBytes: diskBytes))
        try forecast?.add(partition, text, rawBytes: totals.rawBytes, diskBytes: diskBytes)
    }

    private static func newest(
        of report: StatusReport, in store: Store
    ) throws(StoreError) -> HourlyEvents? {
        guard let name = report.days.last(where: { $0.events > 0 })?.name,
            let day = Day(name: name)
        else { return nil }
        return try HourlyEvents(store.partition(day))
    }
}
