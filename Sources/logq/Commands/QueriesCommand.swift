internal import Arguments
internal import LogModel
internal import LogQuery
internal import LogStore
internal import Presentation

/// `logq queries`: queries that have a name.
enum QueriesCommand {
    static let command = Command(
        declaration: CommandDeclaration(
            name: "queries",
            summary: "list, save and remove queries with a name",
            discussion: """
                A saved query is used as 'logq search @NAME', with further terms and pipes behind it. \
                $1 to $9 in it stand for the words behind the name. Each is a text file, NAME.query, \
                in ~/.config/logq/queries, or with --team in the store's directory 'queries'; they \
                may be edited and copied.
                """,
            examples: [
                ("logq queries", "all of them"),
                (
                    "logq queries save pay-errors --since 2h 'level:ERROR service:control'",
                    "save one with its window"
                ),
                ("logq search @pay-errors host:pay-app-1", "use it, and ask for more"),
                ("logq queries save order --title 'all of an order' '\"$1\"'", "with a parameter"),
                ("logq search @order P20261120095316", "fill the parameter in"),
                ("logq queries remove pay-errors", "remove it"),
            ],
            flags: TimeWindow.flags + [
                Flag("title", placeholder: "TEXT", help: "save: what the query is for"),
                Flag("replace", help: "save: change a query of that name"),
                Flag("team", help: "save, remove: for all who search the store"),
                Environment.zoneFlag, Environment.dataFlag,
            ],
            operands: Operands(
                "ACTION", help: "list, show NAME, save NAME QUERY, or remove NAME", areFiles: false),
            operandsMayStartWithDash: true),
        run: run)

    private static func run(_ arguments: ParsedArguments) throws -> ExitCode {
        let queries = try Environment.savedQueries(arguments)
        let operands = arguments.operands
        let name = operands.count > 1 ? operands[1] : nil
        switch operands.first ?? "list" {
        case "list": return try list(queries)
        case "show": return try show(required(name), queries)
        case "save":
            return try save(
                required(name), operands.dropFirst(2).joined(separator: " "), queries, arguments)
        case "remove":
            let name = try required(name)
            guard try queries.remove(name, isShared: arguments.isSet("team")) else {
                let entry = queries.entries().first { $0.name == name }
                let hint =
                    entry?.isShared == true ? "it is the team's; give --team to remove it" : nil
                throw hint.map { CommandFailure("'\(name)' is not removed: \($0)") }
                    ?? unknown(name, queries)
            }
            return .success
        default:
            throw CommandFailure("unknown action '\(operands[0])'; try 'logq help queries'")
        }
    }

    private static func required(_ name: String?) throws -> String {
        guard let name else {
            throw CommandFailure("which query? try 'logq queries list'")
        }
        return name.hasPrefix("@") ? String(name.dropFirst()) : name
    }

    static func unknown(_ name: String, _ queries: SavedQueries) -> CommandFailure {
        let names = queries.entries().map(\.name)
        let near = NearestName.find(name, in: names).map { "; did you mean '\($0)'?" } ?? ";"
        return CommandFailure("no saved query '\(name)'\(near) 'logq queries' lists all")
    }

    private static func list(_ queries: SavedQueries) throws -> ExitCode {
        let entries = queries.entries()
        let width = entries.map { TextWidth.columns(of: $0.name) }.max() ?? 0
        var text = ""
        for entry in entries {
            let gap = String(repeating: " ", count: width - TextWidth.columns(of: entry.name) + 2)
            let about: String
            do {
                let query = try SavedQueries.read(entry)
                about = query.title.isEmpty ? query.query : query.title
            } catch {
                about = "(cannot be used: \(error))"
            }
            text += "@" + entry.name + gap + about + (entry.isShared ? "  (team)" : "") + "\n"
        }
        Standard.output(SafeText.escaped(text, keepNewlines: true))
        return entries.isEmpty ? .noneFound : .success
    }

    private static func show(_ name: String, _ queries: SavedQueries) throws -> ExitCode {
        guard let query = try queries.query(name) else { throw unknown(name, queries) }
        Standard.output(SafeText.escaped(query.text, keepNewlines: true))
        return .success
    }

    private static func save(
        _ name: String, _ text: String, _ queries: SavedQueries, _ arguments: ParsedArguments
    ) throws -> ExitCode {
        var query = SavedQuery()
        query.query = text
        query.title = arguments.string("title") ?? ""
        for key in SavedQuery.timeKeys { query.times[key] = arguments.string(key) }
        // Windows that cannot be read are refused now, not when the phone rings.
        _ = try TimeWindow.read(
            arguments, now: Clock.now(), zone: Environment.zone(arguments))
        try check(query, arguments)
        let path = try queries.save(
            query, as: name, isShared: arguments.isSet("team"),
            replaces: arguments.isSet("replace"))
        Standard.output(SafeText.escaped("saved \(path); use it: logq search @\(name)") + "\n")
        return .success
    }

    /// Mistakes in the filter, if there is a store to know its fields by.
    private static func check(_ query: SavedQuery, _ arguments: ParsedArguments) throws {
        guard query.parameterCount == 0, !query.query.isEmpty,
            let store = try? Store(directory: Environment.dataDirectory(arguments))
        else { return }
        let text = try query.query(with: [], knownAttributes: store.attributes())
        let filter = SavedQuery.split(text, try store.attributes()).filter
        _ = try Search(SearchRequest(query: filter, now: Clock.now()), in: store)
    }
}
