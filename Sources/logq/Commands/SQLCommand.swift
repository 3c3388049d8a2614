internal import Arguments
internal import Glibc
internal import LogModel
internal import LogQuery
internal import LogStore
internal import Presentation
internal import SQLite

/// `logq sql`: the events as a table, for questions in SQL.
enum SQLCommand {
    static let command = Command(
        declaration: CommandDeclaration(
            name: "sql",
            summary: "ask in SQL, read-only",
            discussion: """
                One SELECT over the table events, in SQLite's dialect; from standard input without one. \
                events('level:ERROR timeout', '2h') takes a query of 'logq search' and a window; \
                conditions on columns use the index too. bin(time, '5m') cuts time into buckets, \
                REGEXP takes the expressions of queries, time compares with whatever --since takes. \
                --schema shows the columns. Exit status: 0 rows, 1 none, 2 error, 3 incomplete.
                """,
            examples: [
                (
                    "logq sql \"SELECT host, count(*) FROM events WHERE status >= 500 GROUP BY host\"",
                    "failures by host"
                ),
                (
                    "logq sql --since 2h \"SELECT bin(time, '5m') AS t, avg(took), max(took) "
                        + "FROM events('service:nginx') GROUP BY t\"",
                    "how long answers took"
                ),
                (
                    "logq sql --csv \"SELECT time, msg FROM events('数据库连接超时') ORDER BY time LIMIT 20\"",
                    "the first twenty, for a spreadsheet"
                ),
                ("logq sql --json < question.sql", "a longer statement from a file"),
            ],
            flags: TimeWindow.flags + [
                Environment.zoneFlag,
                Flag("schema", help: "the columns, their types and what they hold"),
                Flag("json", help: "one JSON object a line"),
                Flag("csv", help: "a table with a header"),
                Environment.dataFlag, Environment.colorFlag,
            ],
            operands: Operands("SELECT", help: "the statement", maximum: 1, areFiles: false)),
        run: run)

    private static func run(_ arguments: ParsedArguments) throws -> ExitCode {
        if arguments.isSet("schema") {
            Standard.output(schema())
            return .success
        }
        let text = try arguments.operands.first ?? standardInput()
        var request = SearchRequest(query: "", now: Clock.now())
        request.zone = try Environment.zone(arguments)
        request.times = try TimeWindow.read(arguments, now: request.now, zone: request.zone)
        let start = Clock.monotonic()
        let database = try EventDatabase(
            Store(directory: Environment.dataDirectory(arguments)), request: request,
            attributeText: EventJSON.object)
        let rows: Int
        do {
            rows = try answer(text, database, arguments, start)
        } catch let error as SQLiteError {
            if let cause = database.searchError { throw cause }
            let help = Self.help(for: error)
            guard let offset = error.offset else {
                throw CommandFailure(error.message + (help.map { "; " + $0 } ?? ""))
            }
            throw QueryError(
                problem: error.message, query: text, range: Self.word(at: offset, in: text),
                help: help)
        }
        for failure in database.failures { CommandLineTool.report(failure.description) }
        if !database.failures.isEmpty {
            CommandLineTool.report("the answer is incomplete")
            return .incomplete
        }
        return rows > 0 ? .success : .noneFound
    }

    private static func answer(
        _ text: String, _ database: EventDatabase, _ arguments: ParsedArguments, _ start: Int64
    ) throws -> Int {
        let statement = try database.statement(text)
        let columns = (0..<statement.columnCount).map { statement.name($0) }
        let mode = try OutputMode(arguments, among: ["json", "csv"])
        let settings = Environment.pictureSettings(
            arguments, zone: try Environment.zone(arguments))
        var output = TableOutput(untyped: columns, mode, settings)
        var count = 0
        var isWanted = true
        while isWanted, try statement.step() {
            count += 1
            isWanted = try output.append(
                (0..<statement.columnCount).map { cell(statement.value($0)) })
        }
        try output.finish()
        if mode == .people {
            let rows = count == 1 ? "1 row" : "\(HumanUnits.count(Int64(count))) rows"
            let elapsed = HumanUnits.duration(nanoseconds: Clock.monotonic() - start)
            Standard.error("\(rows) · \(elapsed)\n")
        }
        return count
    }

    private static func cell(_ value: SQLValue) -> ResultTable.Value {
        switch value {
        case .null: .none
        case .integer(let number): .integer(number)
        case .real(let number): .number(number)
        case .text(let bytes): .text(bytes)
        case .blob(let bytes): .text(hexadecimal(bytes))
        }
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        return bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    }

    private static func standardInput() throws -> String {
        guard !TerminalWindow.isTerminal(STDIN_FILENO) else {
            throw CommandFailure("no statement; try 'logq help sql'")
        }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(STDIN_FILENO, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            if count <= 0 { break }
            bytes += buffer[..<count]
            guard bytes.count <= 1 << 20 else {
                throw CommandFailure("the statement is longer than 1 MiB")
            }
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandFailure("the statement is not UTF-8")
        }
        return text
    }

    // MARK: Help

    private static func schema() -> String {
        var text = "events(query, since, until)\n"
        for column in EventColumn.standard {
            func padded(_ word: String, _ width: Int) -> String {
                word + String(repeating: " ", count: max(1, width - word.utf8.count))
            }
            text += "  " + padded(column.name, 12)
            text += column.help.isEmpty ? column.type : padded(column.type, 9) + column.help
            text += "\n"
        }
        return text + """

            More columns, left out of *: the fields' long names ("url.path", "service.name", message),
            and the store's own attributes ("mdc.traceId", or traceId where that is one field only).

            SELECT level, count(*) FROM events GROUP BY level
            SELECT bin(time, '1h') AS hour, count(*) FROM events('status:>=500') GROUP BY hour
            SELECT time, host, msg FROM events WHERE time >= '10:05' AND msg LIKE '%timeout%'
            SELECT path, max(took) FROM events WHERE raw REGEXP 'order-[0-9]*77' GROUP BY path
            SELECT * FROM events('level:ERROR', '2h') ORDER BY time DESC LIMIT 20\n
            """
    }

    /// What the message of SQLite does not say.
    private static func help(for error: SQLiteError) -> String? {
        if error.message == "not authorized" || error.message.hasSuffix("may not be modified") {
            return "logq sql only reads: one SELECT, no pragmas"
        }
        if error.message.hasPrefix("no such table") { return "there is one table: events" }
        guard error.message.hasPrefix("no such column") else { return nil }
        let name = error.message.split(separator: " ").last.map(String.init) ?? ""
        let names = EventColumn.standard.map(\.name)
        let near = NearestName.find(name, in: names).map { "did you mean '\($0)'? " } ?? ""
        return near + "'logq sql --schema' lists the columns; texts stand in single quotes"
    }

    /// The word that begins at a place, to be underlined.
    private static func word(at offset: Int, in text: String) -> Range<Int> {
        let bytes = Array(text.utf8)
        let start = min(offset, bytes.count)
        let isWord = { (byte: UInt8) in
            byte >= 0x80 || byte == 0x5F || byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26
        }
        let end = bytes[start...].firstIndex { !isWord($0) } ?? bytes.count
        return start..<max(end, min(start + 1, bytes.count))
    }
}
