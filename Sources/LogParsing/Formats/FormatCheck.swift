internal import LogModel

/// Runs the samples of a format definition: its tests.
package enum FormatCheck {
    /// One thing that a sample should give and does not.
    package struct Difference: Equatable, Sendable, CustomStringConvertible {
        package let file: String
        /// The line of the definition where the event begins, or its expectation.
        package let line: Int
        /// The stored name of the field, or what else is different.
        package let field: String
        package let expected: String
        package let got: String

        package var description: String {
            "\(file):\(line): \(field): expected \(expected), got \(got)"
        }
    }

    /// The date that stands for the file's own: 2026-01-01T00:00:00Z.
    package static let fileDate: Int64 = 1_767_225_600_000_000_000

    /// What the samples of `definition` give differently from what they say; empty when all is well.
    ///
    /// Each sample is parsed on its own, in UTC. Beside the fields that it names it must give as
    /// many events as it has, each with exactly its own bytes.
    package static func differences(in definition: FormatDefinition) -> [Difference] {
        definition.samples.flatMap { differences(in: $0, of: definition) }
    }

    private static func differences(
        in sample: FormatDefinition.Sample, of definition: FormatDefinition
    ) -> [Difference] {
        let batch = parse(sample, with: definition)
        let source = EventSource(host: "", service: definition.service ?? "", path: "-")
        var differences: [Difference] = []
        for (index, expectation) in sample.events.enumerated() {
            guard index < batch.rows.count else {
                differences.append(
                    Difference(
                        file: definition.file, line: expectation.line, field: "event",
                        expected: "an event that begins here", got: "none"))
                break
            }
            let event = batch.event(at: index, source: source)
            differences += check(event, against: expectation, file: definition.file)
        }
        if batch.rows.count > sample.events.count, let last = sample.events.last {
            differences.append(
                Difference(
                    file: definition.file, line: last.line, field: "events",
                    expected: "\(sample.events.count)", got: "\(batch.rows.count)"))
        }
        return differences
    }

    private static func parse(
        _ sample: FormatDefinition.Sample, with definition: FormatDefinition
    ) -> EventBatch {
        var parser = LogParser(
            format: definition.name, patterns: definition.patterns, zone: .utc,
            fallbackTime: fileDate)
        var batch = EventBatch()
        let text: [UInt8] = sample.events.flatMap { event -> [UInt8] in event.text + [0x0A] }
        text.withUnsafeBufferPointer { bytes in
            _ = parser.parse(bytes, offset: 0, isFinal: true, into: &batch)
        }
        return batch
    }

    private static func check(
        _ event: Event, against expectation: FormatDefinition.Sample.Event, file: String
    ) -> [Difference] {
        func difference(_ field: String, _ expected: String, _ got: String) -> Difference {
            Difference(
                file: file, line: expectation.line, field: field, expected: expected, got: got)
        }
        // A blank line at the end belongs to the terminator, not to the original.
        let ownText = expectation.text.trimmingNewlinesAtEnd
        guard event.original.trimmingNewlinesAtEnd == ownText else {
            return [difference("event", quoted(ownText), quoted(event.original))]
        }
        let members: [(name: String, value: FlatJSON.Value)]
        do throws(FlatJSON.Failure) {
            members = try FlatJSON.object(expectation.expected)
        } catch {
            return [
                Difference(
                    file: file, line: expectation.expectedLine, field: "expected fields",
                    expected: "a flat JSON object",
                    got: "\(error.problem), at byte \(error.offset + 1)")
            ]
        }
        return members.compactMap { name, expected in
            let got = event.value(named: name)
            return isEqual(expected, got)
                ? nil : difference(name, describe(expected), describe(got))
        }
    }

    private static func isEqual(_ expected: FlatJSON.Value, _ got: Event.Value?) -> Bool {
        switch (expected, got) {
        case (.null, nil): true
        case (.text(let text), .text(let value)?): text == value
        case (.number(let number), .integer(let value)?): number == Double(value)
        case (.number(let number), .number(let value)?): abs(number - value) <= 1e-9 * abs(number)
        case (.list(let items), .list(let values)?): items == values
        default: false
        }
    }

    private static func describe(_ value: FlatJSON.Value) -> String {
        switch value {
        case .null: "null"
        case .text(let text): quoted(text)
        case .number(let number): "\(number)"
        case .list(let items): "[" + items.map(quoted).joined(separator: ", ") + "]"
        }
    }

    private static func describe(_ value: Event.Value?) -> String {
        switch value {
        case nil: "nothing"
        case .text(let text)?: quoted(text)
        case .integer(let number)?: "\(number)"
        case .number(let number)?: "\(number)"
        case .list(let items)?: "[" + items.map(quoted).joined(separator: ", ") + "]"
        }
    }

    private static func quoted(_ text: [UInt8]) -> String {
        var result = "\""
        for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\" + String(scalar)
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

extension Event {
    /// The value of a stored name, or nil where the event has none.
    ///
    /// A time that is not the line's own counts as none.
    fileprivate func value(named name: String) -> Value? {
        func text(_ bytes: [UInt8]?) -> Value? {
            guard let bytes, !bytes.isEmpty else { return nil }
            return .text(bytes)
        }
        switch name {
        case FieldName.timestamp:
            return flags.contains(.timeIsDerived)
                ? nil : .text(InstantText.utc(timestamp))
        case FieldName.severityText: return text(severityText)
        case FieldName.severityNumber: return .integer(Int64(severityNumber))
        case FieldName.body: return text(body)
        case FieldName.logger: return text(loggerName)
        case FieldName.original: return text(original)
        default: return attribute(name)
        }
    }
}

/// An instant as samples write it.
enum InstantText {
    /// `2000-10-10T20:55:36Z`, or with as many triples of decimals as it takes.
    static func utc(_ nanoseconds: Int64) -> [UInt8] {
        let fraction = RFC3339.split(nanoseconds).nanoseconds
        let digits =
            fraction == 0 ? 0 : fraction % 1_000_000 == 0 ? 3 : fraction % 1000 == 0 ? 6 : 9
        var text: [UInt8] = []
        RFC3339.append(nanoseconds, fractionDigits: digits, to: &text)
        return text
    }
}

extension [UInt8] {
    fileprivate var trimmingNewlinesAtEnd: [UInt8] {
        Array(self[..<((lastIndex { $0 != 0x0A && $0 != 0x0D }).map { $0 + 1 } ?? 0)])
    }
}
