import LogModel
import LogParsing
import Testing

/// A pattern and a line, with the values expected of it.
struct Sample: Sendable, CustomTestStringConvertible {
    var notation: Notation
    var pattern: String
    var text: String
    /// Field names and values in the order in which `fields(of:)` shows them.
    var expected: [String]

    init(_ notation: Notation, _ pattern: String, _ text: String, _ expected: [String]) {
        self.notation = notation
        self.pattern = pattern
        self.text = text
        self.expected = expected
    }

    var testDescription: String { "\(notation.rawValue) \(pattern) <- \(text)" }
}

/// 2026-11-21T00:00:00Z.
let fileDate: Int64 = 1_795_219_200_000_000_000

/// Parses `bytes` in the pieces that `cuts` say, keeping what comes back unconsumed.
func parse(
    _ bytes: [UInt8], _ patterns: [Pattern], cuts: [Int] = [], zone: Zone = .utc
) -> EventBatch {
    var parser = LogParser(format: "f", patterns: patterns, zone: zone, fallbackTime: fileDate)
    var batch = EventBatch()
    var position = 0
    bytes.withUnsafeBufferPointer { bytes in
        for end in cuts + [bytes.count] {
            let part = UnsafeBufferPointer(rebasing: bytes[position..<max(position, end)])
            position += parser.parse(
                part, offset: Int64(position), isFinal: end == bytes.count, into: &batch)
        }
    }
    return batch
}

func compiled(_ notation: Notation, _ text: String) throws -> [Pattern] {
    try text.split(separator: "\n").map { try Pattern(notation, String($0), format: "f") }
}

/// `name=value` of one event, body first; times as nanoseconds are left to `utc`.
func fields(of event: Event) -> [String] {
    var fields: [String] = []
    if event.flags.contains(.isUnparsed) { fields.append("UNPARSED") }
    if !event.flags.contains(.timeIsDerived) {
        var text: [UInt8] = []
        RFC3339.append(event.timestamp, fractionDigits: 3, to: &text)
        fields.append("time=" + String(decoding: text, as: UTF8.self))
    }
    if let level = event.severityText { fields.append("level=" + shown(level)) }
    fields.append("severity=\(event.severityNumber)")
    fields.append("body=" + shown(event.body))
    if let logger = event.loggerName { fields.append("logger=" + shown(logger)) }
    for (name, value) in event.attributes {
        switch value {
        case .text(let text): fields.append(name + "=" + shown(text))
        case .integer(let number): fields.append("\(name)=#\(number)")
        case .number(let number): fields.append("\(name)=\(number)")
        case .list(let items):
            fields.append("\(name)=[" + items.map(shown).joined(separator: "|") + "]")
        }
    }
    return fields
}

func shown(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

let source = EventSource(host: "h", service: "s", path: "-")

/// The bytes that a row's layout and captures give back.
func rebuilt(_ row: EventBatch.Row, _ batch: EventBatch) -> [UInt8] {
    let layout = batch.layouts[Int(row.layout)]
    var bytes: [UInt8] = []
    for piece in layout.pieces {
        switch piece {
        case .literal(let literal): bytes += literal
        case .field(let index):
            let capture = batch.captures[Int(row.firstCapture) + index]
            bytes += batch.bytes[Int(capture.start)..<Int(capture.end)]
        }
    }
    return bytes
}

func original(_ row: EventBatch.Row, _ batch: EventBatch) -> [UInt8] {
    let start = Int(row.start)
    return Array(batch.bytes[start..<start + Int(row.length - row.terminatorLength)])
}

let defaultLogback = "%d{yyyy-MM-dd HH:mm:ss.SSS} [%thread] %-5level %logger{36} - %msg%n"
let juli = "%d{dd-MMM-yyyy HH:mm:ss.SSS} %level [%thread] %logger %msg%n"
let oldJuli = "%d{MMM dd, yyyy h:mm:ss a} %class %method%n%level: %msg%n"
let combined =
    #"$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "#
    + #""$http_referer" "$http_user_agent""#
let springConsole =
    "%clr(%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX}){faint} %clr(${LOG_LEVEL_PATTERN:-%5p}) "
    + "%clr(${PID:- }){magenta} %clr(---){faint} %clr([%15.15t]){faint} "
    + "%clr(%-40.40logger{39}){cyan} %clr(:){faint} %m%n%wEx"
let springFile =
    "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} ${LOG_LEVEL_PATTERN:-%5p} ${PID:- } --- [%t] "
    + "%-40.40logger{39} : %m%n${LOG_EXCEPTION_CONVERSION_WORD:-%wEx}"

func compiledPattern(of sample: Sample) throws -> [Pattern] {
    guard sample.notation != .unstructured else { return [] }
    return [try Pattern(sample.notation, sample.pattern, format: "f")]
}
