/// A Java date pattern, compiled to read and to write time stamps as bytes.
///
/// Takes what `%d{…}` of Logback and Log4j 2 takes: the letters of `DateTimeFormatter` that a log
/// uses, and the names of both frameworks (`ISO8601`, `ABSOLUTE`, `UNIX_MILLIS`, …). English names
/// of months and days only. Letters that cannot be read back (week years, eras, zone regions) are
/// refused.
///
/// | letters | meaning |
/// |---|---|
/// | `y` `yyyy` `u` `uuuu`, `yy` `uu` | year 1–9999; two digits mean 1969–2068 |
/// | `M` `MM` `MMM` `MMMM` (`L`) | month: 1, 01, Jan, January |
/// | `d` `dd`, `D` `DDD` | day of the month, day of the year |
/// | `E` `EEE`, `EEEE` | Mon, Monday; read, but not held against the date |
/// | `H` `k` `h` `K`, twice for two digits | hour 0–23, 1–24, 1–12, 0–11 |
/// | `a` | AM, PM; without it a 12-hour clock is read as AM |
/// | `m` `mm`, `s` `ss`, `S`…`SSSSSSSSS` | minute, second, fraction of the second |
/// | `z` | UTC, GMT, `GMT+08:00`; no other zone names |
/// | `Z`, `ZZZZ`, `ZZZZZ` | +0800, GMT+08:00, +08:00 |
/// | `X` `XX` `XXX`, `x` `xx` `xxx` | +08, +0800, +08:00; `X` writes `Z` for UTC |
/// | `'text'`, `''` and other bytes | themselves |
///
/// Immutable and shared; a class, since a copy of its string and array would cost more than a parse.
package final class TimestampFormat: Sendable, Hashable {
    /// The frameworks differ in what the name `ISO8601` means.
    package enum Dialect: Sendable {
        /// Blank between date and time.
        case logback
        /// `T` between date and time.
        case log4j
    }

    /// The canonical text: names are written out; the format of this pattern is this format.
    package let pattern: String
    let operations: [TimestampOperation]
    /// Which fields the text has, as bits of `TimestampOperation.Field`.
    let fields: TimestampOperation.Field
    /// The most bytes that `render` can write.
    let maximumWidth: Int
    /// The number of bytes if every rendered time stamp has the same, else nil.
    package let fixedWidth: Int?
    /// The digits of the fraction of a second; 0 without one.
    package let fractionDigits: Int

    /// Compiles a pattern or one of the names of `TimestampPatternName`.
    package init(_ pattern: String, dialect: Dialect = .logback) throws(TimestampFormatError) {
        let canonical = TimestampPatternName.pattern(for: pattern, dialect: dialect) ?? pattern
        var compiler = TimestampCompiler(canonical)
        try compiler.run()
        self.pattern = canonical
        operations = TimestampCompiler.fused(compiler.operations)
        fields = compiler.fields
        maximumWidth = compiler.maximumWidth
        fixedWidth = compiler.isFixedWidth ? compiler.maximumWidth : nil
        fractionDigits = compiler.fractionDigits
    }

    /// Whether the text has a year; without one, `parse` puts the date into the leap year 1972.
    package var hasYear: Bool { fields.contains(.year) }
    /// Whether the text names a day; without one, `parse` counts from 1970-01-01.
    package var hasDate: Bool { fields.contains(.day) }
    /// Whether the text says its offset from UTC (seconds since 1970 do).
    package var hasZone: Bool { fields.contains(.zone) }

    /// Formats are equal when their canonical texts are.
    package static func == (a: TimestampFormat, b: TimestampFormat) -> Bool {
        a === b || a.pattern == b.pattern
    }
    /// By the canonical text.
    package func hash(into hasher: inout Hasher) { hasher.combine(pattern) }
}

/// What `TimestampFormat.parse` found.
package struct ParsedTimestamp: Equatable, Sendable {
    /// The index of the first byte after the time stamp.
    package var end: Int
    /// The civil time as if its clock showed UTC, in seconds since 1970.
    package var localSeconds: Int64
    /// The fraction of the second, 0–999 999 999.
    package var nanoseconds: Int
    /// Seconds east of UTC when the text says so.
    package var offset: Int?

    /// A time stamp found by other means than a pattern.
    package init(end: Int, localSeconds: Int64, nanoseconds: Int, offset: Int?) {
        self.end = end
        self.localSeconds = localSeconds
        self.nanoseconds = nanoseconds
        self.offset = offset
    }

    /// The UTC second, read in `zone` where the text has no offset of its own.
    package func utcSeconds(in zone: Zone) -> Int64 {
        guard let offset else { return zone.utc(fromLocal: localSeconds) }
        return localSeconds &- Int64(offset)
    }
}

extension TimestampFormat {
    /// The local second of a time stamp that lacks its year or date, chosen nearest to `reference`.
    ///
    /// `reference` is a local second too: the file's last change, or the previous line. Time
    /// stamps that are complete come back as they are. 29 February goes to the nearest leap year.
    package func completed(_ parsed: ParsedTimestamp, near reference: Int64) -> Int64 {
        if hasDate, hasYear { return parsed.localSeconds }
        let reference = min(max(reference, CivilTime.earliestSecond), CivilTime.latestSecond)
        let (today, _) = CivilTime.split(reference)
        let (day, second) = CivilTime.split(parsed.localSeconds)
        guard hasDate else {
            let candidates = (-1...1).map { (today &+ $0) &* 86_400 &+ parsed.localSeconds }
            return Self.nearest(to: reference, candidates) ?? parsed.localSeconds
        }
        let date = CivilTime.civil(days: day)
        let year = CivilTime.civil(days: today).year
        let candidates = (year - 8...year + 8)
            .filter { CivilTime.isValid(year: $0, month: date.month, day: date.day) }
            .map {
                CivilTime.days(year: $0, month: date.month, day: date.day) * 86_400 + Int64(second)
            }
        return Self.nearest(to: reference, candidates) ?? parsed.localSeconds
    }

    private static func nearest(to reference: Int64, _ candidates: [Int64]) -> Int64? {
        candidates.min { ($0 &- reference).magnitude < ($1 &- reference).magnitude }
    }
}
