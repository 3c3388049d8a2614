internal import Arguments
internal import Glibc
internal import Incidents
internal import LogModel
internal import LogQuery
internal import LogStore
internal import Presentation
internal import SQLite

/// What is to be pinned: the events of a query, or those that standard input names.
struct PinnedLines {
    private(set) var pins: [Pin] = []
    private(set) var matched = 0
    /// What of standard input could not be pinned.
    private(set) var problems: [String] = []
    /// What is missing in the window of the query.
    private(set) var notes: SourceNotes?

    /// How many can be pinned at once.
    static let most = 1_000
    private static let mostProblems = 5
    /// Longer than any event is as JSON, each of whose bytes may take six.
    private static let longestLine = 16 << 20

    init(matching arguments: ParsedArguments, _ pinning: Pinning, in store: Store) throws {
        var request = try SearchCommand.request(arguments, skipping: 1, in: store)
        request.order = SearchRequest.Order(rawValue: arguments.string("order") ?? "") ?? .oldest
        let isEmpty = request.query.utf8.allSatisfy { $0 <= 0x20 }
        guard !isEmpty || request.times != .min..<Int64.max else {
            throw CommandFailure("what is to be pinned? name a query or a window")
        }
        (pins, matched) = try pinning.pins(
            request, limit: arguments.integer("limit") ?? 10,
            note: arguments.string("note") ?? "")
        notes = try pinning.search.map { try SourceNotes($0, zone: request.zone) }
    }

    /// Reads what `search --json` prints; of it only the uids count, the rest is the store's.
    init(standardInput arguments: ParsedArguments, _ pinning: Pinning) throws {
        guard !TerminalWindow.isTerminal(STDIN_FILENO) else {
            throw CommandFailure("'-' takes what 'logq search --json' prints, from a pipe")
        }
        let limit = try arguments.integer("limit") ?? Self.most
        let note = arguments.string("note") ?? ""
        var input = InputLines(longest: Self.longestLine)
        var number = 0
        var unusable = 0
        while let line = input.next() {
            number += 1
            guard line.contains(where: { $0 > 0x20 }) else { continue }
            matched += 1
            guard pins.count < limit else { continue }
            let problem: String
            if let uid = Self.uid(of: line) {
                if let pin = try pinning.pin(uid: uid, query: "id:" + uid, note: note) {
                    pins.append(pin)
                    continue
                }
                problem = "line \(number): the store does not have the event \(uid), or no more"
            } else {
                problem = "line \(number) is no event as 'logq search --json' prints it"
            }
            unusable += 1
            if unusable <= Self.mostProblems { problems.append(problem) }
        }
        if unusable > Self.mostProblems {
            problems.append("and \(unusable - Self.mostProblems) more such lines")
        }
    }

    /// The uid in an event's JSON: among its attributes, or where a table of `id` has it.
    private static func uid(of line: [UInt8]) -> String? {
        guard let event = try? JSONValue(line) else { return nil }
        for case .object(let members)? in [event["Attributes"], event] {
            for member in members where FieldNames.resolve(member.name)?.name == FieldName.uid {
                return member.value.text
            }
        }
        return nil
    }
}

/// The lines of standard input.
private struct InputLines {
    /// Longer lines come as a mark that is no JSON.
    let longest: Int
    private var waiting: ArraySlice<UInt8> = []
    private var isAtEnd = false

    init(longest: Int) { self.longest = longest }

    mutating func next() -> [UInt8]? {
        var line: [UInt8] = []
        var isTooLong = false
        while true {
            let end = waiting.firstIndex(of: 0x0A)
            line += waiting[..<(end ?? waiting.endIndex)]
            if line.count > longest { (line, isTooLong) = ([], true) }
            if let end {
                waiting = waiting[(end + 1)...]
                break
            }
            waiting = []
            guard read() else {
                if line.isEmpty, !isTooLong { return nil }
                break
            }
        }
        return isTooLong ? [0x21] : line
    }

    private mutating func read() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while !isAtEnd {
            let count = Glibc.read(STDIN_FILENO, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            if count <= 0 { isAtEnd = true } else { waiting = buffer[..<count] }
            break
        }
        return !isAtEnd
    }
}
