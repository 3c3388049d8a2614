internal import Presentation

extension JSONWriter {
    /// One object a value and line, whose members `write` writes.
    static func lines<Value>(
        _ values: [Value], _ write: (inout JSONWriter, Value) -> Void
    ) -> String {
        var json = JSONWriter()
        for value in values {
            json.beginObject()
            write(&json, value)
            json.endObject()
            json.endLine()
        }
        return String(decoding: json.bytes, as: UTF8.self)
    }

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
