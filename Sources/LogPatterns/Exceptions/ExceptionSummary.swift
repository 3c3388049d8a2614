package import LogModel

/// Exceptions by fingerprint: how many, since when, and where.
///
/// Memory: at most 10 000 fingerprints, each with at most 64 services and hosts; what goes beyond is
/// counted and said in the table's notes. Up to there the order of the events does not matter, so
/// the summaries of several threads can be merged.
package struct ExceptionSummary: Sendable {
    /// The earliest event, which stands for the others.
    private struct Example: Sendable {
        let time: Int64
        let uid: String
        let fingerprint: ExceptionFingerprint
    }

    private struct Entry: Sendable {
        var example: Example
        var count = 1
        var last: Int64
        var services: Set<String>
        var hosts: Set<String>

        mutating func merge(_ other: Entry) {
            let own = (example.time, example.uid)
            if (other.example.time, other.example.uid) < own { example = other.example }
            count += other.count
            last = max(last, other.last)
            if services.count < ExceptionSummary.mostNames { services.formUnion(other.services) }
            if hosts.count < ExceptionSummary.mostNames { hosts.formUnion(other.hosts) }
        }
    }

    private var entries: [String: Entry] = [:]
    private var passedOver = 0

    private static let mostEntries = 10_000
    private static let mostNames = 64

    package init() {}

    /// Counts the event's exception, if it has one.
    package mutating func add(_ event: Event) {
        guard let fingerprint = ExceptionFingerprint(event) else { return }
        let example = Example(time: event.timestamp, uid: event.uid, fingerprint: fingerprint)
        add(
            Entry(
                example: example, last: event.timestamp, services: [event.source.service],
                hosts: [event.source.host]))
    }

    /// Adds what `other` has counted.
    package mutating func merge(_ other: ExceptionSummary) {
        for entry in other.entries.values { add(entry) }
        passedOver += other.passedOver
    }

    private mutating func add(_ entry: Entry) {
        let id = entry.example.fingerprint.id
        if entries[id]?.merge(entry) != nil { return }
        guard entries.count < ExceptionSummary.mostEntries else {
            passedOver += entry.count
            return
        }
        entries[id] = entry
    }

    // MARK: The table

    /// A row a fingerprint, the most frequent first; with `start` only those first seen from it on.
    ///
    /// The share is of all exceptions counted. The example is the id of the earliest event.
    package func table(newSince start: Int64 = .min) -> ResultTable {
        let total = entries.values.reduce(passedOver) { $0 + $1.count }
        let shown = entries.values.filter { $0.example.time >= start }.sorted {
            ($1.count, $0.example.time, $0.example.uid) < (
                $0.count, $1.example.time, $1.example.uid
            )
        }
        var table = ResultTable(columns: ExceptionSummary.columns)
        table.rows = shown.map { row($0, of: total) }
        if passedOver > 0 {
            table.notes = [
                "more than \(ExceptionSummary.mostEntries) fingerprints: "
                    + "\(passedOver) exceptions are not listed"
            ]
        }
        return table
    }

    private static let columns: [ResultTable.Column] = [
        ("count", true), ("share", true), ("first", true), ("last", true), ("id", false),
        ("exception", false), ("root_cause", false), ("frame", false), ("services", false),
        ("hosts", false), ("example", false),
    ].map { ResultTable.Column(name: $0.0, isNumeric: $0.1) }

    private func row(_ entry: Entry, of total: Int) -> [ResultTable.Value] {
        let exception = entry.example.fingerprint
        let title =
            exception.type + (exception.message.isEmpty ? [] : Array(": ".utf8)) + exception.message
        return [
            .integer(Int64(entry.count)), .share(Double(entry.count) / Double(max(1, total))),
            .time(entry.example.time), .time(entry.last), .text(Array(exception.id.utf8)),
            .text(title),
            exception.rootCause == exception.type ? .none : .text(exception.rootCause),
            exception.frames.first.map { .text($0) } ?? .none, list(entry.services),
            list(entry.hosts), .text(Array(entry.example.uid.utf8)),
        ]
    }

    private func list(_ names: Set<String>) -> ResultTable.Value {
        let names = names.filter { !$0.isEmpty }.sorted()
        return names.isEmpty ? .none : .text(Array(names.joined(separator: ", ").utf8))
    }
}

extension ExceptionFingerprint {
    /// The exception of an event: its stack trace, else the class and message that the log gives.
    package init?(_ event: Event) {
        func text(_ name: String) -> [UInt8]? {
            guard case .text(let text) = event.attribute(name) else { return nil }
            return text
        }
        if let trace = text(FieldName.exceptionStackTrace),
            let found = trace.withUnsafeBufferPointer({ ExceptionFingerprint(trace: $0) })
        {
            self = found
        } else if let type = text(FieldName.exceptionType) {
            self.init(type: type, message: text(FieldName.exceptionMessage) ?? [])
        } else {
            return nil
        }
    }
}
