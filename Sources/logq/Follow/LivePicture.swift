internal import Glibc
internal import LogModel
internal import LogQuery
internal import LogStore
internal import Presentation

/// The histogram of the last ten minutes below the events that `--follow` shows.
///
/// Draws nothing where standard output is no terminal.
struct LivePicture {
    private var histogram: LiveHistogram
    private let isShown: Bool
    private var lastFrame: Int64 = .min
    private var lastSize: [Int] = []

    private static let minutes = 10
    private static let second: Int64 = 1_000_000_000

    /// With `isWanted` false nothing is drawn on a terminal either.
    init(isWanted: Bool, _ settings: PictureSettings) {
        var settings = settings
        if !isWanted || Environment.variable("TERM") == "dumb" { settings.width = nil }
        isShown = settings.width != nil
        histogram = LiveHistogram(minutes: Self.minutes, settings: settings)
    }

    /// Counts what the store has of these minutes already.
    mutating func countStored(_ request: SearchRequest, in store: Store) throws {
        guard isShown else { return }
        var request = request
        let start = request.now - Int64(Self.minutes) * 60 * Self.second
        request.times = max(start, request.times.lowerBound)..<Int64.max
        request.limit = nil
        request.add(stage: "stats count() by bin(1s), level")
        for row in try PipedSearch(Search(request, in: store)).table().rows {
            guard row.count == 3, case .time(let time) = row[0], case .integer(let count) = row[2]
            else { continue }
            var level = Severity.unspecified
            if case .text(let name) = row[1] {
                level = Severity.number(of: String(decoding: name, as: UTF8.self)) ?? level
            }
            histogram.add(time: time, level: level, count: Int(count))
        }
    }

    mutating func count(_ event: Event) {
        histogram.add(time: event.timestamp, level: event.severityNumber)
    }

    /// What takes the picture away.
    var clear: [UInt8] { histogram.clear }

    /// What draws it behind new events.
    mutating func frame() -> [UInt8] {
        guard isShown else { return [] }
        lastFrame = Clock.monotonic()
        lastSize = size()
        return histogram.frame(now: Clock.now(), width: lastSize[0], rows: lastSize[1])
    }

    /// What draws it anew where it stands, if a second is over.
    mutating func nextFrame() -> [UInt8] {
        guard isShown, Clock.monotonic() &- Self.second >= lastFrame else { return [] }
        return size() == lastSize ? frame() : clear + frame()
    }

    private func size() -> [Int] {
        [
            TerminalWindow.columns(of: STDOUT_FILENO),
            TerminalWindow.rows(of: STDOUT_FILENO) ?? .max,
        ]
    }
}
