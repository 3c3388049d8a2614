internal import Arguments
internal import Glibc
internal import LogModel
internal import LogQuery
internal import LogStore
internal import Presentation

/// `logq diff`: what is different while something is wrong.
enum DiffCommand {
    static let command = Command(
        declaration: CommandDeclaration(
            name: "diff",
            summary: "find what changed between a good time and a bad one",
            discussion: """
                Compares two windows and lists what is new, gone, or changed in rate in the bad one: \
                messages by their template, exceptions, statuses, paths, loggers, levels, hosts. On top \
                stands the first change of each service in the order in which they began, the first \
                mover first; then the rest in that order.
                A WINDOW is FROM..TO, each a time as --since takes it, or one time, which stands for the \
                whole day, minute or second named; --around widens it on both sides. Without --good, it is \
                compared with the hour around the same time of the day before; or, if that had many more \
                errors, of one of two days before that, or with the hour that ends a quarter of an hour \
                before. The answer says which.
                A change is listed when a statistical test finds it in the rate and in the rate relative \
                to its service's other traffic, so that busy hours make no changes. Of the changes listed, \
                at most 1 % are chance (--rate); rates must change by a factor of 2 and by 5 events.
                Changes that are mere echoes of others (the exception that comes with a message, the level \
                that follows from a status) are folded into those; --verbose shows them.
                Exit status: 0 changes found, 1 none, 2 error, 3 the answer is incomplete.
                """,
            examples: [
                (
                    "logq diff --bad '2026-11-20 10:12' --around 5m",
                    "what changed around a moment, against the day before"
                ),
                (
                    "logq diff --bad 10:12..10:18 --good 09:00..10:00",
                    "two windows of today"
                ),
                ("logq diff --bad 30m..now service:control", "the last half hour of one service"),
            ],
            flags: [
                Flag("bad", placeholder: "WINDOW", help: "when something was wrong"),
                Flag("good", placeholder: "WINDOW", help: "when nothing was"),
                Flag("around", placeholder: "SPAN", help: "how far before and after --bad"),
                Environment.zoneFlag,
                Flag(
                    "limit", short: "n", placeholder: "N",
                    help: "at most N changes (20), 0 for all",
                    check: Flag.wholeNumber(in: 0...Int.max)),
                Flag(
                    "rate", placeholder: "SHARE",
                    help: "the share of the changes that may be chance (0.01)"),
                Flag("json", help: "one JSON object"),
                Flag("verbose", short: "v", help: "echoes and false-discovery rates too"),
                Environment.dataFlag, Environment.colorFlag,
            ],
            operands: Operands("QUERY", help: "only the events that match, as in logq search"),
            operandsMayStartWithDash: true),
        run: run)

    private static func run(_ arguments: ParsedArguments) throws -> ExitCode {
        let zone = try Environment.zone(arguments)
        let now = Clock.now()
        guard let bad = arguments.string("bad") else {
            throw CommandFailure(
                "the time of the trouble is missing: --bad '2026-11-20 10:12' --around 5m")
        }
        let store = try Store(directory: Environment.dataDirectory(arguments))
        let window = try ComparedWindow.read(
            bad, flag: "bad", around: arguments.string("around"), now: now, zone: zone)
        var request = ComparisonRequest(
            query: arguments.operands.joined(separator: " "), bad: window, good: window, now: now)
        request.zone = zone
        request.falseDiscoveryRate = try share(arguments) ?? request.falseDiscoveryRate
        _ = try request.search(window, in: store)
        var choice: String?
        if let good = arguments.string("good") {
            request.good = try ComparedWindow.read(
                good, flag: "good", around: nil, now: now, zone: zone)
        } else {
            let usual = try request.usualWindow(in: store)
            (request.good, choice) = (usual.times, usual.choice)
        }
        let start = Clock.monotonic()
        let comparison = try WindowComparison.run(request, in: store)
        let elapsed = Clock.monotonic() - start
        let output = DiffOutput(request: request, choice: choice, arguments: arguments)
        try output.write(comparison, elapsed: elapsed)
        for failure in comparison.failures { CommandLineTool.report(failure.description) }
        if !comparison.failures.isEmpty {
            CommandLineTool.report("the answer is incomplete")
            return .incomplete
        }
        return comparison.changes.isEmpty ? .noneFound : .success
    }

    private static func share(_ arguments: ParsedArguments) throws -> Double? {
        guard let given = arguments.string("rate") else { return nil }
        guard let share = Double(given), share > 0, share < 1 else {
            throw CommandFailure(
                "--rate takes a share between 0 and 1, such as 0.01, not '\(given)'")
        }
        return share
    }
}

/// The windows of --bad and --good.
enum ComparedWindow {
    static func read(
        _ text: String, flag: String, around: String?, now: Int64, zone: Zone
    ) throws -> Range<Int64> {
        var window = try TimeExpression.window(text, now: now, zone: zone)
        if let around {
            let width = try TimeExpression.duration(around)
            let from = window.lowerBound.subtractingReportingOverflow(width)
            let to = window.upperBound.addingReportingOverflow(width)
            window =
                (from.overflow ? .min : from.partialValue)..<(to.overflow ? .max : to.partialValue)
        }
        guard !window.isEmpty else {
            throw CommandFailure(
                "--\(flag) '\(text)' is an instant; widen it with --around 5m, or write FROM..TO")
        }
        return window
    }
}

/// Prints a comparison.
struct DiffOutput {
    let request: ComparisonRequest
    let choice: String?
    let arguments: ParsedArguments

    func write(_ comparison: WindowComparison, elapsed: Int64) throws {
        var stream = OutputStream(descriptor: STDOUT_FILENO)
        if arguments.isSet("json") {
            var json = DiffJSON()
            let line = json.line(
                comparison, bad: request.bad, good: request.good, choice: choice)
            _ = try stream.write(line.span)
            _ = try stream.flush()
            return
        }
        note("bad   " + described(request.bad, comparison.badEvents))
        let why = choice.map { " · \($0)" } ?? ""
        note("good  " + described(request.good, comparison.goodEvents) + why)
        let limit = try arguments.integer("limit") ?? 20
        let shown = limit == 0 ? comparison.changes : Array(comparison.changes.prefix(limit))
        var bytes: [UInt8] = []
        text().append(shown, to: &bytes)
        _ = try stream.write(bytes.span)
        _ = try stream.flush()
        finish(comparison, shown: shown.count, elapsed: elapsed)
    }

    private func text() -> DiffText {
        let color = Environment.color(arguments)
        let isTerminal = TerminalWindow.isTerminal(STDOUT_FILENO)
        return DiffText(
            zone: request.zone, window: request.bad,
            painter: Painter(isEnabled: color.isEnabled(for: STDOUT_FILENO)),
            width: isTerminal ? TerminalWindow.columns(of: STDOUT_FILENO) : nil,
            isVerbose: arguments.isSet("verbose"))
    }

    private func finish(_ comparison: WindowComparison, shown: Int, elapsed: Int64) {
        if !comparison.traffic.isEmpty {
            let list = comparison.traffic.prefix(6).map {
                $0.service + ($0.isRequests ? " requests " : " ") + DiffText.ratio($0.ratio)
            }
            note("traffic  " + list.joined(separator: ", "))
        }
        for text in comparison.notes { note(text) }
        let all = comparison.changes
        let echoes = all.reduce(0) { $0 + $1.echoes.count }
        var line = all.isEmpty ? "no changes" : all.count == 1 ? "1 change" : "\(all.count) changes"
        if shown < all.count { line += " (the first \(shown); -n 0 for all)" }
        if echoes > 0 { line += ", \(echoes) \(echoes == 1 ? "echo" : "echoes") of them" }
        line += " · \(comparison.tests) tests · "
        note(line + HumanUnits.duration(nanoseconds: elapsed))
    }

    private func described(_ window: Range<Int64>, _ events: Int) -> String {
        let from = RFC3339.clockText(window.lowerBound, zone: request.zone)
        let to = RFC3339.clockText(window.upperBound, zone: request.zone)
        let end = from.prefix(10) == to.prefix(10) ? String(to.dropFirst(11)) : to
        return "\(from) – \(end), \(request.zone.name) · \(HumanUnits.count(Int64(events))) events"
    }

    private func note(_ text: String) {
        CommandLineTool.note(text, Environment.color(arguments))
    }
}
