package import LogModel

/// The hours of the day in which the nightly job may run, in a zone's civil time.
///
/// It opens once for each civil date. On a night that skips its start it opens where the clocks go
/// forward, and an end that is skipped comes as much later; of times that clocks show twice the first
/// ones count. Where nothing is left of it then, it is as long as on other nights.
package struct JobWindow: Sendable, Equatable {
    /// Seconds from midnight, 0 to 86399, and 1 to 86400; an end not after the start is on the next
    /// day.
    package let start: Int
    package let end: Int
    package let zone: Zone

    package init(start: Int, end: Int, zone: Zone) {
        self.start = start
        self.end = end
        self.zone = zone
    }

    private static let second: Int64 = 1_000_000_000

    /// Whether the job may run at a time in nanoseconds since 1970 UTC.
    package func contains(_ now: Int64) -> Bool { closing(from: now) != nil }

    /// When the window closes that is open now; nil if none is.
    package func closing(from now: Int64) -> Int64? {
        dates(around: now).lazy.map { (opening($0), closing($0)) }
            .last { $0.0 <= now && now < $0.1 }?.1
    }

    /// When it opens next, later than now.
    package func nextOpening(after now: Int64) -> Int64 {
        dates(around: now).map(opening).filter { $0 > now }.min() ?? now
    }

    /// Civil dates whose windows may hold or follow a moment, as days since 1970.
    private func dates(around now: Int64) -> ClosedRange<Int64> {
        let seconds = now / Self.second
        let date = CivilTime.split(seconds + Int64(zone.offset(atUTC: seconds))).days
        return date - 2...date + 2
    }

    /// The first moment at which clocks show the start or later.
    private func opening(_ date: Int64) -> Int64 {
        let local = date * CivilTime.secondsPerDay + Int64(start)
        var high = zone.utc(fromLocal: local)
        let skipped = high + Int64(zone.offset(atUTC: high)) - local
        guard skipped > 0 else { return high * Self.second }
        // Skipped times are moved forward by the gap: the change is so much earlier at most.
        var low = high - skipped
        let later = zone.offset(atUTC: high)
        while low < high {
            let middle = low + (high - low) / 2
            if zone.offset(atUTC: middle) == later { high = middle } else { low = middle + 1 }
        }
        return high * Self.second
    }

    private func closing(_ date: Int64) -> Int64 {
        let endDate = end > start ? date : date + 1
        let local = endDate * CivilTime.secondsPerDay + Int64(end)
        let closing = zone.utc(fromLocal: local) * Self.second
        let opening = opening(date)
        let length = Int64(end > start ? end - start : end - start + 86_400)
        return closing > opening ? closing : opening + length * Self.second
    }
}

extension JobWindow {
    /// As a policy has it: `01:00-05:00 Asia/Shanghai`.
    package var text: String { "\(Self.clock(start))-\(Self.clock(end)) \(zone.name)" }

    private static func clock(_ seconds: Int) -> String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return two(seconds / 3600) + ":" + two(seconds / 60 % 60)
    }
}
