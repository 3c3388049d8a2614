/// One field of the event under one group of names: how it is stored and how it may be written.
///
/// A stored name stands in two rows where one of its aliases reads differently: `file` is a name
/// or a path, `log.file.path` always the path; `event.duration` counts nanoseconds.
package struct StoredField: Hashable, Sendable {
    /// The name in the store: OpenTelemetry's where it has one.
    package let name: String
    /// The names that queries written for Elastic Common Schema use.
    package let aliases: [String]
    /// The names made for typing.
    package let shortNames: [String]
    /// What the values are.
    package let type: FieldType
}

/// What the values of a field are, and so how a query compares them.
package enum FieldType: String, Hashable, Sendable {
    case text
    case integer
    case number
    /// A point in time, nanoseconds since 1970 UTC.
    case time
    /// A level: compared by its severity number, matched by its text.
    case severity
    /// A network address; IPv4 addresses can be compared.
    case address
    /// A count of bytes.
    case bytes
    /// A duration in seconds.
    case duration
    /// A duration in seconds that the query writes in nanoseconds.
    case nanoseconds
    /// A file: its name, or its path where the value has a slash.
    case file
    /// An attribute without a declared type: a number where the value reads as one, else text.
    case any
}

/// The fields that every store knows, with the names by which a query may call them.
///
/// Source of the names: OpenTelemetry semantic conventions and the Elastic Common Schema.
package enum FieldNames {
    /// The whole table, in the order in which it is shown.
    package static let all: [StoredField] = [
        row("Timestamp", ["@timestamp"], "time", .time),
        row("ObservedTimestamp", ["event.created"], "seen", .time),
        row("SeverityText", ["log.level"], "level", .severity),
        row("SeverityNumber", [], nil, .severity),
        row("Body", ["message"], "msg", .text),
        row("service.name", [], "service", .text),
        row("host.name", ["host.hostname"], "host", .text),
        row("deployment.environment.name", ["service.environment"], "env", .text),
        row("log.file.path", [], "file", .file),
        row("log.file.path", ["log.file.path"], nil, .text),
        row("InstrumentationScope.name", ["log.logger"], "logger", .text),
        row("code.file.path", ["log.origin.file.name"], nil, .text),
        row("thread.name", ["process.thread.name"], "thread", .text),
        row("process.pid", [], "pid", .integer),
        row("exception.type", ["error.type"], "exception", .text),
        row("exception.message", ["error.message"], nil, .text),
        row("exception.stacktrace", ["error.stack_trace"], nil, .text),
        row("http.request.method", [], "method", .text),
        row("url.path", [], "path", .text),
        row("url.query", [], nil, .text),
        row("http.response.status_code", [], "status", .integer),
        row("http.response.body.size", ["http.response.body.bytes"], "bytes", .bytes),
        row("network.protocol.version", ["http.version"], nil, .text),
        row("client.address", [], "ip", .address),
        row("network.peer.address", [], nil, .address),
        row("user_agent.original", [], "ua", .text),
        row("http.request.header.referer", ["http.request.referrer"], "referer", .text),
        row("user.name", [], "user", .text),
        row("http.server.request.duration", [], "took", .duration),
        row("http.server.request.duration", ["event.duration"], nil, .nanoseconds),
        row("nginx.upstream.address", [], nil, .text),
        row("nginx.upstream.response_time", [], nil, .duration),
        row("nginx.upstream.status", [], nil, .integer),
        row("log.record.original", ["event.original"], "raw", .text),
        row("log.record.uid", ["event.id"], "id", .text),
        row("logq.file.offset", ["log.offset"], nil, .integer),
        row("logq.file.length", [], nil, .bytes),
    ]

    /// The field that `name` stands for, in any case of letters, or nil for a name not in the table.
    ///
    /// Attributes with names of their own are not in the table; the caller knows those.
    package static func resolve(_ name: String) -> StoredField? {
        byName[name.lowercased()]
    }

    /// At most three names like `name`, the nearest first, from the table and from `extra`.
    ///
    /// Names are near when few letters are wrong, missing, added or swapped, in any case, in the
    /// whole name or, for less, its last component; when none is, names that contain `name` are
    /// given. Cost: the table and `extra` once; a name over 64 bytes has no nearest.
    package static func nearest(to name: String, among extra: [String]) -> [String] {
        let wanted = Array(name.lowercased().utf8)
        guard (1...64).contains(wanted.count) else { return [] }
        var candidates: [(distance: Int, order: Int, field: String, name: String)] = []
        for (order, candidate) in (written + extra.sorted().map { ($0, $0) }).enumerated() {
            let distance = distance(from: wanted, to: candidate.name)
            guard let distance else { continue }
            candidates.append((distance, order, candidate.field, candidate.name))
        }
        candidates.sort { ($0.distance, $0.order) < ($1.distance, $1.order) }
        // Names of the same field help nobody choose: the nearest of them stands for it.
        var fields: Set<String> = []
        let nearest = candidates.first?.distance ?? 0
        return candidates.prefix { $0.distance <= nearest + 1 }.filter {
            fields.insert($0.field).inserted
        }.prefix(3).map(\.name)
    }

    private static func row(
        _ name: String, _ aliases: [String], _ short: String?, _ type: FieldType
    ) -> StoredField {
        StoredField(name: name, aliases: aliases, shortNames: short.map { [$0] } ?? [], type: type)
    }

    /// Every name of the table in lower case. A row that is more exact about a name comes later
    /// (`log.file.path` as an alias of itself) and wins; a stored name alone never overrides.
    private static let byName: [String: StoredField] = {
        var names: [String: StoredField] = [:]
        for field in all where names[field.name.lowercased()] == nil {
            names[field.name.lowercased()] = field
        }
        for field in all {
            for name in field.shortNames + field.aliases { names[name.lowercased()] = field }
        }
        return names
    }()

    /// The names to suggest, short ones first, each with the field it stands for.
    private static let written: [(field: String, name: String)] =
        all.flatMap { field in field.shortNames.map { (field.name, $0) } }
        + all.flatMap { field in ([field.name] + field.aliases).map { (field.name, $0) } }

    /// How far `candidate` is from `wanted`, or nil when it is too far to be meant.
    private static func distance(from wanted: [UInt8], to candidate: String) -> Int? {
        let whole = Array(candidate.lowercased().utf8.prefix(256))
        let last = Array(whole[((whole.lastIndex(of: UInt8(ascii: ".")) ?? -1) + 1)...])
        var best: Int?
        for (form, penalty) in last.count < whole.count ? [(whole, 0), (last, 2)] : [(whole, 0)] {
            let longer = max(form.count, wanted.count)
            guard abs(form.count - wanted.count) * 2 < longer else { continue }
            let distance = EditDistance.between(wanted, form)
            // Fewer than half of the letters wrong, and no more than a third of a long name.
            if distance * 2 < longer, distance <= max(2, longer / 3) {
                best = min(best ?? .max, distance + penalty)
            }
        }
        if best == nil, wanted.count >= 3, contains(whole, wanted) { return 1_000 }
        return best
    }

    private static func contains(_ text: [UInt8], _ part: [UInt8]) -> Bool {
        guard text.count >= part.count else { return false }
        return (0...(text.count - part.count)).contains { text[$0...].starts(with: part) }
    }
}
