internal import LogModel
internal import LogStore
internal import Presentation
internal import Retention

/// What the days of a store say about those to come.
struct StatusForecast {
    private let policy: RetentionPolicy
    private let today: Day
    /// By the name of its generation, what a source's events are written in.
    private let formats: [String: String]
    private var days: [Forecast.StoredDay] = []
    /// Bytes of text of the last whole days, by how they are kept.
    private var recent: [RetentionPolicy.Decision: Int64] = [:]

    /// Most events have this level; the ages of other levels are left out of account.
    private static let usualLevel = Int(Severity.info)

    init(_ store: Store, _ policy: RetentionPolicy, now: Int64) throws(StoreError) {
        self.policy = policy
        today = Day(of: now)
        let generations = try store.generations()
        formats = Dictionary(generations.map { ($0.name, $0.format) }, uniquingKeysWith: { $1 })
    }

    /// Takes a day's sizes in.
    mutating func add(
        _ partition: Partition, _ text: Partition.TextBytes, rawBytes: Int, diskBytes: Int64
    ) throws(StoreError) {
        days.append(
            Forecast.StoredDay(
                day: partition.day, rawBytes: Int64(rawBytes), compactedBytes: text.compacted,
                archivedBytes: text.archived, diskBytes: diskBytes))
        guard partition.day < today, partition.day.number >= today.number - 7 else { return }
        for (id, bytes) in text.bySource {
            let source = try partition.source(id)
            let format = formats[source.generation] ?? ""
            let decisions = policy.decisions(for: source, format: format)
            recent[decisions[Self.usualLevel], default: 0] += bytes
        }
    }

    func forecast(_ disk: DiskUse) -> Forecast {
        let all = Double(recent.values.reduce(0, +))
        return Forecast(
            days: days,
            streams: recent.map { decision, bytes in
                Forecast.Stream(
                    share: all > 0 ? Double(bytes) / all : 0, indexed: decision.indexed.age,
                    archived: decision.archived.age)
            },
            today: today, storeBytes: disk.store, available: disk.space.available,
            limit: policy.sizeLimit?.bytes(ofDisk: disk.space.total))
    }
}

extension Forecast {
    /// In a few words, for a line about the disk.
    var text: String {
        switch outcome {
        case .unknown: "forecast: known after two whole days of logs"
        case .full(let day):
            "forecast: full about \(day.name) at \(HumanUnits.bytes(bytesPerDay)) a day"
        case .enough(let bytes):
            "forecast: enough, the store grows to about \(HumanUnits.bytes(bytes)) with this policy"
        }
    }

    func write(to json: inout JSONWriter) {
        json.key("forecast")
        json.beginObject()
        json.key("outcome")
        switch outcome {
        case .unknown: json.string("unknown")
        case .full(let day):
            json.string("full")
            json.key("full_on")
            json.string(day.name)
        case .enough(let bytes):
            json.string("enough")
            json.key("largest_bytes")
            json.integer(bytes)
        }
        json.key("bytes_per_day")
        json.integer(bytesPerDay)
        json.endObject()
    }
}
