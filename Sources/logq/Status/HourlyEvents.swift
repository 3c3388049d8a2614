internal import LogModel
internal import LogStore

/// Events an hour of one UTC day by host and service, as the summaries of its blocks tell.
///
/// A block's events count as spread evenly over its time, so that an hour is about right where a
/// block has several. Nothing but summaries is read.
struct HourlyEvents {
    struct Series {
        let host: String
        let service: String
        var events = 0
        var hours = [Double](repeating: 0, count: HourlyEvents.hoursOfDay)
        /// The time of the last event.
        var last = Int64.min
    }

    let day: Day
    /// The one with the most events first.
    let series: [Series]

    static let hour: Int64 = 3_600_000_000_000
    static let hoursOfDay = 24

    init(_ partition: Partition) throws(StoreError) {
        day = partition.day
        var found: [[String]: Series] = [:]
        for block in try partition.blocks(Partition.Criteria()) {
            let source = try partition.source(block.source)
            found[
                [source.host, source.service],
                default: Series(host: source.host, service: source.service)
            ].add(block, dayStart: partition.day.start)
        }
        series = found.values.sorted {
            ($1.events, $0.host, $0.service) < ($0.events, $1.host, $1.service)
        }
    }

    /// The hours from the first to the last in which anything happened.
    var usedHours: Range<Int> {
        let used = (0..<Self.hoursOfDay).filter { hour in series.contains { $0.hours[hour] > 0 } }
        guard let first = used.first, let last = used.last else { return 0..<0 }
        return first..<last + 1
    }

    /// When `hour` begins; ns since 1970 UTC.
    func start(of hour: Int) -> Int64 { day.start &+ Int64(hour) &* Self.hour }
}

extension HourlyEvents.Series {
    fileprivate mutating func add(_ block: Partition.BlockReference, dayStart: Int64) {
        events += block.events
        last = max(last, block.lastTime)
        // In hours since midnight; the last nanosecond is part of the block.
        func position(_ time: Int64) -> Double {
            let hour = (Double(time) - Double(dayStart)) / Double(HourlyEvents.hour)
            return max(0, min(hour, Double(HourlyEvents.hoursOfDay)))
        }
        let start = position(block.firstTime)
        let end = max(start, position(block.lastTime))
        let lastHour = HourlyEvents.hoursOfDay - 1
        for hour in min(Int(start), lastHour)...min(Int(end), lastHour) {
            let overlap = min(end, Double(hour + 1)) - max(start, Double(hour))
            let share = end > start ? overlap / (end - start) : 1
            hours[hour] += Double(block.events) * share
        }
    }
}
