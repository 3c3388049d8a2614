import Testing

@testable import LogModel

@Suite struct ZoneTests {
    private func second(_ text: String) throws -> Int64 {
        let bytes = Array(text.utf8)
        let format = try TimestampFormat("yyyy-MM-dd HH:mm:ss")
        let parsed = bytes.withUnsafeBufferPointer { format.parse($0, from: 0) }
        return try #require(parsed).localSeconds
    }

    @Test(arguments: [
        ("Asia/Shanghai", "2026-11-20 02:15:03", 28_800),
        ("Asia/Shanghai", "1988-07-01 00:00:00", 32_400),
        ("Asia/Shanghai", "1850-01-01 00:00:00", 29_143),
        ("Asia/Shanghai", "2300-07-01 00:00:00", 28_800),
        ("Europe/Berlin", "2026-03-29 00:59:59", 3_600),
        ("Europe/Berlin", "2026-03-29 01:00:00", 7_200),
        ("Europe/Berlin", "2026-10-25 00:59:59", 7_200),
        ("Europe/Berlin", "2026-10-25 01:00:00", 3_600),
        ("Europe/Berlin", "2090-03-26 00:59:59", 3_600),
        ("Europe/Berlin", "2090-03-26 01:00:00", 7_200),
        ("Europe/Berlin", "2090-10-29 00:59:59", 7_200),
        ("Europe/Berlin", "2090-10-29 01:00:00", 3_600),
        ("Europe/Berlin", "9090-10-26 00:59:59", 7_200),
        ("Europe/Berlin", "9090-10-26 01:00:00", 3_600),
        ("America/New_York", "2026-03-08 06:59:59", -18_000),
        ("America/New_York", "2026-03-08 07:00:00", -14_400),
        ("America/New_York", "2026-11-01 05:59:59", -14_400),
        ("America/New_York", "2026-11-01 06:00:00", -18_000),
        ("America/New_York", "2090-03-12 06:59:59", -18_000),
        ("America/New_York", "2090-03-12 07:00:00", -14_400),
        ("Europe/Dublin", "2026-01-01 00:00:00", 0),
        ("Europe/Dublin", "2090-07-01 00:00:00", 3_600),
        ("Asia/Kolkata", "2026-01-01 00:00:00", 19_800),
        ("America/Nuuk", "2090-07-01 00:00:00", -3_600),
        ("UTC", "2026-01-01 00:00:00", 0),
    ])
    func knowsTheOffset(name: String, utc: String, offset: Int) throws {
        #expect(try Zone.named(name).offset(atUTC: second(utc)) == offset)
    }

    @Test(arguments: [
        ("Asia/Shanghai", "2026-11-20 10:15:03", "2026-11-20 02:15:03"),
        // Clocks go from 02:00 to 03:00: the gap shifts forward.
        ("Europe/Berlin", "2026-03-29 01:59:59", "2026-03-29 00:59:59"),
        ("Europe/Berlin", "2026-03-29 02:00:00", "2026-03-29 01:00:00"),
        ("Europe/Berlin", "2026-03-29 02:30:00", "2026-03-29 01:30:00"),
        ("Europe/Berlin", "2026-03-29 03:00:00", "2026-03-29 01:00:00"),
        // From 03:00 back to 02:00: the earlier of the two.
        ("Europe/Berlin", "2026-10-25 01:59:59", "2026-10-24 23:59:59"),
        ("Europe/Berlin", "2026-10-25 02:30:00", "2026-10-25 00:30:00"),
        ("Europe/Berlin", "2026-10-25 03:00:00", "2026-10-25 02:00:00"),
        ("Europe/Berlin", "2090-03-26 02:30:00", "2090-03-26 01:30:00"),
        ("Europe/Berlin", "2090-10-29 02:30:00", "2090-10-29 00:30:00"),
        ("America/New_York", "2026-03-08 02:30:00", "2026-03-08 07:30:00"),
        ("America/New_York", "2026-11-01 01:30:00", "2026-11-01 05:30:00"),
        ("America/New_York", "2026-11-01 02:00:00", "2026-11-01 07:00:00"),
        ("America/New_York", "2090-11-05 01:30:00", "2090-11-05 05:30:00"),
        // Samoa had no 30 December 2011.
        ("Pacific/Apia", "2011-12-30 12:00:00", "2011-12-30 22:00:00"),
    ])
    func readsLocalTime(name: String, local: String, utc: String) throws {
        #expect(try Zone.named(name).utc(fromLocal: second(local)) == second(utc))
    }

    @Test(arguments: [
        ("UTC", "UTC", 0), ("Z", "UTC", 0), ("Etc/UTC", "UTC", 0), ("+00:00", "UTC", 0),
        ("+08:00", "+08:00", 28_800), ("+0800", "+08:00", 28_800), ("-7", "-07:00", -25_200),
        ("UTC+8", "+08:00", 28_800), ("GMT-03:30", "-03:30", -12_600), ("+530", "+05:30", 19_800),
        ("+18", "+18:00", 64_800),
    ])
    func readsFixedOffsets(text: String, name: String, offset: Int) throws {
        let zone = try Zone.named(text)
        #expect(zone.name == name)
        #expect(zone.offset(atUTC: 1_795_000_000) == offset)
        #expect(zone.utc(fromLocal: 1_795_000_000) == 1_795_000_000 - Int64(offset))
    }

    @Test(arguments: [
        "", "/etc/localtime", "../../etc/passwd", "Asia/../Asia/Shanghai", "Asia//Shanghai",
        "Asia/",
        "./UTC", "Asia", "tzdata.zi", "+", "+24:00", "+8:0", "+19", "+08:60", "UTC+", "a\u{0}b",
        "Asia/Shanghai\n", String(repeating: "a", count: 300),
    ])
    func refusesWhatIsNoZone(name: String) {
        #expect(throws: ZoneError.self) { try Zone.named(name) }
    }

    @Test(arguments: [
        ("Asia/Shangai", ["Asia/Shanghai"]), ("asia/shanghai", ["Asia/Shanghai"]),
        ("shanghai", ["Asia/Shanghai"]), ("Europe/Berln", ["Europe/Berlin"]),
        ("America/New York", []), ("New-York", ["America/New_York"]),
        ("Nowhere/Atlantis-Deep", []),
    ])
    func suggestsNearNames(name: String, suggestions: [String]) {
        #expect {
            try Zone.named(name)
        } throws: { error in
            (error as? ZoneError)?.suggestions == suggestions
        }
    }

    @Test func errorSaysWhatToDo() {
        let error = ZoneError(
            name: "Asia/Shangai", problem: "unknown", suggestions: ["Asia/Shanghai"])
        #expect(
            error.description == "time zone 'Asia/Shangai': unknown; did you mean Asia/Shanghai?")
    }

    @Test(arguments: [
        ("Asia/Shanghai", "Asia/Shanghai", 28_800), (":Asia/Shanghai", "Asia/Shanghai", 28_800),
        ("/usr/share/zoneinfo/Asia/Tokyo", "Asia/Tokyo", 32_400), ("", "UTC", 0),
        ("CST-8", "CST-8", 28_800), ("<+0330>-3:30", "<+0330>-3:30", 12_600),
        ("EST5EDT,M3.2.0,M11.1.0", "EST5EDT,M3.2.0,M11.1.0", -18_000),
        ("No/Such", "UTC", 0), ("../../etc/passwd", "UTC", 0),
    ])
    func understandsTheVariable(value: String, name: String, offset: Int) {
        let zone = Zone.fromEnvironment(value)
        #expect(zone.name == name)
        #expect(zone.offset(atUTC: 1_795_000_000) == offset)
    }

    @Test func anyMomentHasAnOffset() throws {
        for name in ["Asia/Shanghai", "Europe/Berlin", "UTC", "+08:00"] {
            let zone = try Zone.named(name)
            for seconds in [Int64.min, .min + 1, -1, 0, .max - 1, .max] {
                #expect(abs(zone.offset(atUTC: seconds)) < 93_600)
                _ = zone.utc(fromLocal: seconds)
            }
        }
    }

    @Test func zonesWithTheSameNameAndDataAreEqual() throws {
        #expect(try Zone.named("Asia/Tokyo") == Zone.named("Asia/Tokyo"))
        #expect(try Zone.named("Asia/Tokyo") != Zone.named("Asia/Seoul"))
        #expect(try Set([Zone.named("UTC+8"), Zone.named("+0800")]).count == 1)
    }

    @Test func localZoneHasAName() {
        #expect(!Zone.local().name.isEmpty)
    }
}

@Suite struct PosixZoneRuleTests {
    @Test(arguments: [
        ("CST-8", 28_800), ("EST5", -18_000), ("<-03>3", 10_800 * -1), ("IST-5:30", 19_800),
        ("CET-1CEST,M3.5.0,M10.5.0/3", 3_600), ("IST-1GMT0,M10.5.0,M3.5.0/1", 3_600),
        ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", -7_200), ("XXX3EDT4,0/0,J365/23", -10_800),
    ])
    func readsStandardOffset(text: String, offset: Int) {
        #expect(PosixZoneRule(text.utf8)?.standardOffset == offset)
    }

    @Test(arguments: [
        "", "CST", "C-8", "CST-25", "CST-8X", "CST-8CDT", "CST-8CDT,M3.2.0", "CST-8CDT,M13.2.0,J1",
        "CST-8CDT,M3.6.0,J1", "CST-8CDT,J0,J1", "<CST-8", "CST-8CDT,M3.2.0,M11.1.0junk",
        "CST-99999999999999999999",
    ])
    func refusesOtherTexts(text: String) {
        #expect(PosixZoneRule(text.utf8) == nil)
    }

    @Test(arguments: [
        // 2026: 29 March 01:00Z and 25 October 01:00Z.
        ("CET-1CEST,M3.5.0,M10.5.0/3", 2026, [Int64(1_774_746_000), 1_792_890_000]),
        // J60 is 1 March in every year, 59 is 29 February in leap years.
        ("AAA0BBB,J60/0,J61/0", 2024, [1_709_251_200, 1_709_334_000]),
        ("AAA0BBB,59/0,J61/0", 2024, [1_709_164_800, 1_709_334_000]),
        ("AAA0BBB,59/0,J61/0", 2026, [1_772_323_200, 1_772_406_000]),
        // Hours beyond a day, as for Jerusalem (Friday 02:00 before the last Sunday of March).
        ("IST-2IDT,M3.4.4/26,M10.5.0", 2026, [1_774_569_600, 1_792_882_800]),
    ])
    func findsTheChangesOfAYear(text: String, year: Int, expected: [Int64]) throws {
        let rule = try #require(PosixZoneRule(text.utf8))
        #expect(rule.changes(year: year).map(\.at) == expected)
    }

    @Test func daylightTimeAllYearNeverEnds() throws {
        let always = try #require(PosixZoneRule("EST5EDT,0/0,J365/25".utf8))
        let zone = Zone(name: "always", file: TimeZoneFile(rule: always))
        for second in stride(from: Int64(1_767_225_600), to: 1_798_761_600, by: 3_600) {
            #expect(zone.offset(atUTC: second) == -14_400)
        }
    }
}

@Suite struct TimeZoneFileTests {
    @Test func versionOneFilesAreRead() {
        var bytes = Array("TZif".utf8) + [UInt8](repeating: 0, count: 16)
        for count in [0, 0, 0, 1, 2, 8] as [UInt8] { bytes += [0, 0, 0, count] }
        bytes += [0x80, 0, 0, 0] + [1]
        bytes += [0, 0, 0, 0, 0, 0] + [0, 0, 0x70, 0x80, 0, 4] + Array("LMT\0CST\0".utf8)
        let file = TimeZoneFile(bytes)
        #expect(file?.times == [-2_147_483_648])
        #expect(file?.firstOffset == 0)
        #expect(file?.offsets == [28_800])
        #expect(file?.rule == nil)
    }

    @Test func everyTruncationIsRefusedOrReadWithoutFooter() throws {
        let bytes = try #require(ZoneDirectory.read("/usr/share/zoneinfo/Europe/Berlin"))
        let whole = try #require(TimeZoneFile(bytes))
        for length in 0..<bytes.count {
            guard let cut = TimeZoneFile(Array(bytes[..<length])) else { continue }
            #expect(cut.times == whole.times && cut.rule == nil)
        }
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func damagedBytesDoNotTrap(seed: UInt64) throws {
        let bytes = try #require(ZoneDirectory.read("/usr/share/zoneinfo/America/New_York"))
        var random = SplitMix(state: seed)
        for _ in 0..<2_000 {
            var damaged = bytes
            for _ in 0..<4 {
                let index = Int.random(in: 0..<damaged.count, using: &random)
                damaged[index] = UInt8.random(in: 0...255, using: &random)
            }
            let near = Int.random(in: 20..<44, using: &random)
            damaged[near] = UInt8.random(in: 0...255, using: &random)
            if let file = TimeZoneFile(damaged) {
                _ = Zone(name: "damaged", file: file).offset(atUTC: 1_795_000_000)
            }
        }
    }

    @Test func filesThatCountLeapSecondsAreRefused() {
        var bytes = Array("TZif".utf8) + [UInt8](repeating: 0, count: 16)
        for count in [0, 0, 1, 0, 1, 4] as [UInt8] { bytes += [0, 0, 0, count] }
        bytes += [0, 0, 0, 0, 0, 0] + Array("UTC\0".utf8) + [4, 0xB2, 0x58, 0, 0, 0, 0, 1]
        #expect(TimeZoneFile(bytes) == nil)
    }
}

/// A seeded generator, so that a failing run can be repeated.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
