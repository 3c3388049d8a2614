internal import Glibc
internal import LogModel

/// The best time of a line that no pattern fits: a common time stamp at its start.
struct LineTime {
    /// A time stamp and whether its form stands for the start of a log line.
    struct Found {
        var time: ParsedTimestamp
        var format: TimestampFormat
    }

    private let isoZoned: [TimestampFormat]
    private let iso: [TimestampFormat]
    private let slashedYear: [TimestampFormat]
    private let bracketed: [TimestampFormat]
    private let dashedMonth: [TimestampFormat]
    private let named: [TimestampFormat]
    private let seconds: [TimestampFormat]
    private let milliseconds: [TimestampFormat]

    init() {
        func formats(_ patterns: String...) -> [TimestampFormat] {
            patterns.compactMap { try? TimestampFormat($0) }
        }
        isoZoned = formats("yyyy-MM-dd HH:mm:ss.SSSXXX", "yyyy-MM-dd HH:mm:ssXXX")
        iso = formats("yyyy-MM-dd HH:mm:ss.SSS", "yyyy-MM-dd HH:mm:ss")
        slashedYear = formats("yyyy/MM/dd HH:mm:ss.SSS", "yyyy/MM/dd HH:mm:ss")
        bracketed = formats("dd/MMM/yyyy:HH:mm:ss Z", "dd/MMM/yyyy HH:mm:ss")
        dashedMonth = formats("dd-MMM-yyyy HH:mm:ss.SSS", "dd-MMM-yyyy HH:mm:ss")
        named = formats("MMM dd, yyyy h:mm:ss a")
        seconds = formats("UNIX_SECONDS_MILLIS", "UNIX")
        milliseconds = formats("UNIX_MILLIS")
    }

    /// Whether the line begins with a date and a time, bare or in a bracket.
    func startsLine(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Bool {
        guard end &- start >= 19 else { return false }
        let first = base[start]
        guard first &- 0x30 < 10 || first == 0x5B || first &- 0x41 < 26 else { return false }
        return dated(base, start, end) != nil
    }

    /// The time at the start of the line, or in its first bracket (access logs).
    func find(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Found? {
        if let found = dated(base, start, end) ?? epoch(base, start, end) { return found }
        let window = min(end, start &+ 512) &- start
        guard window > 20, let hit = memchr(base + start, 0x5B, window) else { return nil }
        let place = UnsafeRawPointer(hit) - UnsafeRawPointer(base) &+ 1
        return first(of: bracketed, base, place, end)
    }

    private func dated(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Found? {
        guard end &- start >= 19 else { return nil }
        let place = base[start] == 0x5B ? start &+ 1 : start
        guard end &- place >= 19 else { return nil }
        switch (base[place &+ 2], base[place &+ 4]) {
        case (_, UInt8(ascii: "-")):
            return first(of: isoZoned, base, place, end) ?? first(of: iso, base, place, end)
        case (UInt8(ascii: "/"), _):
            return first(of: bracketed, base, place, end)
        case (UInt8(ascii: "-"), _): return first(of: dashedMonth, base, place, end)
        case (_, UInt8(ascii: "/")): return first(of: slashedYear, base, place, end)
        default: return first(of: named, base, place, end)
        }
    }

    private func epoch(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Found? {
        var digits = 0
        while start &+ digits < end, base[start &+ digits] &- 0x30 < 10 { digits &+= 1 }
        guard base[min(start, end)] != 0x30 || digits == 0 else { return nil }
        switch digits {
        case 10: return first(of: seconds, base, start, end)
        case 13: return first(of: milliseconds, base, start, end)
        default: return nil
        }
    }

    private func first(
        of formats: [TimestampFormat], _ base: UnsafePointer<UInt8>, _ place: Int, _ end: Int
    ) -> Found? {
        let window = UnsafeBufferPointer(start: base, count: end)
        for format in formats {
            if let time = format.parse(window, from: place) {
                return Found(time: time, format: format)
            }
        }
        return nil
    }
}
