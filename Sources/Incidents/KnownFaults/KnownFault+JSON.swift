internal import LogModel
package import Presentation

extension KnownFault {
    /// Writes the fault's members into an open object, its texts in one language.
    package func write(to json: inout JSONWriter, _ language: Language) {
        json.member("fault", name)
        json.member("title", title(in: language))
        if let type { json.member("type", type.description) }
        if !source.isEmpty { json.member("source", source) }
        if !symptom(in: language).isEmpty { json.member("symptom", symptom(in: language)) }
        json.key("patterns")
        json.strings(patterns)
        json.member("least", Int64(least))
        if let share {
            json.key("share_least")
            json.number(share.least)
            json.member("share_of", share.query)
        }
        json.key("causes")
        json.strings(causes(in: language))
        json.key("handling")
        json.strings(handling(in: language))
    }
}

extension FaultMatch {
    /// Writes what was found, and the fault, into an open object.
    package func write(to json: inout JSONWriter, _ language: Language) {
        json.member("events", Int64(events))
        json.key("events_before")
        if let before { json.integer(Int64(before)) } else { json.null() }
        if let share {
            json.key("share")
            json.number(share)
        }
        json.key("first")
        json.time(first)
        json.key("last")
        json.time(last)
        json.member("query", query)
        json.key("found")
        json.array(patterns) { json, found in
            json.beginObject()
            json.member("pattern", found.query)
            json.member("events", Int64(found.events))
            json.endObject()
        }
        json.member("example_id", example.uid)
        json.member("example", String(decoding: example.original, as: UTF8.self))
        fault.write(to: &json, language)
    }
}

extension Recurrence {
    /// Writes the members into an open object.
    package func write(to json: inout JSONWriter) {
        json.member("record", id.description)
        json.member("title", title)
        json.member("pattern", pattern)
        json.member("events", Int64(events))
        for (name, time) in [("resolved", resolved), ("first", first), ("last", last)] {
            json.key(name)
            json.time(time)
        }
        json.member("query", query)
        json.member("example_id", example.uid)
        json.member("example", String(decoding: example.original, as: UTF8.self))
    }
}
