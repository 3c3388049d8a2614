internal import LogModel
package import LogQuery

/// Writes what two windows differ in as one JSON object.
///
/// `bad` and `good` have `from`, `to` (RFC 3339 in UTC) and `events`; `changes` are in the order in
/// which people see them, each with its `echoes`; `traffic` has the ratio of each service whose
/// usual traffic changed.
package struct DiffJSON {
    private var writer = JSONWriter()

    package init() {}

    /// The object on a line of its own.
    package mutating func line(
        _ comparison: WindowComparison, bad: Range<Int64>, good: Range<Int64>, choice: String?
    ) -> [UInt8] {
        writer.beginObject()
        window("bad", bad, comparison.badEvents, nil)
        window("good", good, comparison.goodEvents, choice)
        writer.key("traffic")
        writer.beginArray()
        for traffic in comparison.traffic {
            writer.beginObject()
            writer.key("service")
            writer.string(traffic.service)
            writer.key("of")
            writer.string(traffic.isRequests ? "requests" : "messages")
            writer.key("ratio")
            writer.number(traffic.ratio)
            writer.endObject()
        }
        writer.endArray()
        changes("changes", comparison.changes)
        writer.key("tests")
        writer.integer(Int64(comparison.tests))
        writer.key("notes")
        writer.beginArray()
        for note in comparison.notes { writer.string(note) }
        writer.endArray()
        writer.endObject()
        writer.endLine()
        return writer.bytes
    }

    private mutating func window(
        _ name: String, _ times: Range<Int64>, _ events: Int, _ choice: String?
    ) {
        writer.key(name)
        writer.beginObject()
        time("from", times.lowerBound)
        time("to", times.upperBound)
        writer.key("events")
        writer.integer(Int64(events))
        if let choice {
            writer.key("choice")
            writer.string(choice)
        }
        writer.endObject()
    }

    private mutating func changes(_ name: String, _ changes: [WindowComparison.Change]) {
        writer.key(name)
        writer.beginArray()
        for change in changes { append(change) }
        writer.endArray()
    }

    private mutating func append(_ change: WindowComparison.Change) {
        writer.beginObject()
        writer.key("change")
        writer.string(change.sign.rawValue)
        writer.key("kind")
        writer.string(change.kind.rawValue)
        writer.key("service")
        writer.string(change.service)
        writer.key("value")
        writer.string(change.value.span)
        writer.key("good")
        writer.integer(Int64(change.good))
        writer.key("bad")
        writer.integer(Int64(change.bad))
        writer.key("ratio")
        writer.number(change.ratio)
        time("onset", change.onset)
        writer.key("q")
        writer.number(change.q)
        if let example = change.example {
            writer.key("example")
            writer.string(example)
        }
        if !change.echoes.isEmpty { changes("echoes", change.echoes) }
        writer.endObject()
    }

    private mutating func time(_ name: String, _ value: Int64) {
        var bytes: [UInt8] = []
        RFC3339.append(value, to: &bytes)
        writer.key(name)
        writer.string(bytes.span)
    }
}
