internal import LogStore

/// Adds up which bytes of a file lie in events, piece by piece from its beginning.
///
/// Memory is a hundred findings of each kind, whatever comes in.
struct Coverage {
    /// Events of one block that follow each other without a gap.
    struct Run {
        var bytes: Range<Int64>
        var firstTime: Int64
        var lastTime: Int64
        var place: AuditedFile.Place
    }

    typealias Finding = AuditedFile.Finding

    private(set) var indexed: Int64 = 0
    /// Bytes in no event.
    private(set) var holes: Int64 = 0
    private(set) var doubled: Int64 = 0
    private(set) var different: Int64 = 0
    private(set) var findings: [Finding] = []
    /// All before is counted.
    private var position: Int64 = 0
    /// The run that reaches furthest.
    private var last: Run?
    /// The bytes in no event before `position`, which may go on.
    private var hole: Finding?
    private var counts: [Finding.Kind: Int] = [:]

    private static let mostFindings = 100

    /// Goes on to `end` with the runs that have bytes up to there, in any order.
    mutating func advance(to end: Int64, _ runs: [Run]) {
        let start = position
        for run in runs.sorted(by: { $0.bytes.lowerBound < $1.bytes.lowerBound }) {
            var run = run
            run.bytes = run.bytes.clamped(to: start..<max(start, end))
            if !run.bytes.isEmpty { add(run) }
        }
        leave(upTo: end)
    }

    private mutating func add(_ run: Run) {
        leave(upTo: run.bytes.lowerBound)
        closeHole(before: run.firstTime)
        let isSecond = run.bytes.lowerBound..<min(position, run.bytes.upperBound)
        if !isSecond.isEmpty { double(isSecond, run) }
        indexed += max(0, run.bytes.upperBound - position)
        guard run.bytes.upperBound > position else { return }
        position = run.bytes.upperBound
        last = run
    }

    private mutating func double(_ bytes: Range<Int64>, _ run: Run) {
        doubled += Int64(bytes.count)
        var places = [run.place]
        if let last { places.insert(last.place, at: 0) }
        note(
            Finding(
                kind: .doubled, bytes: bytes, after: run.firstTime, before: run.lastTime,
                places: places))
    }

    /// Bytes up to `end` are in no event.
    private mutating func leave(upTo end: Int64) {
        guard end > position else { return }
        holes += end - position
        let start = hole?.bytes.lowerBound ?? position
        hole = Finding(kind: .missing, bytes: start..<end, after: last?.lastTime)
        position = end
    }

    private mutating func closeHole(before time: Int64?) {
        guard var closed = hole else { return }
        hole = nil
        closed.before = time
        note(closed)
    }

    mutating func differ(_ bytes: Range<Int64>, at time: Int64, _ place: AuditedFile.Place) {
        different += Int64(bytes.count)
        note(
            Finding(
                kind: .different, bytes: bytes, after: time, before: time, places: [place]))
    }

    /// Adjacent findings of the same blocks are one.
    private mutating func note(_ finding: Finding) {
        if let known = findings.last, known.kind == finding.kind, known.places == finding.places,
            known.bytes.upperBound == finding.bytes.lowerBound
        {
            findings[findings.count - 1].bytes =
                known.bytes.lowerBound..<finding.bytes.upperBound
            findings[findings.count - 1].before = finding.before
        } else if counts[finding.kind, default: 0] < Self.mostFindings {
            counts[finding.kind, default: 0] += 1
            findings.append(finding)
        }
    }

    /// To be called at the end.
    mutating func finish() { closeHole(before: nil) }
}
