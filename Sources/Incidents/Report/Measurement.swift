internal import LogModel
package import LogQuery
package import LogStore

/// What the logs said of a record's time: events and errors of each service over time, and what is known to
/// be missing.
///
/// It is taken while the logs are there and kept with the record, so that its chart and its gaps survive
/// retention.
package struct Measurement: Sendable, Equatable {
    /// Counts of one service, a value for each bin.
    package struct Series: Sendable, Equatable {
        /// Empty for logs without a service.
        package var service: String
        package var events: [Int]
        /// Of the events, those with severity ERROR and above.
        package var errors: [Int]

        package init(service: String, events: [Int], errors: [Int]) {
            (self.service, self.events, self.errors) = (service, events, errors)
        }
    }

    /// What was measured, in whole bins.
    package let times: Range<Int64>
    /// The length of a bin, nanoseconds.
    package let bin: Int64
    package let taken: Int64
    /// Those with the most errors first, then those with the most events.
    package var series: [Series]
    package var missing: [LogGap]

    package init(
        times: Range<Int64>, bin: Int64, taken: Int64, series: [Series], missing: [LogGap] = []
    ) {
        (self.times, self.bin, self.taken) = (times, bin, taken)
        (self.series, self.missing) = (series, missing)
    }

    package var binCount: Int { bin > 0 ? Int((times.upperBound - times.lowerBound) / bin) : 0 }

    /// What is missing or late, a sentence each, in English and UTC.
    package var gaps: [String] { missing.map { $0.text(in: .english, zone: .utc) } }

    // MARK: Measuring

    /// Counts the events of the window, widened to whole bins.
    ///
    /// Costs the decoding of times and severities in the blocks that the window touches, on all threads. Days that
    /// cannot be read are among what is missing.
    package init(_ store: Store, times: Range<Int64>, at now: Int64) throws(SearchError) {
        let bounded = times.clamped(to: Self.measurable)
        let bin = Self.bin(for: bounded.upperBound - bounded.lowerBound)
        let times = Self.whole(bounded, bin)
        var request = SearchRequest(query: "", now: now)
        request.times = times
        let search = try Search(request, in: store)
        let empty = Tally(times: times, bin: bin)
        let parts = try search.scan(
            { empty }, { (tally, matches) throws(BlockError) in try tally.add(matches) })
        var tally = empty
        for part in parts { tally.merge(part) }
        self.init(times: times, bin: bin, taken: now, series: tally.series)
        do { missing = try LogGap.all(of: search, at: now) } catch { throw .store(error) }
    }

    private static let second: Int64 = 1_000_000_000
    private static let day = 86_400 * second
    private static let mostBins: Int64 = 120
    /// Of these times, 1827 to 2112, no sum overflows.
    private static let measurable = -52_000 * day..<52_000 * day

    /// The shortest round length, 10 s or more, of which 120 cover the window; so there are 40 or more of a window
    /// that is long enough.
    private static func bin(for length: Int64) -> Int64 {
        let minute = 60 * second
        let round =
            [10, 15, 20, 30].map { $0 * second } + [1, 2, 5, 10, 15, 20, 30].map { $0 * minute }
            + [1, 2, 3, 6, 12, 24].map { $0 * 60 * minute }
        // One bin is kept for a window that begins and ends within bins.
        let most = mostBins - 1
        return round.first { length / $0 < most } ?? (length / most / day + 1) * day
    }

    /// The window with its ends moved out to multiples of `bin`.
    private static func whole(_ times: Range<Int64>, _ bin: Int64) -> Range<Int64> {
        let first = times.lowerBound - ((times.lowerBound % bin) + bin) % bin
        let rest = (times.upperBound - first) % bin
        return first..<(rest == 0 ? times.upperBound : times.upperBound + (bin - rest))
    }

    /// The counts of a thread.
    private struct Tally: Sendable {
        let times: Range<Int64>
        let bin: Int64
        var services: [String: (events: [Int], errors: [Int])] = [:]

        var binCount: Int { Int((times.upperBound - times.lowerBound) / bin) }

        mutating func add(_ matches: BlockMatches) throws(BlockError) {
            let moments = try matches.times()
            let errors = try matches.severities().map { $0 >= Severity.error }
            let none = Array(repeating: 0, count: binCount)
            let service = matches.source.service
            var counts = services.removeValue(forKey: service) ?? (none, none)
            for (moment, isError) in zip(moments, errors) {
                let index = Int((moment - times.lowerBound) / bin)
                counts.events[index] += 1
                if isError { counts.errors[index] += 1 }
            }
            services[service] = counts
        }

        mutating func merge(_ other: Tally) {
            for (service, counts) in other.services {
                guard let own = services[service] else {
                    services[service] = counts
                    continue
                }
                services[service] = (
                    zip(own.events, counts.events).map(+), zip(own.errors, counts.errors).map(+)
                )
            }
        }

        var series: [Series] {
            services.map { Series(service: $0, events: $1.events, errors: $1.errors) }.sorted {
                let (left, right) = ($0.errorCount, $1.errorCount)
                if left != right { return left > right }
                return ($1.eventCount, $0.service) < ($0.eventCount, $1.service)
            }
        }
    }
}

extension Measurement.Series {
    package var eventCount: Int { events.reduce(0, +) }
    package var errorCount: Int { errors.reduce(0, +) }
}

extension Measurement {
    /// The window to measure of a record: its time, and half as much before and behind, 15 minutes at least.
    ///
    /// Nil where neither the record nor its pins have a time. A fault that is not over lasts until the last thing that is
    /// known of it.
    package static func window(of incident: Incident, pins: [Pin] = []) -> Range<Int64>? {
        let evidence = pins.map(\.event.timestamp)
        guard let start = incident.started ?? evidence.min() ?? incident.detected else {
            return nil
        }
        let known =
            [incident.detected, incident.acknowledged, incident.mitigated].compactMap(\.self)
            + incident.steps.compactMap(\.time) + evidence
        let end = max(start, incident.resolved ?? incident.mitigated ?? known.max() ?? start)
        let (length, isOver) = end.subtractingReportingOverflow(start)
        guard !isOver else { return nil }
        let pad = max(length / 2, 15 * 60 * second)
        let (first, last) = (
            start.subtractingReportingOverflow(pad), end.addingReportingOverflow(pad)
        )
        return first.overflow || last.overflow ? nil : first.partialValue..<last.partialValue
    }
}
