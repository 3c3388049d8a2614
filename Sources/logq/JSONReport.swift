internal import Presentation

extension JSONWriter {
    /// Ends the object of a job's summary with what went wrong, and writes it to standard output.
    mutating func printReport(problems: [String]) {
        key("problems")
        beginArray()
        for problem in problems { string(problem) }
        endArray()
        endObject()
        endLine()
        Standard.output(String(decoding: bytes, as: UTF8.self))
    }
}
