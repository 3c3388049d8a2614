/// A query taken apart: the filter, and the stages behind its pipes.
struct PipedQuery {
    /// What the search keeps, with the `where`s that stand before any other stage.
    let filter: Filter
    let stages: [Stage]
    /// The filters of the stages, which know them by number.
    let conditions: [Filter]
    let shape: PipeShape

    /// Parses the whole of `query`; see `FilterParser.parse` for the arguments.
    static func parse(
        _ query: String, knownAttributes: Set<String>,
        validateRegex: (RegexPattern) throws(QueryError) -> Void
    ) throws(QueryError) -> PipedQuery {
        var grammar = try FilterParser.grammar(of: query, knownAttributes)
        let filter = try grammar.wholeFilter()
        var parser = StageParser(grammar)
        try parser.parse()
        for pattern in parser.grammar.patterns { try validateRegex(pattern) }
        let filters = ([filter] + parser.leadingFilters).filter { $0 != .all }
        return PipedQuery(
            filter: filters.isEmpty ? .all : filters.count == 1 ? filters[0] : .and(filters),
            stages: parser.stages, conditions: parser.conditions, shape: parser.shape)
    }
}
