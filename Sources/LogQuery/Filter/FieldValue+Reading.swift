import LogModel

/// Why a value cannot be compared with its field.
struct ValueMismatch: Error {
    let problem: String
    let help: String
}

extension FieldValue {
    /// The value that `text` is for `field`: typed fields need a number they understand, text and
    /// attributes take anything, and times are read later, in the query's zone.
    static func read(
        _ text: String, at range: Range<Int>, of field: FieldReference
    ) -> Result<FieldValue, ValueMismatch> {
        let name = field.written
        let number: Double?
        let needed: (problem: String, help: String)?
        switch field.type {
        case .text, .file, .time: (number, needed) = (nil, nil)
        case .any: (number, needed) = (decimal(text), nil)
        case .integer, .number:
            number = decimal(text)
            needed = ("no number", "\(name) is a number, such as \(name):>=100")
        case .bytes:
            number = quantity(text, of: field)
            needed = ("no size", "\(name) counts bytes, such as \(name):>=1000, 10k or 4MiB")
        case .duration:
            number = quantity(text, of: field)
            needed = ("no duration", "\(name) is in seconds, such as \(name):>=0.5, 500ms or 2m")
        case .nanoseconds:
            number = quantity(text, of: field)
            needed = ("no duration", "\(name) is in nanoseconds; 500ms and 2s are understood too")
        case .address:
            number = address(text)
            needed = ("no IPv4 address", "only those have an order; other addresses take wildcards")
        case .severity:
            number = severity(text)
            needed = (
                "no level",
                "levels are TRACE, DEBUG, INFO, NOTICE, WARN, ERROR, CRIT, ALERT, FATAL, or 1 to 24"
            )
        }
        if number == nil, let needed {
            return .failure(
                ValueMismatch(problem: "'\(text)' is \(needed.problem)", help: needed.help))
        }
        return .success(FieldValue(text: text, number: number, range: range))
    }

    /// The number in the field's own unit that `text` is where it stands for an equal value; nil for
    /// texts and addresses, in which it is looked for.
    static func quantity(_ text: String, of field: FieldReference) -> Double? {
        switch field.type {
        case .text, .address, .any: nil
        case .bytes: byteCount(text)
        case .duration: scaled(text, by: timeUnits)
        case .nanoseconds: scaled(text, by: timeUnits, bareDivisor: 1e9)
        case .file, .time, .integer, .number, .severity: decimal(text)
        }
    }

    /// The bytes that a size stands for: `256MiB`, `1.5GB`, `4k`; nil for what is none.
    package static func byteCount(_ text: String) -> Double? { scaled(text, by: byteUnits) }

    /// The number that decimal digits, with sign, point and exponent, stand for; nil for all else.
    static func decimal(_ text: String) -> Double? {
        let isDecimal = text.utf8.allSatisfy { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "+-.eE".utf8.contains(byte)
        }
        guard isDecimal, let number = Double(text), number.isFinite else { return nil }
        return number
    }

    /// `text` with a unit behind its number; without one it is divided by `bareDivisor`.
    ///
    /// Parts of a unit divide, as 9 / 1000 is the number nearest to 0.009, and 9 * 0.001 is not.
    private static func scaled(
        _ text: String, by units: [Unit], bareDivisor: Double = 1
    ) -> Double? {
        if let number = decimal(text) { return number / bareDivisor }
        let folded = text.lowercased()
        for unit in units where folded.hasSuffix(unit.suffix) {
            guard let number = decimal(String(folded.dropLast(unit.suffix.count))) else { continue }
            return number * unit.factor / unit.divisor
        }
        return nil
    }

    private typealias Unit = (suffix: String, factor: Double, divisor: Double)

    /// Decimal for `k` and `kB`, binary for `KiB`, as the International System of Quantities has it.
    private static let byteUnits: [Unit] = [
        ("kib", 1024, 1), ("mib", 1_048_576, 1), ("gib", 1_073_741_824, 1),
        ("tib", 1_099_511_627_776, 1), ("kb", 1e3, 1), ("mb", 1e6, 1), ("gb", 1e9, 1),
        ("tb", 1e12, 1), ("k", 1e3, 1), ("m", 1e6, 1), ("g", 1e9, 1), ("t", 1e12, 1), ("b", 1, 1),
    ]

    private static let timeUnits: [Unit] = [
        ("ns", 1, 1e9), ("us", 1, 1e6), ("µs", 1, 1e6), ("μs", 1, 1e6), ("ms", 1, 1e3),
        ("min", 60, 1), ("s", 1, 1), ("m", 60, 1), ("h", 3600, 1), ("d", 86_400, 1),
    ]

    private static func severity(_ text: String) -> Double? {
        if let number = Severity.number(of: text) { return Double(number) }
        guard let number = decimal(text), (1...24).contains(number) else { return nil }
        return number
    }

    /// An IPv4 address in dotted decimal as its 32 bits, so that ranges of addresses are in order.
    private static func address(_ text: String) -> Double? {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var value: UInt32 = 0
        for part in parts {
            let isDigits = part.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            guard isDigits, let octet = UInt8(String(decoding: part, as: UTF8.self)) else {
                return nil
            }
            value = value << 8 | UInt32(octet)
        }
        return Double(value)
    }
}
