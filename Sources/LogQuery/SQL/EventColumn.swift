internal import LogModel
internal import SQLite

/// A column of the SQL table `events`.
package struct EventColumn: Sendable {
    package enum Kind: Sendable {
        /// An argument of the table as a function.
        case argument
        /// RFC 3339 text of an instant.
        case time
        /// Nanoseconds since 1970 UTC.
        case instant
        case level
        case severity
        /// The attributes without a column of their own, as a JSON object.
        case attributes
        case text
        /// A number; NULL where the log has none there.
        case number
        /// Whatever the value is.
        case any
    }

    package let name: String
    package let kind: Kind
    /// The stored field, if the column is one.
    let field: FieldReference?
    /// What `--schema` says.
    package let help: String
    /// Whether `*` leaves it out.
    package let isHidden: Bool

    /// The affinity that SQLite gives to comparisons with the column; none keeps numbers numbers.
    package var type: String {
        switch kind {
        case .argument, .level, .text, .attributes: "TEXT"
        case .time: "TEXT"
        case .instant, .severity: "INTEGER"
        case .number: field?.type == .duration || field?.type == .number ? "REAL" : "INTEGER"
        case .any: ""
        }
    }

    private init(
        _ name: String, _ kind: Kind, _ field: String?, _ type: FieldType = .text,
        _ help: String = "", isHidden: Bool = false
    ) {
        (self.name, self.kind, self.help, self.isHidden) = (name, kind, help, isHidden)
        self.field = field.map { FieldReference(name: $0, written: name, type: type) }
    }
}

extension EventColumn {
    /// The table's columns: arguments, what `*` gives, then the other names of the same fields and
    /// the store's own attributes, which are hidden.
    ///
    /// Names are unique in any case of letters; of two alike the first stays. SQLite takes 2000
    /// columns; attributes beyond that are read from `attributes`.
    static func all(attributes: Set<String>) -> [EventColumn] {
        var columns = arguments + standard
        var known = Set(columns.map { $0.name.lowercased() })
        func add(_ column: EventColumn) {
            guard columns.count < 1_900, !column.name.utf8.contains(0),
                known.insert(column.name.lowercased()).inserted
            else { return }
            columns.append(column)
        }
        for row in FieldNames.all where row.type != .nanoseconds {
            for name in row.shortNames + [row.name] + row.aliases {
                add(EventColumn(name, kind(of: row), row.name, comparedAs(row), isHidden: true))
            }
        }
        let own = attributes.filter { !$0.hasSuffix("*") }.sorted()
        for name in own {
            guard FieldNames.resolve(name) == nil else { continue }
            add(EventColumn(name, .any, name, .any, isHidden: true))
        }
        // The last part of a name, as queries have it, where it means one field only.
        let parts = Dictionary(grouping: own) { $0.split(separator: ".").last.map(String.init) }
        for (part, names) in parts.sorted(by: { ($0.key ?? "") < ($1.key ?? "") }) {
            guard let part, names.count == 1, FieldNames.resolve(part) == nil else { continue }
            add(EventColumn(part, .any, names[0], .any, isHidden: true))
        }
        return columns
    }

    /// The arguments: `events('level:ERROR', '2h', 'now')`.
    private static let arguments = [
        EventColumn("search", .argument, nil, isHidden: true),
        EventColumn("since", .argument, nil, isHidden: true),
        EventColumn("until", .argument, nil, isHidden: true),
    ]

    /// What is documented.
    package static let standard = [
        EventColumn(
            "time", .time, FieldName.timestamp, .time,
            "RFC 3339; compares as an instant, with whatever --since takes"),
        EventColumn("timestamp", .instant, FieldName.timestamp, .time, "nanoseconds since 1970"),
        EventColumn("level", .level, FieldName.severityText, .severity, "as written: ERROR"),
        EventColumn(
            "severity", .severity, FieldName.severityNumber, .severity,
            "5 DEBUG, 9 INFO, 13 WARN, 17 ERROR, 21 FATAL"),
        EventColumn("host", .text, FieldName.host),
        EventColumn("service", .text, FieldName.service),
        EventColumn("env", .text, FieldName.environment),
        EventColumn("logger", .text, FieldName.logger),
        EventColumn("thread", .text, FieldName.thread),
        EventColumn("pid", .number, FieldName.pid, .integer),
        EventColumn("msg", .text, FieldName.body, .text, "the message"),
        EventColumn("exception", .text, FieldName.exceptionType, .text, "its class"),
        EventColumn("method", .text, FieldName.method),
        EventColumn("path", .text, FieldName.urlPath),
        EventColumn("query", .text, FieldName.urlQuery, .text, "of the URL, behind the ?"),
        EventColumn("status", .number, FieldName.status, .integer, "of HTTP"),
        EventColumn("bytes", .number, FieldName.bodySize, .bytes, "of the answer"),
        EventColumn("took", .number, FieldName.duration, .duration, "seconds"),
        EventColumn("ip", .text, FieldName.clientAddress, .text, "of the client"),
        EventColumn("user", .text, FieldName.userName),
        EventColumn("ua", .text, FieldName.userAgent, .text, "user agent"),
        EventColumn("referer", .text, FieldName.referer),
        EventColumn("file", .text, FieldName.filePath, .text, "path of the log file"),
        EventColumn("id", .text, FieldName.uid, .text, "generation and offset"),
        EventColumn(
            "attributes", .attributes, nil, .text,
            "all other fields as JSON: attributes ->> '$.\"mdc.traceId\"'"),
        EventColumn(
            "raw", .text, FieldName.original, .text, "the original text", isHidden: true),
    ]

    private static func kind(of row: StoredField) -> Kind {
        switch row.type {
        case .text, .address, .file: .text
        case .integer, .number, .bytes, .duration, .nanoseconds: .number
        case .time: .time
        case .severity: row.name == FieldName.severityNumber ? .severity : .level
        case .any: .any
        }
    }

    /// Addresses and files are plain text in SQL.
    private static func comparedAs(_ row: StoredField) -> FieldType {
        row.type == .address || row.type == .file ? .text : row.type
    }
}

// MARK: - Values

extension EventColumn {
    /// The column's value of an event; not for arguments and attributes.
    func value(of event: Event, zone: Zone) -> SQLValue {
        switch kind {
        case .argument, .attributes: return .null
        case .time:
            let instant =
                field?.name == FieldName.timestamp ? event.timestamp : event.observedTimestamp
            return .text(SQLTime.text(instant, zone: zone))
        case .instant: return .integer(event.timestamp)
        case .level: return Self.level(event.severityText, event.severityNumber)
        case .severity: return value(.integer(Int64(event.severityNumber)))
        case .text, .number, .any:
            if field?.name == FieldName.original { return .text(GB18030.repaired(event.original)) }
            return field.flatMap { event.value(of: $0.name) }.map(value) ?? .null
        }
    }

    /// A field's value in the column's type.
    func value(_ value: Event.Value) -> SQLValue {
        switch (kind, value) {
        case (.severity, .integer(0)): .null
        case (.number, .text), (.number, .list): .null
        case (.text, .integer(let number)): .text(Array(String(number).utf8))
        case (.text, .number(let number)): .text(Array(String(number).utf8))
        case (_, .integer(let number)): .integer(number)
        case (_, .number(let number)): .real(number)
        // Sources without a host or an environment have an empty one.
        case (_, .text(let text)):
            text.isEmpty && field?.name != FieldName.body ? .null : .text(text)
        case (_, .list(let items)): .text(Array(items.joined(separator: [0x2C, 0x20])))
        }
    }

    static func level(_ written: [UInt8]?, _ number: UInt8) -> SQLValue {
        if let written { return .text(written) }
        let name = Severity.name(of: number)
        return name.isEmpty ? .null : .text(Array(name.utf8))
    }
}
