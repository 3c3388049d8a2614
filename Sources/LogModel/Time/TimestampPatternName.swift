/// The names that Logback and Log4j give to date patterns.
///
/// Sources: Logback's manual, layouts, "date"; Log4j 2's manual, "Pattern Layout", date. The names
/// that start with `UNIX` have no pattern and stand for themselves; the last of them is nginx's
/// `$msec`.
package enum TimestampPatternName {
    /// The names that count seconds or milliseconds since 1970.
    static let unixNames: Set<String> = ["UNIX", "UNIX_MILLIS", "UNIX_SECONDS_MILLIS"]

    /// The pattern that a name stands for; nil when `name` is none.
    package static func pattern(for name: String, dialect: TimestampFormat.Dialect) -> String? {
        if name == "ISO8601", dialect == .logback { return "yyyy-MM-dd HH:mm:ss,SSS" }
        return patterns[name]
    }

    private static let patterns: [String: String] = [
        "ABSOLUTE": "HH:mm:ss,SSS",
        "ABSOLUTE_MICROS": "HH:mm:ss,SSSSSS",
        "ABSOLUTE_NANOS": "HH:mm:ss,SSSSSSSSS",
        "ABSOLUTE_PERIOD": "HH:mm:ss.SSS",
        "COMPACT": "yyyyMMddHHmmssSSS",
        "DATE": "dd MMM yyyy HH:mm:ss,SSS",
        "DATE_PERIOD": "dd MMM yyyy HH:mm:ss.SSS",
        "DEFAULT": "yyyy-MM-dd HH:mm:ss,SSS",
        "DEFAULT_MICROS": "yyyy-MM-dd HH:mm:ss,SSSSSS",
        "DEFAULT_NANOS": "yyyy-MM-dd HH:mm:ss,SSSSSSSSS",
        "DEFAULT_PERIOD": "yyyy-MM-dd HH:mm:ss.SSS",
        "ISO8601": "yyyy-MM-dd'T'HH:mm:ss,SSS",
        "ISO8601_BASIC": "yyyyMMdd'T'HHmmss,SSS",
        "ISO8601_BASIC_PERIOD": "yyyyMMdd'T'HHmmss.SSS",
        "ISO8601_OFFSET_DATE_TIME_HH": "yyyy-MM-dd'T'HH:mm:ss,SSSx",
        "ISO8601_OFFSET_DATE_TIME_HHMM": "yyyy-MM-dd'T'HH:mm:ss,SSSxx",
        "ISO8601_OFFSET_DATE_TIME_HHCMM": "yyyy-MM-dd'T'HH:mm:ss,SSSxxx",
        "ISO8601_PERIOD": "yyyy-MM-dd'T'HH:mm:ss.SSS",
        "ISO8601_PERIOD_MICROS": "yyyy-MM-dd'T'HH:mm:ss.SSSSSS",
        "STRICT": "yyyy-MM-dd'T'HH:mm:ss,SSS",
        "UNIX": "UNIX",
        "UNIX_MILLIS": "UNIX_MILLIS",
        "UNIX_SECONDS_MILLIS": "UNIX_SECONDS_MILLIS",
        "US_MONTH_DAY_YEAR2_TIME": "dd/MM/yy HH:mm:ss.SSS",
        "US_MONTH_DAY_YEAR4_TIME": "dd/MM/yyyy HH:mm:ss.SSS",
    ]
}
