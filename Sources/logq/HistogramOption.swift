internal import Arguments
internal import LogQuery
internal import LogStore

/// `--histogram` and `--by`: the stage `timechart by FIELD`, written as flags.
enum HistogramOption {
    static let flags = [
        Flag("histogram", help: "events over time, as '| timechart by level' draws them"),
        Flag("by", placeholder: "FIELD", help: "split the histogram by this field, not by level"),
    ]

    /// Puts the stage behind the query if the flags ask for it.
    static func apply(
        _ arguments: ParsedArguments, to request: inout SearchRequest, in store: Store
    ) throws {
        let field = arguments.string("by")
        guard arguments.isSet("histogram") else {
            guard field == nil else { throw CommandFailure("--by goes with --histogram") }
            return
        }
        for flag in ["raw", "count"] where arguments.isSet(flag) {
            throw CommandFailure("--histogram and --\(flag) exclude each other; choose one")
        }
        // Mistakes in the query are shown without the stage.
        guard try !Search(request, in: store).isPiped else {
            throw CommandFailure(
                "--histogram is a stage itself, and the query has stages already; leave it out and "
                    + "put '| timechart by \(field ?? "level")' where it belongs")
        }
        request.add(stage: "timechart by \(field ?? "level")")
    }
}

extension SearchRequest {
    /// Puts a stage behind the query.
    mutating func add(stage: String) { query += " | " + stage }
}
