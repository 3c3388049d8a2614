internal import LogModel
internal import LogStore
internal import Presentation
internal import Retention

/// The nightly job's plan and report for programs, one object on one line.
extension RetentionPlan {
    func json(_ evidence: DayEvidenceReport) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.members([("store_bytes", storeBytes)])
        json.key("days")
        json.beginArray()
        for day in days {
            json.beginObject()
            json.member("day", day.day.name)
            json.member("action", day.action?.rawValue ?? "stays")
            json.member("reason", day.reason)
            json.members([
                ("events", Int64(day.events)), ("events_removed", Int64(day.eventsRemoved)),
                ("raw_bytes", day.rawBytes), ("bytes_before", day.bytesBefore),
                ("bytes_after", day.bytesAfter),
            ])
            json.key("may_remove_more")
            json.boolean(day.mayRemoveMore)
            evidence.write(day, to: &json)
            json.endObject()
        }
        json.endArray()
        json.member("problems", problems)
        json.endObject()
        json.endLine()
        return json.bytes
    }
}

extension RetentionReport {
    func json() -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        switch outcome {
        case .done: json.member("outcome", "done")
        case .stopped(let reason):
            json.member("outcome", "stopped")
            json.member("reason", reason)
        case .outsideWindow(let opens):
            json.member("outcome", "outside of the window")
            json.time("opens", opens)
        }
        json.key("days")
        json.beginArray()
        for step in steps { write(step, to: &json) }
        json.endArray()
        json.members([
            ("bytes_before", bytesBefore), ("bytes_after", bytesAfter), ("raw_bytes", rawBytes),
            ("free_before", freeBefore), ("free_after", freeAfter),
        ])
        json.key("seconds")
        json.number(seconds)
        json.member("problems", problems)
        json.endObject()
        json.endLine()
        return json.bytes
    }

    private func write(_ step: Step, to json: inout JSONWriter) {
        let change = step.change
        json.beginObject()
        json.member("day", step.day.name)
        json.member("action", step.action.rawValue)
        json.member("reason", step.reason)
        json.members([
            ("events_indexed", Int64(change.eventsIndexed)),
            ("events_archived", Int64(change.eventsArchived)),
            ("events_removed", Int64(change.eventsRemoved)), ("raw_bytes", change.rawBytes),
            ("bytes_before", change.bytesBefore), ("bytes_after", change.bytesAfter),
            ("blocks_before", Int64(change.blocksBefore)),
            ("blocks_after", Int64(change.blocksAfter)),
        ])
        json.key("seconds")
        json.number(Double(step.ended - step.started) / 1e9)
        json.endObject()
    }
}

extension JSONWriter {
    mutating func member(_ name: String, _ text: String) {
        key(name)
        string(text)
    }

    mutating func member(_ name: String, _ texts: [String]) {
        key(name)
        beginArray()
        for text in texts { string(text) }
        endArray()
    }

    mutating func members(_ numbers: [(String, Int64)]) {
        for (name, number) in numbers {
            key(name)
            integer(number)
        }
    }
}
