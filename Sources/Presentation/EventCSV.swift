package import LogModel

/// Writes events as rows of a table (RFC 4180), one column a field that nearly every event has.
package struct EventCSV {
    /// The header's names, in the order of the columns.
    package static let columns = [
        FieldName.timestamp, FieldName.severityText, FieldName.host, FieldName.service,
        FieldName.logger, FieldName.thread, FieldName.body, FieldName.exceptionType,
        FieldName.method, FieldName.urlPath, FieldName.status, FieldName.duration,
        FieldName.clientAddress, FieldName.filePath, FieldName.uid,
    ]

    private var writer = CSVWriter()
    private let zone: Zone

    package init(zone: Zone) { self.zone = zone }

    /// The header and all rows so far; taken out.
    package mutating func take() -> [UInt8] {
        defer { writer.removeAll() }
        return writer.bytes
    }

    package mutating func header() {
        for column in Self.columns { writer.field(column) }
        writer.endRow()
    }

    package mutating func append(_ event: Event) {
        for column in Self.columns { writer.field(value(of: column, in: event).span) }
        writer.endRow()
    }

    private func value(of column: String, in event: Event) -> [UInt8] {
        switch column {
        case FieldName.timestamp:
            var text: [UInt8] = []
            RFC3339.append(event.timestamp, zone: zone, to: &text)
            return text
        case FieldName.severityText:
            return event.severityText ?? Array(Severity.name(of: event.severityNumber).utf8)
        case FieldName.host: return Array(event.source.host.utf8)
        case FieldName.service: return Array(event.source.service.utf8)
        case FieldName.logger: return event.loggerName ?? []
        case FieldName.body: return event.body
        case FieldName.filePath: return Array(event.source.path.utf8)
        case FieldName.uid: return Array(event.uid.utf8)
        default: return event.attribute(column)?.text ?? []
        }
    }
}

extension Event.Value {
    /// The value as text: lists with a comma between, numbers in decimal.
    package var text: [UInt8] {
        switch self {
        case .text(let bytes): bytes
        case .integer(let value): Array(String(value).utf8)
        case .number(let value): Array("\(value)".utf8)
        case .list(let items): Array(items.joined(separator: Array(", ".utf8)))
        }
    }
}
