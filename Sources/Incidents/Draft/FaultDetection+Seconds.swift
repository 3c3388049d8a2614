internal import Glibc
internal import Statistics

// The times of a fault in counts by the second.
extension FaultDetection {
    /// How far before and behind a fault seconds are looked at.
    static let margin = 6 * Int64.minute
    /// How much likelier what stands before or behind the strongest sign must be with a fault.
    private static let tellingLikelihood = 8.0

    /// The fault with its times to the second, and with the other sources that have more errors in it.
    func refined(_ fault: Fault, _ seconds: SourceCounts) -> Fault {
        var result = fault
        result.signs = []
        for sign in fault.signs.map({ refined($0, seconds) }) {
            let isKnown = result.signs.contains { other in
                other.source == sign.source && other.kind == sign.kind
                    && other.times.overlaps(sign.times)
            }
            if !isKnown { result.signs.append(sign) }
        }
        result.times = times(of: result.signs, seconds)
        result.signs += weakSigns(in: result.times, besides: result.signs, seconds)
        result.signs.sort { ($0.weight, $1.source) > ($1.weight, $0.source) }
        return result
    }

    /// The time of the strongest sign, and that of the others as far as they are signs there too: a
    /// single error shortly before is none.
    private func times(of signs: [FaultSign], _ seconds: SourceCounts) -> Range<Int64> {
        guard var times = signs.max(by: { $0.weight < $1.weight })?.times else { return 0..<0 }
        for sign in signs where sign.kind != .silence || signs[0].kind == .silence {
            let (start, end) = (sign.times.lowerBound, sign.times.upperBound)
            let before = start..<Swift.max(start, Swift.min(end, times.lowerBound))
            if isTelling(sign, before, seconds) { times = start..<times.upperBound }
            let after = Swift.min(end, Swift.max(start, times.upperBound))..<end
            if isTelling(sign, after, seconds) { times = times.lowerBound..<end }
        }
        return times
    }

    private func isTelling(
        _ sign: FaultSign, _ part: Range<Int64>, _ seconds: SourceCounts
    ) -> Bool {
        guard !part.isEmpty, let own = seconds.series[sign.source] else { return false }
        let buckets = seconds.buckets(in: part)
        let values = own.counts(sign)
        let count = buckets.reduce(0.0) { $0 + Double(values[$1]) }
        let usual = Swift.max(usual(sign, seconds, buckets).reduce(0, +), 0.01)
        if sign.kind == .silence { return usual - count >= Self.tellingLikelihood }
        return count > usual && count * log(count / usual) - count + usual >= Self.tellingLikelihood
    }

    private func refined(_ sign: FaultSign, _ seconds: SourceCounts) -> FaultSign {
        guard let own = seconds.series[sign.source] else { return sign }
        let near = sign.times.widened(by: 5 * .minute)
        let buckets = seconds.buckets(in: near)
        let values = own.counts(sign)
        let found = onset(
            counts: Array(values[buckets]), usual: usual(sign, seconds, buckets),
            isRise: sign.kind != .silence)
        guard let found else { return sign }
        let place =
            buckets.lowerBound + found.buckets.lowerBound..<buckets.lowerBound
            + found.buckets.upperBound
        var refined = sign
        refined.times = times(place, seconds)
        refined.count = place.reduce(0) { $0 + values[$1] }
        refined.usual = usual(sign, seconds, place).reduce(0, +)
        return refined
    }

    /// What is usual of a sign's source and kind in each of some seconds.
    private func usual(
        _ sign: FaultSign, _ seconds: SourceCounts, _ buckets: Range<Int>
    ) -> [Double] {
        guard let own = series.first(where: { $0.source == sign.source && $0.kind == sign.kind })
        else { return Array(repeating: 0, count: buckets.count) }
        return buckets.map { bucket in
            let minute = (seconds.start(of: bucket) - counts.times.lowerBound) / counts.width
            guard (0..<Int64(own.usual.count)).contains(minute) else { return 0 }
            return own.usual[Int(minute)] * Double(seconds.width) / Double(counts.width)
        }
    }

    /// Sources that are no sign by themselves but have more errors in the fault's time, surely so.
    private func weakSigns(
        in times: Range<Int64>, besides signs: [FaultSign], _ seconds: SourceCounts
    ) -> [FaultSign] {
        let buckets = seconds.buckets(in: times)
        return seconds.series.sorted { $0.key < $1.key }.compactMap { source, own in
            guard !signs.contains(where: { $0.source == source && $0.kind == .errors }) else {
                return nil
            }
            var sign = FaultSign(
                source: source, kind: .errors, times: times,
                count: buckets.reduce(0) { $0 + own.errors[$1] }, usual: 0, likelihood: 0,
                slowness: nil)
            sign.usual = usual(sign, seconds, buckets).reduce(0, +)
            let total =
                series.first { $0.source == source && $0.kind == .errors }?
                .usual.reduce(0, +) ?? 0
            let chance = twoRatePValue(
                countA: sign.count, exposureA: max(sign.usual, 0.01), countB: Int(total),
                exposureB: max(total, 0.01))
            let isMore = Double(sign.count) >= max(3, sign.usual * Self.leastRatio)
            return isMore && chance < 0.001 ? sign : nil
        }
    }
}

extension SourceCounts {
    /// The buckets of a window, as far as it is counted.
    func buckets(in window: Range<Int64>) -> Range<Int> {
        let clamped = window.clamped(to: times)
        let first = Int((clamped.lowerBound - times.lowerBound) / width)
        let last = Int((clamped.upperBound - times.lowerBound + width - 1) / width)
        return Swift.min(first, buckets)..<Swift.max(first, Swift.min(last, buckets))
    }
}
