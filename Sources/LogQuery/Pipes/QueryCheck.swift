internal import LogModel

/// Reads queries that are kept for later, such as those in fault records.
package enum QueryCheck {
    /// What is wrong with the filter or the stages of `query`; nil for one that can be asked.
    ///
    /// Without the names of the attributes (nil), any name of a field will do: the logs that had it
    /// may be gone. A query with more than a hundred such names is said to have an unknown field.
    package static func problem(in query: String, knownAttributes: Set<String>?) -> QueryError? {
        var known = knownAttributes ?? []
        // Each round learns a name.
        for _ in 0..<mostNames {
            guard let error = problem(in: query, known) else { return nil }
            guard knownAttributes == nil, error.problem.hasPrefix("unknown field"),
                let name = name(at: error.range, in: query), known.insert(name).inserted
            else { return error }
        }
        return problem(in: query, known)
    }

    private static let mostNames = 100

    private static func problem(in query: String, _ known: Set<String>) -> QueryError? {
        do {
            let compiler = FilterCompiler(query: query, now: 0, zone: .utc)
            let parsed = try PipedQuery.parse(query, knownAttributes: known) {
                (pattern) throws(QueryError) in _ = try compiler.regex(pattern)
            }
            _ = try compiler.compile(parsed.filter)
            for condition in parsed.conditions { _ = try compiler.compile(condition) }
            return nil
        } catch { return error }
    }

    private static func name(at range: Range<Int>, in query: String) -> String? {
        let bytes = Array(query.utf8)
        guard range.lowerBound >= 0, range.upperBound <= bytes.count, !range.isEmpty else {
            return nil
        }
        return String(validating: bytes[range], as: UTF8.self)
    }
}
