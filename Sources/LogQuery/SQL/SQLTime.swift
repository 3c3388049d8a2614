internal import LogModel
internal import SQLite

/// Times in SQL: their text, their order, and their buckets.
final class SQLTime {
    /// The name of the collation of columns that hold times.
    static let collation = "TIME"

    private let zone: Zone
    private let now: Int64
    /// What was read of texts that are not RFC 3339: the few literals of a statement.
    private var known: [[UInt8]: Int64?] = [:]

    init(zone: Zone, now: Int64) { (self.zone, self.now) = (zone, now) }

    /// RFC 3339 with three, six or nine digits of the second, the fewest that say all.
    static func text(_ instant: Int64, zone: Zone) -> [UInt8] {
        let digits = instant % 1_000_000 == 0 ? 3 : instant % 1_000 == 0 ? 6 : 9
        var text: [UInt8] = []
        RFC3339.append(instant, zone: zone, fractionDigits: digits, to: &text)
        return text
    }

    /// The instant at which the time that a text names begins; nil where it names none.
    func instant(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
        if let instant = RFC3339.parse(text) { return instant }
        guard text.count <= 64 else { return nil }
        let bytes = Array(text)
        if let instant = known[bytes] { return instant }
        let instant = try? TimeExpression.instant(
            String(decoding: bytes, as: UTF8.self), now: now, zone: zone)
        if known.count < 1_000 { known[bytes] = .some(instant) }
        return instant
    }

    func instant(_ text: [UInt8]) -> Int64? { text.withUnsafeBufferPointer { instant($0) } }

    /// The order of two texts: times by their instants, before all texts that are none.
    func compare(_ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer) -> Int32 {
        switch (read(first), read(second)) {
        case (let first?, let second?): first < second ? -1 : first == second ? 0 : 1
        case (_?, nil): -1
        case (nil, _?): 1
        case (nil, nil):
            first.elementsEqual(second) ? 0 : first.lexicographicallyPrecedes(second) ? -1 : 1
        }
    }

    private func read(_ text: UnsafeRawBufferPointer) -> Int64? {
        text.withMemoryRebound(to: UInt8.self) { instant($0) }
    }

    /// The start of the bucket of `span` that a time lies in, by the clock of the zone: a text for a
    /// text, nanoseconds for nanoseconds; NULL for what is no time.
    func bucket(_ time: SQLValue, _ span: SQLValue) throws(SQLTimeError) -> SQLValue {
        guard case .text(let text) = span,
            let width = try? TimeExpression.duration(String(decoding: text, as: UTF8.self)),
            width > 0
        else { throw SQLTimeError() }
        let bins = TimeBins(span: width, zone: zone)
        switch time {
        case .integer(let instant): return .integer(bins.start(of: instant))
        case .text(let text):
            guard let instant = instant(text) else { return .null }
            return .text(Self.text(bins.start(of: instant), zone: zone))
        default: return .null
        }
    }
}

/// A span that `bin` cannot read.
struct SQLTimeError: Error, CustomStringConvertible {
    let description = "bin takes a time and a span such as '5m' or '1h'"
}
