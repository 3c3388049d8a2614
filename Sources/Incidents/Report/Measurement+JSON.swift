internal import Presentation
internal import SQLite

extension Measurement {
    /// The content of its entry: one object, counts in arrays with a value for each bin.
    package func json() -> [UInt8] {
        var json = JSONWriter()
        write(to: &json)
        return json.bytes
    }

    func write(to json: inout JSONWriter) {
        json.beginObject()
        for (name, time) in [
            ("since", times.lowerBound), ("until", times.upperBound), ("taken", taken),
        ] {
            json.key(name)
            json.time(time)
        }
        json.member("bin_seconds", bin / 1_000_000_000)
        json.key("services")
        json.array(series) { json, series in
            json.beginObject()
            json.member("service", series.service)
            for (name, counts) in [("events", series.events), ("errors", series.errors)] {
                json.key(name)
                json.array(counts) { $0.integer(Int64($1)) }
            }
            json.endObject()
        }
        json.key("gaps")
        json.array(missing) { $1.write(to: &$0) }
        json.endObject()
    }

    /// Reads what `json()` writes; nil for another text.
    package init?(json bytes: [UInt8]) {
        guard let json = try? JSONValue(bytes), let since = json["since"]?.time,
            let until = json["until"]?.time, let taken = json["taken"]?.time,
            let seconds = json["bin_seconds"]?.integer, seconds > 0, since <= until
        else { return nil }
        let (bin, isOver) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (length, isLong) = until.subtractingReportingOverflow(since)
        guard !isOver, !isLong, length % bin == 0, length / bin <= Self.mostBinsRead else {
            return nil
        }
        let count = Int(length / bin)
        var series: [Series] = []
        for item in json["services"]?.array ?? [] {
            guard let service = item["service"]?.text, let events = item["events"]?.counts,
                let errors = item["errors"]?.counts, events.count == count, errors.count == count
            else { return nil }
            series.append(Series(service: service, events: events, errors: errors))
        }
        self.init(
            times: since..<until, bin: bin, taken: taken, series: series,
            missing: (json["gaps"]?.array ?? []).compactMap(LogGap.init))
    }

    private static let mostBinsRead: Int64 = 10_000
}

extension JSONValue {
    /// An array of counts; nil where one is none, or so large that sums would overflow.
    fileprivate var counts: [Int]? {
        guard let items = array else { return nil }
        let counts = items.compactMap(\.integer).filter { (0..<1 << 48).contains($0) }
        return counts.count == items.count ? counts.map(Int.init) : nil
    }
}
