import LogModel
import Testing

private func parse(_ text: String, _ pattern: String, from start: Int = 0) throws
    -> ParsedTimestamp?
{
    let format = try TimestampFormat(pattern)
    return Array(text.utf8).withUnsafeBufferPointer { format.parse($0, from: start) }
}

private func render(
    _ seconds: Int64, _ nanoseconds: Int = 0, _ offset: Int = 0, as pattern: String
) throws -> String {
    var out: [UInt8] = []
    try TimestampFormat(pattern).render(
        seconds: seconds, nanoseconds: nanoseconds, offset: offset, into: &out)
    return String(decoding: out, as: UTF8.self)
}

/// 2026-11-20T10:15:03Z, a Friday, day 324 of its year.
private let morning: Int64 = 1_795_169_703
/// 2026-11-05T22:05:09Z, a Thursday.
private let evening: Int64 = 1_793_916_309
/// 2026-02-03T00:00:00Z, a Tuesday.
private let midnight: Int64 = 1_770_076_800

@Suite struct TimestampFormatTests {
    @Test(arguments: [
        ("2026-11-18 00:00:22.941", true), ("2026-11-18 00:00:22.942", false),
        ("2026-11-18 00:00:22,941", false), ("2026-11-18 00:00:22.9410", false), ("", false),
    ])
    func textIsComparedWithWhatWouldBeWritten(text: String, expected: Bool) throws {
        let format = try TimestampFormat("yyyy-MM-dd HH:mm:ss.SSS")
        let isRendered = Array(text.utf8).withUnsafeBufferPointer {
            format.renders($0, seconds: 1_794_960_022, nanoseconds: 941_000_000, offset: 0)
        }
        #expect(isRendered == expected)
    }

    @Test(arguments: [
        ("y", morning, "2026"), ("yy", morning, "26"), ("yyy", morning, "2026"),
        ("yyyy", morning, "2026"), ("u", morning, "2026"), ("uuuu", morning, "2026"),
        ("uu", morning, "26"), ("yyyy", -62_135_596_800, "0001"), ("y", -62_135_596_800, "1"),
        ("yyy", -62_135_596_800, "001"),
        ("M", midnight, "2"), ("MM", midnight, "02"), ("MMM", midnight, "Feb"),
        ("MMMM", midnight, "February"), ("L", midnight, "2"), ("LLL", midnight, "Feb"),
        ("d", evening, "5"), ("dd", evening, "05"), ("d", morning, "20"),
        ("D", midnight, "34"), ("DD", midnight, "34"), ("DDD", midnight, "034"),
        ("D", morning, "324"), ("E", morning, "Fri"), ("EEE", midnight, "Tue"),
        ("EEEE", morning, "Friday"), ("a", morning, "AM"), ("a", evening, "PM"),
        ("H", midnight, "0"), ("HH", midnight, "00"), ("H", evening, "22"),
        ("k", midnight, "24"), ("kk", evening, "22"), ("kk", morning, "10"),
        ("h", midnight, "12"), ("hh", evening, "10"), ("h", evening, "10"),
        ("K", midnight, "0"), ("KK", evening, "10"), ("m", evening, "5"), ("mm", evening, "05"),
        ("s", evening, "9"), ("ss", evening, "09"),
        ("'T'", morning, "T"), ("''", morning, "'"), ("h 'o''clock'", evening, "10 o'clock"),
        ("yyyy年M月d日", morning, "2026年11月20日"), ("[HH]{}#", morning, "[10]{}#"),
        ("UNIX", morning, "1795169703"),
    ])
    func writesEveryLetter(pattern: String, seconds: Int64, text: String) throws {
        #expect(try render(seconds, as: pattern) == text)
    }

    @Test(arguments: [
        ("S", "9"), ("SS", "98"), ("SSS", "987"), ("SSSS", "9876"), ("SSSSS", "98765"),
        ("SSSSSS", "987654"), ("SSSSSSS", "9876543"), ("SSSSSSSS", "98765432"),
        ("SSSSSSSSS", "987654321"), ("UNIX_MILLIS", "1795169703987"),
        ("UNIX_SECONDS_MILLIS", "1795169703.987"),
    ])
    func cutsTheFraction(pattern: String, text: String) throws {
        #expect(try render(morning, 987_654_321, as: pattern) == text)
    }

    @Test(arguments: [
        ("Z", 28_800, "+0800"), ("Z", 0, "+0000"), ("ZZZZ", 28_800, "GMT+08:00"),
        ("ZZZZ", 0, "GMT"),
        ("ZZZZZ", 28_800, "+08:00"), ("ZZZZZ", 0, "Z"), ("X", 28_800, "+08"), ("X", 0, "Z"),
        ("X", -12_600, "-0330"), ("XX", 28_800, "+0800"), ("XX", 0, "Z"), ("XXX", 28_800, "+08:00"),
        ("XXX", -12_600, "-03:30"), ("XXX", 0, "Z"), ("x", 28_800, "+08"), ("x", 0, "+00"),
        ("xx", 0, "+0000"), ("xxx", 0, "+00:00"), ("xxx", -12_600, "-03:30"), ("z", 0, "UTC"),
        ("z", 28_800, "GMT+08:00"),
    ])
    func writesAndReadsOffsets(pattern: String, offset: Int, text: String) throws {
        #expect(try render(morning, 0, offset, as: pattern) == text)
        #expect(try parse(text, pattern)?.offset == offset)
        #expect(try parse(text, pattern)?.end == text.utf8.count)
    }

    /// Every text is what Java writes: reading and writing it gives the same bytes.
    @Test(
        arguments: [
            ("yyyy-MM-dd HH:mm:ss.SSS", "2026-11-20 10:15:03.123", morning, 123_000_000, nil),
            ("yyyy-MM-dd HH:mm:ss,SSS", "2026-11-20 10:15:03,123", morning, 123_000_000, nil),
            ("yyyy-MM-dd HH:mm:ss", "2026-11-20 10:15:03", morning, 0, nil),
            (
                "yyyy-MM-dd'T'HH:mm:ss.SSSXXX", "2026-11-20T10:15:03.123+08:00", morning,
                123_000_000, 28_800
            ),
            ("yyyy-MM-dd'T'HH:mm:ss.SSSXXX", "2026-11-20T10:15:03.123Z", morning, 123_000_000, 0),
            (
                "yyyy-MM-dd'T'HH:mm:ss.SSSSSSSSSX", "2026-11-20T10:15:03.123456789-05", morning,
                123_456_789, -18_000
            ),
            ("dd/MMM/yyyy:HH:mm:ss Z", "20/Nov/2026:10:15:03 +0800", morning, 0, 28_800),
            ("dd-MMM-yyyy HH:mm:ss.SSS", "20-Nov-2026 10:15:03.123", morning, 123_000_000, nil),
            ("MMM dd, yyyy h:mm:ss a", "Nov 20, 2026 10:15:03 AM", morning, 0, nil),
            ("MMM dd, yyyy h:mm:ss a", "Nov 05, 2026 10:05:09 PM", evening, 0, nil),
            ("MMM d, yyyy K:mm:ss a", "Feb 3, 2026 0:00:00 AM", midnight, 0, nil),
            ("MMM d, yyyy hh:mm:ss a", "Feb 3, 2026 12:00:00 AM", midnight, 0, nil),
            ("yyyy/MM/dd HH:mm:ss", "2026/11/20 10:15:03", morning, 0, nil),
            ("yyyyMMddHHmmssSSS", "20261120101503123", morning, 123_000_000, nil),
            ("yyyyMMdd'T'HHmmss,SSS", "20261120T101503,123", morning, 123_000_000, nil),
            ("ssSSSyyyyMMddHHmm", "03123202611201015", morning, 123_000_000, nil),
            ("EEE MMM dd HH:mm:ss yyyy", "Fri Nov 20 10:15:03 2026", morning, 0, nil),
            (
                "EEE MMM dd HH:mm:ss.SSSSSS yyyy", "Fri Nov 20 10:15:03.000123 2026", morning,
                123_000, nil
            ),
            ("EEEE, d. MMMM yyyy H:m:s", "Thursday, 5. November 2026 22:5:9", evening, 0, nil),
            ("EEE, dd MMM yyyy HH:mm:ss z", "Fri, 20 Nov 2026 10:15:03 UTC", morning, 0, 0),
            (
                "EEE, dd MMM yyyy HH:mm:ss z", "Fri, 20 Nov 2026 10:15:03 GMT+08:00", morning, 0,
                28_800
            ),
            ("yy-M-d k:mm:ss", "26-2-3 24:00:00", midnight, 0, nil),
            ("yyyy.DDD HH:mm:ss", "2026.324 10:15:03", morning, 0, nil),
            ("yyyy年MM月dd日 HH时mm分ss秒", "2026年11月20日 10时15分03秒", morning, 0, nil),
            ("UNIX", "1795169703", morning, 0, 0),
            ("UNIX_MILLIS", "1795169703123", morning, 123_000_000, 0),
            ("UNIX_SECONDS_MILLIS", "1795169703.123", morning, 123_000_000, 0),
            ("DATE", "20 Nov 2026 10:15:03,123", morning, 123_000_000, nil),
            (
                "ISO8601_OFFSET_DATE_TIME_HHCMM", "2026-11-20T10:15:03,123+08:00", morning,
                123_000_000, 28_800
            ),
            ("yyyy-MM-dd HH:mm:ss", "0001-01-01 00:00:00", -62_135_596_800, 0, nil),
            ("yyyy-MM-dd HH:mm:ss", "9999-12-31 23:59:59", 253_402_300_799, 0, nil),
            ("yyyy-MM-dd", "2024-02-29", 1_709_164_800, 0, nil),
        ] as [(String, String, Int64, Int, Int?)])
    func writesBackWhatItReads(
        pattern: String, text: String, local: Int64, nanoseconds: Int, offset: Int?
    ) throws {
        let parsed = try #require(try parse(text, pattern))
        #expect(parsed.end == text.utf8.count)
        #expect(parsed.localSeconds == local)
        #expect(parsed.nanoseconds == nanoseconds)
        #expect(parsed.offset == offset)
        let utc = local - Int64(offset ?? 0)
        #expect(try render(utc, nanoseconds, offset ?? 0, as: pattern) == text)
    }

    @Test(arguments: [
        ("yyyy-MM-dd HH:mm:ss,SSS", "2026-11-20 10:15:03.123", morning, 123_000_000),
        ("yyyy-MM-dd HH:mm:ss.SSS", "2026-11-20 10:15:03,1", morning, 100_000_000),
        ("yyyy-MM-dd HH:mm:ss.SSS", "2026-11-20 10:15:03.123456789", morning, 123_456_789),
        ("ISO8601", "2026-11-20T10:15:03,123", morning, 123_000_000),
        ("STRICT", "2026-11-20 10:15:03,123", morning, 123_000_000),
        ("dd MMM yyyy HH:mm:ss", " 5 NOV 2026 22:05:09", evening, 0),
        ("yyyy-MM-dd HH:mm:ss", "2026-11- 5 22:05:09", evening, 0),
        ("MMMM d yyyy H:mm:ss", "nOVEMBER 05 2026 22:05:09", evening, 0),
        ("h:mm:ss a d.M.yyyy", "10:05:09 pm 5.11.2026", evening, 0),
        ("yyyy-MM-dd HH:mm:ss", "2026-02-02 24:00:00", midnight, 0),
        ("yyyy-MM-dd HH:mm:ss.SSS", "2026-02-02 23:59:60.250", midnight - 1, 250_000_000),
        ("E yyyy-MM-dd HH:mm:ss", "Mon 2026-11-20 10:15:03", morning, 0),
    ])
    func readsWhatLogsHold(pattern: String, text: String, local: Int64, nanoseconds: Int) throws {
        let parsed = try #require(try parse(text, pattern))
        #expect(parsed.end == text.utf8.count)
        #expect(parsed.localSeconds == local)
        #expect(parsed.nanoseconds == nanoseconds)
    }

    @Test(arguments: [
        ("XXX", "+0800", 28_800), ("Z", "+08:00", 28_800), ("Z", "Z", 0), ("XXX", "z", 0),
        ("xx", "-07", -25_200), ("z", "GMT", 0), ("z", "Z", 0), ("z", "UTC+08:00", 28_800),
        ("ZZZZ", "+0800", 28_800),
    ])
    func readsOffsetsInAnySpelling(pattern: String, text: String, offset: Int) throws {
        #expect(try parse(text, pattern)?.offset == offset)
    }

    @Test(arguments: [
        ("yyyy-MM-dd", "2026-02-29"), ("yyyy-MM-dd", "1900-02-29"), ("yyyy-MM-dd", "2026-04-31"),
        ("yyyy-MM-dd", "0000-01-01"), ("yyyy-MM-dd", "2026-13-01"), ("yyyy-MM-dd", "2026-00-01"),
        ("yyyy-MM-dd", "2026-01-00"), ("yyyy-MM-dd", "2026/01/01"), ("yyyy-MM-dd", "26-01-01"),
        ("yyyy-MM-dd", "2026-01-0"), ("yyyy-MM-dd", "2026-1-01"), ("yyyy-MM-dd", "２026-01-01"),
        ("HH:mm:ss", "25:00:00"), ("HH:mm:ss", "24:00:01"), ("HH:mm:ss", "10:60:00"),
        ("HH:mm:ss", "10:15:61"), ("HH:mm:ss", "1:15:03"), ("HH:mm:ss", "10:15:0"),
        ("HH:mm:ss.SSS", "24:00:00.001"), ("HH:mm:ss.SSS", "10:15:03."),
        ("HH:mm:ss.SSS", "10:15:03"),
        ("hh:mm a", "13:00 PM"), ("hh:mm a", "00:00 PM"), ("hh:mm a", "10:00 XM"),
        ("KK:mm a", "12:00 PM"), ("kk:mm", "00:00"), ("kk:mm", "25:00"),
        ("dd MMM", "20 Nob"), ("dd MMMM", "20 Nov"), ("E", "Fry"), ("D yyyy", "366 2026"),
        ("D yyyy", "0 2026"), ("z", "CST"), ("z", "+08:00"), ("Z", "+19:00"), ("Z", "+08:60"),
        ("Z", "0800"), ("Z", ""), ("UNIX", "253402300800"), ("UNIX", "-1"), ("UNIX", ""),
        ("yyyy-MM-dd HH:mm:ss", "9999-12-31 24:00:00"), ("'T'HH", "t10"),
    ])
    func refusesWhatDoesNotFit(pattern: String, text: String) throws {
        #expect(try parse(text, pattern) == nil)
    }

    @Test func leapDayOfAnUnknownYearIsRead() throws {
        #expect(try parse("02-29 10:00", "MM-dd HH:mm")?.localSeconds == 68_205_600)
    }

    @Test(arguments: [
        ("00", "2000-01-01"), ("26", "2026-01-01"), ("68", "2068-01-01"), ("69", "1969-01-01"),
        ("99", "1999-01-01"),
    ])
    func twoDigitYearsFollowPosix(text: String, date: String) throws {
        #expect(try parse(text, "yy")?.localSeconds == parse(date, "yyyy-MM-dd")?.localSeconds)
    }

    @Test func readsInTheMiddleOfALine() throws {
        let line = "ts=[2026-11-20 10:15:03.123] INFO"
        let parsed = try parse(line, "yyyy-MM-dd HH:mm:ss.SSS", from: 4)
        #expect(parsed?.end == 27)
        #expect(parsed?.localSeconds == morning)
        for start in [-1, Int.min, line.utf8.count, Int.max] {
            #expect(try parse(line, "yyyy-MM-dd HH:mm:ss.SSS", from: start) == nil)
        }
    }

    @Test(
        arguments: [
            ("yyyy-MM-dd HH:mm:ss.SSS", true, true, false, 3, 23),
            ("ABSOLUTE", false, false, false, 3, 12),
            ("MMM dd HH:mm:ss", false, true, false, 0, 15),
            ("dd/MMM/yyyy:HH:mm:ss Z", true, true, true, 0, 26),
            ("yyyy.DDD", true, true, false, 0, 8), ("UNIX", true, true, true, 0, nil),
            ("UNIX_MILLIS", true, true, true, 3, nil),
            ("yyyy-MM-dd'T'HH:mmXXX", true, true, true, 0, nil),
            ("H:mm", false, false, false, 0, nil), ("yyyy HH", true, false, false, 0, 7),
            ("MMMM dd", false, true, false, 0, nil), ("xxx", false, false, true, 0, 6),
        ] as [(String, Bool, Bool, Bool, Int, Int?)])
    func saysWhatTheTextHas(
        pattern: String, year: Bool, date: Bool, zone: Bool, digits: Int, width: Int?
    ) throws {
        let format = try TimestampFormat(pattern)
        #expect(format.hasYear == year)
        #expect(format.hasDate == date)
        #expect(format.hasZone == zone)
        #expect(format.fractionDigits == digits)
        #expect(format.fixedWidth == width)
    }

    @Test(arguments: [
        ("ISO8601", "yyyy-MM-dd HH:mm:ss,SSS"), ("STRICT", "yyyy-MM-dd'T'HH:mm:ss,SSS"),
        ("ABSOLUTE", "HH:mm:ss,SSS"), ("DATE", "dd MMM yyyy HH:mm:ss,SSS"),
        ("COMPACT", "yyyyMMddHHmmssSSS"), ("DEFAULT", "yyyy-MM-dd HH:mm:ss,SSS"),
        ("DEFAULT_NANOS", "yyyy-MM-dd HH:mm:ss,SSSSSSSSS"),
        ("ISO8601_BASIC", "yyyyMMdd'T'HHmmss,SSS"),
        ("ISO8601_OFFSET_DATE_TIME_HH", "yyyy-MM-dd'T'HH:mm:ss,SSSx"), ("UNIX", "UNIX"),
        ("UNIX_MILLIS", "UNIX_MILLIS"), ("HH:mm", "HH:mm"),
    ])
    func namesAreWrittenOut(name: String, pattern: String) throws {
        let format = try TimestampFormat(name)
        #expect(format.pattern == pattern)
        #expect(try TimestampFormat(format.pattern) == format)
    }

    @Test func log4jMeansTheLetterT() throws {
        #expect(
            try TimestampFormat("ISO8601", dialect: .log4j).pattern == "yyyy-MM-dd'T'HH:mm:ss,SSS")
    }

    @Test(arguments: [
        ("", 0), ("yyyy-MM-ddTHH", 10), ("YYYY-MM-dd", 0), ("HH:mm:ss.nnn", 9), ("yyyy 'at", 5),
        ("MMMMM", 0), ("yyyyy", 0), ("ddd", 0), ("SSSSSSSSSS", 0), ("HHH", 0), ("G", 0), ("VV", 0),
        (String(repeating: "-", count: 257), 0), (String(repeating: "z", count: 5), 0),
        ("'", 0), ("ISO", 0),
    ])
    func refusesPatterns(pattern: String, position: Int) {
        #expect {
            try TimestampFormat(pattern)
        } throws: { error in
            (error as? TimestampFormatError)?.position == position
        }
    }

    @Test func patternErrorSaysWhatToDo() {
        #expect {
            try TimestampFormat("YYYY-MM-dd")
        } throws: { error in
            "\(error)" == "date pattern 'YYYY-MM-dd', byte 1: 'YYYY' cannot be read; "
                + "the week year differs from the calendar year; use yyyy"
        }
    }

    @Test func absurdInstantsAreWrittenAsTheNearestOnes() throws {
        let pattern = "yyyy-MM-dd HH:mm:ss.SSS XXX"
        #expect(try render(.max, .max, .max, as: pattern) == "9999-12-31 23:59:59.999 +18:00")
        #expect(try render(.min, .min, .min, as: pattern) == "0001-01-01 00:00:00.000 -18:00")
    }
}

@Suite struct IncompleteTimestampTests {
    @Test(arguments: [
        // The reference is 2026-01-01 00:30.
        ("MMM dd HH:mm:ss", "Dec 31 23:59:59", "2025-12-31 23:59:59"),
        ("MMM dd HH:mm:ss", "Jan 01 00:10:00", "2026-01-01 00:10:00"),
        ("MMM dd HH:mm:ss", "Feb 29 00:10:00", "2024-02-29 00:10:00"),
        ("HH:mm:ss", "23:59:59", "2025-12-31 23:59:59"),
        ("HH:mm:ss", "00:31:00", "2026-01-01 00:31:00"),
        ("yyyy-MM-dd HH:mm:ss", "2020-01-01 00:00:00", "2020-01-01 00:00:00"),
    ])
    func nearestYearOrDayIsChosen(pattern: String, text: String, expected: String) throws {
        let parsed = try #require(try parse(text, pattern))
        let full = "yyyy-MM-dd HH:mm:ss"
        let reference = try #require(try parse("2026-01-01 00:30:00", full)).localSeconds
        let completed = try TimestampFormat(pattern).completed(parsed, near: reference)
        #expect(try render(completed, as: full) == expected)
    }

    @Test func absurdReferencesDoNotTrap() throws {
        let parsed = try #require(try parse("10:15", "HH:mm"))
        let dated = try #require(try parse("02-29", "MM-dd"))
        for reference in [Int64.min, .min / 2, .max / 2, .max] {
            _ = try TimestampFormat("HH:mm").completed(parsed, near: reference)
            _ = try TimestampFormat("MM-dd").completed(dated, near: reference)
        }
    }
}

@Suite struct TimestampFuzzTests {
    private static let samples = [
        ("yyyy-MM-dd HH:mm:ss.SSS", "2026-11-20 10:15:03.123"),
        ("dd/MMM/yyyy:HH:mm:ss Z", "20/Nov/2026:10:15:03 +0800"),
        ("EEEE, d. MMMM yyyy h:mm:ss a z", "Friday, 20. November 2026 10:15:03 AM GMT+08:00"),
        ("yyyy-MM-dd'T'HH:mm:ss.SSSSSSSSSXXX", "2026-11-20T10:15:03.123456789+08:00"),
        ("UNIX_SECONDS_MILLIS", "1795169703.123"), ("UNIX_MILLIS", "1795169703123"),
        ("yyyyMMddHHmmssSSS", "20261120101503123"), ("D k K ZZZZ x", "324 10 10 GMT+08:00 +08"),
    ]

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func damagedTextAtEveryCutIsReadInBoundsOrRefused(seed: UInt64) throws {
        var random = SplitMix(state: seed)
        for (pattern, sample) in Self.samples {
            let format = try TimestampFormat(pattern)
            for round in 0..<60 {
                var bytes = Array(sample.utf8)
                for _ in 0..<(round % 4) {
                    let index = Int.random(in: 0..<bytes.count, using: &random)
                    bytes[index] = UInt8.random(in: 0...255, using: &random)
                }
                for cut in 0...bytes.count {
                    check(format, Array(bytes[..<cut]), from: 0)
                    check(format, Array(bytes[cut...]), from: 0)
                    check(format, bytes, from: cut)
                }
            }
        }
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func renderedInstantsAreReadBack(seed: UInt64) throws {
        var random = SplitMix(state: seed)
        for (pattern, _) in Self.samples.dropLast() {
            let format = try TimestampFormat(pattern)
            for _ in 0..<500 {
                let seconds = Int64.random(in: 0...4_000_000_000, using: &random)
                let offset = format.hasZone ? Int.random(in: -72...72, using: &random) * 900 : 0
                var out: [UInt8] = []
                format.render(seconds: seconds, nanoseconds: 0, offset: offset, into: &out)
                let parsed = out.withUnsafeBufferPointer { format.parse($0, from: 0) }
                #expect(parsed?.end == out.count)
                #expect(parsed?.utcSeconds(in: .utc) == seconds)
            }
        }
    }

    private func check(_ format: TimestampFormat, _ bytes: [UInt8], from start: Int) {
        // An exact allocation, so that a sanitizer sees any read beyond it.
        let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
        defer { copy.deallocate() }
        _ = copy.initialize(from: bytes)
        guard let parsed = format.parse(UnsafeBufferPointer(copy), from: start) else { return }
        #expect(parsed.end <= bytes.count)
        var out: [UInt8] = []
        format.render(
            seconds: parsed.utcSeconds(in: .utc), nanoseconds: parsed.nanoseconds,
            offset: parsed.offset ?? 0, into: &out)
        #expect(!out.isEmpty)
    }
}
