internal import LogModel
internal import LogStore
internal import Presentation

/// What a store holds, for people and for programs.
struct StatusReport {
    struct DayTotals {
        let name: String
        let blocks: Int
        let events: Int
        let rawBytes: Int
    }

    let directory: String
    let sources: Int
    var days: [DayTotals] = []
    /// Of the newest day that could be read.
    var newest: HourlyEvents?

    private static let mostLines = 20

    // MARK: People

    func text(zone: Zone, glyphs: Glyphs) -> String {
        var text = ""
        for day in days { text += line(of: day) }
        text += "store: \(SafeText.escaped(directory)), \(sources) sources\n"
        if let newest, !newest.usedHours.isEmpty { text += picture(newest, zone, glyphs) }
        return text
    }

    private func line(of day: DayTotals) -> String {
        let columns = [
            HumanUnits.count(Int64(day.events)) + " events",
            HumanUnits.bytes(Int64(day.rawBytes)), "\(day.blocks) blocks",
        ]
        return columns.reduce(day.name) { line, column in
            line + "  " + String(repeating: " ", count: max(0, 18 - column.utf8.count)) + column
        } + "\n"
    }

    /// A line of small bars for each host and service, in a scale of its own.
    private func picture(_ newest: HourlyEvents, _ zone: Zone, _ glyphs: Glyphs) -> String {
        let hours = newest.usedHours
        let from = Self.clock(newest.start(of: hours.lowerBound), zone)
        let to = Self.clock(newest.start(of: hours.upperBound), zone)
        let isShown = newest.series.prefix(Self.mostLines)
        let names = isShown.map { [SafeText.escaped($0.host), SafeText.escaped($0.service)] }
        let widths = (0...1).map { part in names.map { TextWidth.columns(of: $0[part]) }.max() ?? 0
        }
        var text = "newest day, about so many events an hour from \(from.prefix(16)) "
        text += "to \(to.prefix(16)), \(zone.name):\n"
        for (series, names) in zip(isShown, names) {
            for (name, width) in zip(names, widths) {
                text +=
                    name + String(repeating: " ", count: width + 2 - TextWidth.columns(of: name))
            }
            let bars = Sparkline.bytes(Array(series.hours[hours]), glyphs: glyphs)
            let most = Int64((series.hours.max() ?? 0).rounded())
            text += String(decoding: bars, as: UTF8.self) + "  at most \(HumanUnits.count(most))"
            text += ", last \(Self.clock(series.last, zone).dropFirst(11))\n"
        }
        let hidden = newest.series.count - isShown.count
        return hidden > 0 ? text + "and \(hidden) more; --json has all\n" : text
    }

    /// `2026-11-20 10:15:03`.
    private static func clock(_ time: Int64, _ zone: Zone) -> String {
        var bytes: [UInt8] = []
        RFC3339.append(time, zone: zone, fractionDigits: 0, to: &bytes)
        var text = Array(bytes.prefix(19))
        if text.count > 10 { text[10] = 0x20 }
        return String(decoding: text, as: UTF8.self)
    }

    // MARK: Programs

    /// One object on one line; times in UTC.
    func json() -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("store")
        json.string(directory)
        Self.write([("sources", sources)], to: &json)
        json.key("days")
        json.beginArray()
        for day in days {
            json.beginObject()
            json.key("day")
            json.string(day.name)
            Self.write(
                [("events", day.events), ("raw_bytes", day.rawBytes), ("blocks", day.blocks)],
                to: &json)
            json.endObject()
        }
        json.endArray()
        if let newest { write(newest, to: &json) }
        json.endObject()
        json.endLine()
        return json.bytes
    }

    private func write(_ newest: HourlyEvents, to json: inout JSONWriter) {
        json.key("newest_day")
        json.beginArray()
        for series in newest.series {
            json.beginObject()
            json.key("host")
            json.string(series.host)
            json.key("service")
            json.string(series.service)
            Self.write([("events", series.events)], to: &json)
            json.key("last")
            var last: [UInt8] = []
            RFC3339.append(series.last, zone: .utc, to: &last)
            json.string(String(decoding: last, as: UTF8.self))
            json.key("about_by_hour")
            json.beginArray()
            for hour in series.hours { json.integer(Int64(hour.rounded())) }
            json.endArray()
            json.endObject()
        }
        json.endArray()
    }

    private static func write(_ numbers: [(String, Int)], to json: inout JSONWriter) {
        for (name, number) in numbers {
            json.key(name)
            json.integer(Int64(number))
        }
    }
}
