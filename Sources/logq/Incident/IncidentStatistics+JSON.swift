internal import Incidents
internal import Presentation

extension IncidentStatistics {
    /// One object, all groups or those of one kind; lengths of time in seconds.
    func json(by grouping: Grouping?) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        write(total, to: &json)
        json.key("by")
        json.beginObject()
        for grouping in grouping.map({ [$0] }) ?? Grouping.allCases {
            json.key(grouping.rawValue)
            json.beginArray()
            for group in groups[grouping] ?? [] {
                json.beginObject()
                json.member("name", group.name)
                write(group, to: &json)
                json.endObject()
            }
            json.endArray()
        }
        json.endObject()
        writeActions(to: &json)
        json.endObject()
        json.endLine()
        return json.bytes
    }

    private func write(_ group: Group, to json: inout JSONWriter) {
        json.members([("records", Int64(group.records)), ("open", Int64(group.open))])
        for (name, spans) in [("ttr", group.toResolve), ("ttd", group.toDetect)] {
            json.members([(name + "_records", Int64(spans.count))])
            json.seconds("m" + name + "_seconds", spans.mean)
            json.seconds(name + "_median_seconds", spans.median)
        }
    }

    private func writeActions(to json: inout JSONWriter) {
        json.key("overdue_actions")
        json.beginArray()
        for action in overdue {
            json.beginObject()
            json.member("record", action.id.description)
            json.member("due", action.due)
            json.member("owner", action.owner)
            json.member("text", action.text)
            json.endObject()
        }
        json.endArray()
        json.key("repeated_services")
        json.beginArray()
        for service in repeats {
            json.beginObject()
            json.member("service", service.service)
            json.members([("records", Int64(service.records))])
            json.member("last", service.last.description)
            json.endObject()
        }
        json.endArray()
    }
}

extension JSONWriter {
    /// Nanoseconds as seconds, or null.
    fileprivate mutating func seconds(_ name: String, _ nanoseconds: Double?) {
        key(name)
        if let nanoseconds { number(nanoseconds / 1e9) } else { null() }
    }
}
