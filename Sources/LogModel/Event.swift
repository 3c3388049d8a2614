/// One log event as a value, in the shape of OpenTelemetry's log data model.
///
/// This is for showing and for tests; searching works on columns and batches. Text is bytes: what a
/// log holds need not be valid UTF-8.
package struct Event: Sendable {
    package var timestamp: Int64 = 0
    package var observedTimestamp: Int64 = 0
    package var utcOffset: Int32 = 0
    package var severityNumber: UInt8 = 0
    /// The level as written; nil where the line has none.
    package var severityText: [UInt8]?
    package var body: [UInt8] = []
    package var loggerName: [UInt8]?
    package var attributes: [(name: String, value: Value)] = []
    package var source = EventSource(host: "", service: "", path: "")
    package var format = ""
    package var flags: EventBatch.Flags = []
    package var offset: Int64 = 0
    package var length: Int = 0
    /// The original bytes without the line terminator.
    package var original: [UInt8] = []
    /// The line terminator, and the blank lines behind it; empty at the end of some files.
    package var terminator: [UInt8] = []

    package init() {}

    /// What identifies the event: its source generation and its byte offset, never its content.
    package var uid: String { source.generation + "-" + String(offset) }

    package enum Value: Equatable, Sendable {
        case text([UInt8])
        case integer(Int64)
        case number(Double)
        case list([[UInt8]])
    }

    package func attribute(_ name: String) -> Value? {
        attributes.first { $0.name == name }?.value
    }
}
