internal import LogModel
internal import LogStore
internal import Presentation
internal import Retention

/// What a store holds, for people and for programs.
struct StatusReport {
    struct DayTotals {
        let name: String
        let blocks: Int
        let events: Int
        let rawBytes: Int
        /// Of the text, what is in archived blocks.
        let archivedBytes: Int
        /// What its files take.
        let diskBytes: Int64

        /// What is to be said of its archived part.
        var note: String {
            if archivedBytes == 0 { return "" }
            return archivedBytes >= rawBytes ? "  archived" : "  partly archived"
        }
    }

    let directory: String
    let sources: Int
    var days: [DayTotals] = []
    var shipper: ShipperReport?
    var disk: DiskUse?
    var forecast: Forecast?
    var jobs: LastJobs?
    /// Of the newest day that could be read.
    var newest: HourlyEvents?

    private static let mostLines = 20

    // MARK: People

    func text(zone: Zone, glyphs: Glyphs, painter: Painter) -> [UInt8] {
        var text = ""
        for day in days { text += line(of: day) }
        text += "store: \(SafeText.escaped(directory)), \(sources) sources\n"
        var bytes = Array(text.utf8)
        if let disk { painter.append(disk.text + "\n", in: disk.style, to: &bytes) }
        if let forecast { bytes += Array((forecast.text + "\n").utf8) }
        bytes += jobs?.text(zone: zone, painter: painter) ?? []
        if let newest, !newest.usedHours.isEmpty {
            bytes += Array(picture(newest, zone, glyphs).utf8)
        }
        return bytes
    }

    private func line(of day: DayTotals) -> String {
        let columns = [
            HumanUnits.count(Int64(day.events)) + " events",
            HumanUnits.bytes(Int64(day.rawBytes)), HumanUnits.bytes(day.diskBytes) + " on disk",
            "\(day.blocks) blocks",
        ]
        return columns.reduce(day.name) { line, column in
            line + String(repeating: " ", count: max(1, 17 - column.utf8.count)) + column
        } + day.note + "\n"
    }

    /// A line of small bars for each host and service, in a scale of its own.
    private func picture(_ newest: HourlyEvents, _ zone: Zone, _ glyphs: Glyphs) -> String {
        let hours = newest.usedHours
        let from = RFC3339.clockText(newest.start(of: hours.lowerBound), zone: zone)
        let to = RFC3339.clockText(newest.start(of: hours.upperBound), zone: zone)
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
            text += ", last \(RFC3339.clockText(series.last, zone: zone).dropFirst(11))\n"
        }
        let hidden = newest.series.count - isShown.count
        return hidden > 0 ? text + "and \(hidden) more; --json has all\n" : text
    }

    // MARK: Programs

    /// One object on one line; times in UTC.
    func json() -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("store")
        json.string(directory)
        Self.write([("sources", sources)], to: &json)
        if let disk {
            Self.write(
                [
                    ("disk_bytes", Int(disk.space.total)),
                    ("free_bytes", Int(disk.space.available)),
                    ("store_bytes", Int(disk.store)),
                    ("watermark_percent", disk.space.watermark),
                ], to: &json)
        }
        forecast?.write(to: &json)
        jobs?.write(to: &json)
        shipper?.write(to: &json)
        json.key("days")
        json.beginArray()
        for day in days {
            json.beginObject()
            json.key("day")
            json.string(day.name)
            Self.write(
                [
                    ("events", day.events), ("raw_bytes", day.rawBytes),
                    ("archived_bytes", day.archivedBytes), ("disk_bytes", Int(day.diskBytes)),
                    ("blocks", day.blocks),
                ], to: &json)
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
            json.time("last", series.last)
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
