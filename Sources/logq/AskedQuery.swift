internal import Arguments
internal import LogQuery
internal import LogStore

/// What the operands of a command ask: a query as written, or a saved one behind an `@`.
struct AskedQuery {
    let text: String
    /// The window that a saved query brings along, by the names of its flags.
    var times: [String: String] = [:]

    /// Of the operands behind the first `skipped` ones.
    init(_ arguments: ParsedArguments, skipping skipped: Int = 0, in store: Store) throws {
        let operands = Array(arguments.operands.dropFirst(skipped))
        guard let use = Self.use(operands) else {
            text = operands.joined(separator: " ")
            return
        }
        let queries = try Environment.savedQueries(arguments)
        guard let saved = try queries.query(use.name) else {
            let cause = QueriesCommand.unknown(use.name, queries).message
            throw CommandFailure(cause + "; to search for it as text, quote it: '\"@\(use.name)\"'")
        }
        do {
            text = try saved.query(with: use.words, knownAttributes: store.attributes())
        } catch let error as SavedQueryError {
            throw CommandFailure("@\(use.name): \(error)")
        }
        times = saved.times
    }

    /// The name and the words behind it; nil where the first word is no `@name`, as `@timestamp:2h`.
    static func use(_ operands: [String]) -> (name: String, words: [String])? {
        guard let first = operands.first, first.hasPrefix("@") else { return nil }
        let words = first.dropFirst().split(separator: " ").map(String.init)
        guard let name = words.first, SavedQueries.isName(name) else { return nil }
        return (name, Array(words.dropFirst()) + operands.dropFirst())
    }
}
