/// Numbers as a person reads them.
///
/// Decimal units and English notation, whatever the locale, so that output can be compared between
/// machines.
package enum HumanUnits {
    /// `999 B`, `1.2 GB`, `123 MB`: three digits at most, in steps of a thousand.
    package static func bytes(_ count: Int64) -> String {
        let magnitude = count.magnitude
        guard magnitude >= 1000 else { return "\(count) B" }
        let units = ["kB", "MB", "GB", "TB", "PB", "EB"]
        var scale: UInt64 = 1000
        var index = 0
        // From 999.5 on the rounded number would have four digits.
        while index + 1 < units.count, magnitude >= scale * 1000 - scale / 2 {
            scale *= 1000
            index += 1
        }
        let sign = count < 0 ? "-" : ""
        return sign + rounded(magnitude, per: scale, tenthsBelow: 100) + " " + units[index]
    }

    /// `1,234,567`.
    package static func count(_ value: Int64) -> String {
        var digits: [UInt8] = []
        digits.append(decimal: value.magnitude)
        var grouped: [UInt8] = value < 0 ? [UInt8(ascii: "-")] : []
        for (index, digit) in digits.enumerated() {
            if index > 0 && (digits.count - index) % 3 == 0 { grouped.append(UInt8(ascii: ",")) }
            grouped.append(digit)
        }
        return String(decoding: grouped, as: UTF8.self)
    }

    /// `1,234.50`: `digits` decimals (0 to 9), thousands grouped.
    ///
    /// What is not finite is `unknown`, what needs more than 18 digits is written with an exponent.
    package static func decimal(_ value: Double, digits: Int) -> String {
        guard value.isFinite else { return "unknown" }
        var scale: UInt64 = 1
        for _ in 0..<max(0, min(9, digits)) { scale *= 10 }
        let scaled = (value.magnitude * Double(scale)).rounded()
        guard scaled < 1e18 else { return "\(value)" }
        let whole = UInt64(scaled)
        let sign = value < 0 && whole > 0 ? "-" : ""
        let text = sign + count(Int64(whole / scale))
        if scale == 1 { return text }
        return text + "." + String(String(whole % scale + scale).dropFirst())
    }

    /// A whole number as `count` writes it; any other to four figures: `1,235`, `12.35`, `0.001235`.
    package static func figure(_ value: Double) -> String {
        if value == value.rounded() { return decimal(value, digits: 0) }
        var digits = 3
        var magnitude = value.magnitude
        while magnitude >= 10, digits > 0 { (magnitude, digits) = (magnitude / 10, digits - 1) }
        while magnitude < 1, magnitude > 0, digits < 9 {
            (magnitude, digits) = (magnitude * 10, digits + 1)
        }
        return decimal(value, digits: digits)
    }

    /// `12.3 %` for a part of 0.123; what is above none and below a tenth of a percent is `<0.1 %`.
    package static func percent(_ share: Double) -> String {
        if share > 0 && share < 0.0005 { return "<0.1 %" }
        return decimal(share * 100, digits: 1) + " %"
    }

    /// `850 ns`, `12 ms`, `1.3 s`, `2 min 5 s`, `3 h 12 min`, `4 d 3 h`: two figures or two units.
    package static func duration(nanoseconds: Int64) -> String {
        let sign = nanoseconds < 0 ? "-" : ""
        return sign + duration(magnitude: nanoseconds.magnitude)
    }

    /// The same for seconds; what is not finite is `unknown`, what passes 292 years is cut to that.
    package static func duration(seconds: Double) -> String {
        guard seconds.isFinite else { return "unknown" }
        return duration(nanoseconds: clamped(seconds * 1e9))
    }

    /// The nearest whole number, at the ends of the range for what lies beyond them.
    static func clamped(_ value: Double) -> Int64 {
        if value.isNaN { return 0 }
        return Int64(exactly: value.rounded()) ?? (value < 0 ? .min : .max)
    }

    private static func duration(magnitude: UInt64) -> String {
        if magnitude < 1000 { return "\(magnitude) ns" }
        if magnitude < 999_500 { return rounded(magnitude, per: 1000, tenthsBelow: 10) + " µs" }
        if magnitude < 999_500_000 {
            return rounded(magnitude, per: 1_000_000, tenthsBelow: 10) + " ms"
        }
        if magnitude < 59_500_000_000 {
            return rounded(magnitude, per: 1_000_000_000, tenthsBelow: 10) + " s"
        }
        let seconds = (magnitude + 500_000_000) / 1_000_000_000
        if seconds < 3600 { return pair(seconds / 60, "min", seconds % 60, "s") }
        let minutes = (seconds + 30) / 60
        if minutes < 24 * 60 { return pair(minutes / 60, "h", minutes % 60, "min") }
        let hours = (seconds + 1800) / 3600
        return pair(hours / 24, "d", hours % 24, "h")
    }

    private static func pair(
        _ major: UInt64, _ majorUnit: String, _ minor: UInt64, _ minorUnit: String
    ) -> String {
        minor == 0 ? "\(major) \(majorUnit)" : "\(major) \(majorUnit) \(minor) \(minorUnit)"
    }

    /// `value / scale` with one decimal below `limit` and none from there on.
    private static func rounded(
        _ value: UInt64, per scale: UInt64, tenthsBelow limit: UInt64
    ) -> String {
        let tenths = (value + scale / 20) / (scale / 10)
        if tenths < limit * 10 { return "\(tenths / 10).\(tenths % 10)" }
        return "\((value + scale / 2) / scale)"
    }
}
