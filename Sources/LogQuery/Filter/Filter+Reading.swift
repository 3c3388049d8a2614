package import LogModel

extension Filter {
    /// Reads a query that has no pipes, such as one that is kept with others; finds all that a search would
    /// find wrong with it.
    ///
    /// `knownAttributes` are as `FilterParser.parse` takes them.
    package init(
        query: String, knownAttributes: Set<String>, now: Int64, zone: Zone = .utc
    ) throws(QueryError) {
        let parsed = try FilterParser.parse(query, knownAttributes: knownAttributes) { _ in }
        if let pipes = parsed.pipes {
            throw QueryError(
                problem: "a pipe in a query that only finds events", query: query,
                range: pipes.lowerBound - 1..<pipes.upperBound,
                help: "leave out the pipe and what is behind it")
        }
        _ = try FilterCompiler(query: query, now: now, zone: zone).compile(parsed.filter)
        self = parsed.filter
    }
}
