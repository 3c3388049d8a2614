/// A mistake in the text of a query: what is wrong, where, and what to write instead.
package struct QueryError: Error, Equatable {
    package let problem: String
    /// The whole text that was parsed.
    package let query: String
    /// The part of `query` at fault, in UTF-8 offsets; an empty range points at one place.
    package let range: Range<Int>
    package let help: String?

    package init(problem: String, query: String, range: Range<Int>, help: String? = nil) {
        self.problem = problem
        self.query = query
        self.range = range
        self.help = help
    }
}
