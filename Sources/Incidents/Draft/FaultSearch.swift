internal import Glibc
internal import LogModel
package import LogQuery
package import LogStore

/// Looks for the fault that a draft is about.
package struct FaultSearch: Sendable {
    /// Where it was looked for; nil for the newest of a store without events.
    package private(set) var window: Range<Int64>?
    package private(set) var fault: Fault?
    /// Days that could not be read.
    package private(set) var failures: [StoreError] = []

    private static let around = 2 * Int64.hour
    private static let newest = 24 * Int64.hour
    /// So much on both sides of the window tells what is usual.
    private static let margin = 2 * Int64.hour

    /// Reads the times, levels and durations of all events of the window and of two hours on both
    /// sides, and once more those around the fault that it finds.
    package init(_ request: DraftRequest, in store: Store) throws(SearchError) {
        let extent = try Self.extent(request, store)
        window = Self.window(request.place, newest: extent?.upperBound)
        guard let extent, let window else { return }
        let read = window.widened(by: Self.margin).clamped(to: extent)
        guard !read.isEmpty, read.length > 0 else { return }
        var minutes = SourceCounts(read, width: .minute)
        try minutes.read(request, in: store, failures: &failures)
        let detection = FaultDetection(minutes)
        let candidates = detection.faults().filter { $0.times.overlaps(window) }
        guard let chosen = Self.chosen(candidates, request.place) else { return }
        var seconds = SourceCounts(
            chosen.times.widened(by: FaultDetection.margin).clamped(to: extent),
            width: Swift.max(.second, chosen.times.length / 100_000))
        try seconds.read(request, in: store, failures: &failures)
        var refined = detection.refined(chosen, seconds)
        refined.isOngoing = refined.times.upperBound >= extent.upperBound - .minute
        fault = refined
    }

    private static func window(_ place: DraftRequest.Place, newest end: Int64?) -> Range<Int64>? {
        switch place {
        case .newest: end.map { ($0..<$0).widened(newest, 0) }
        case .around(let time): (time..<time).widened(by: around)
        case .within(let times): times
        }
    }

    /// From the first to the last event that matches; nil where there are none.
    private static func extent(
        _ request: DraftRequest, _ store: Store
    ) throws(SearchError) -> Range<Int64>? {
        var ends: [Int64] = []
        for order in [SearchRequest.Order.oldest, .newest] {
            var ask = SearchRequest(query: request.query, now: request.now)
            (ask.zone, ask.order, ask.limit) = (request.zone, order, 1)
            try Search(ask, in: store).run { event in
                ends.append(event.timestamp)
                return false
            }
        }
        guard ends.count == 2, ends[0] <= ends[1], ends[1] < .max else { return nil }
        return ends[0]..<ends[1] + 1
    }

    /// The strongest; around a moment, the one at it, else the nearest, where one that is a quarter of an
    /// hour further away must be e times as strong. A mere silence at the moment is not enough.
    private static func chosen(_ faults: [Fault], _ place: DraftRequest.Place) -> Fault? {
        guard case .around(let time) = place else { return faults.first }
        func preference(_ fault: Fault) -> Double {
            let start = Double(fault.times.lowerBound) - Double(time)
            let end = Double(time) - Double(fault.times.upperBound)
            let distance = Swift.max(0, start, end) / Double(15 * Int64.minute)
            return log(Swift.max(fault.weight, 1e-9)) - distance
        }
        return faults.first { $0.times.contains(time) && $0.signs[0].kind != .silence }
            ?? faults.max { preference($0) < preference($1) }
    }
}
