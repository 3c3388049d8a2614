/// Severity numbers of the OpenTelemetry log data model, from the level as a log line writes it.
///
/// Source: OpenTelemetry logs data model, "Severity fields"; java.util.logging levels are mapped
/// as FINEST 1, FINER 5, FINE 6, CONFIG 7, WARNING 13, SEVERE 17.
package enum Severity {
    package static let unspecified: UInt8 = 0
    package static let info: UInt8 = 9
    package static let warn: UInt8 = 13
    package static let error: UInt8 = 17

    /// The number of a level name, in any case, or nil for a word that is no level.
    ///
    /// Looks at no more than 13 bytes and allocates nothing.
    package static func number(of name: UnsafeBufferPointer<UInt8>) -> UInt8? {
        guard (1...13).contains(name.count) else { return nil }
        var key: (UInt64, UInt64) = (0, 0)
        for (position, byte) in name.enumerated() {
            let lowered = UInt64(byte &- 0x41 < 26 ? byte | 0x20 : byte)
            if position < 8 { key.0 = key.0 << 8 | lowered } else { key.1 = key.1 << 8 | lowered }
        }
        return numbers[Key(high: key.0, low: key.1)]
    }

    /// The number of a level name, in any case, or nil for a word that is no level.
    package static func number(of name: String) -> UInt8? {
        var copy = name
        return copy.withUTF8 { number(of: $0) }
    }

    /// The level of an HTTP answer: 500 and above is an error, 4xx a warning, the rest information.
    package static func number(ofHTTPStatus status: Int) -> UInt8 {
        status >= 500 && status < 1000 ? error : status >= 400 && status < 500 ? warn : info
    }

    /// The name of the range that a number falls into, for numbers that came without a text.
    package static func name(of number: UInt8) -> String {
        switch number {
        case 1...4: "TRACE"
        case 5...8: "DEBUG"
        case 9...12: "INFO"
        case 13...16: "WARN"
        case 17...20: "ERROR"
        case 21...24: "FATAL"
        default: ""
        }
    }

    /// The name of the level that has exactly this number, else that of the range it falls into.
    package static func level(of number: UInt8) -> String {
        switch number {
        case 10: "NOTICE"
        case 18: "CRIT"
        case 19: "ALERT"
        default: name(of: number)
        }
    }

    private struct Key: Hashable {
        let high: UInt64
        let low: UInt64
    }

    private static let numbers: [Key: UInt8] = {
        let table: [(String, UInt8)] = [
            ("trace", 1), ("finest", 1), ("all", 1), ("silly", 1),
            ("debug", 5), ("finer", 5), ("dbg", 5), ("verbose", 5), ("fine", 6), ("config", 7),
            ("info", 9), ("information", 9), ("informational", 9), ("inf", 9), ("note", 10),
            ("notice", 10), ("warn", 13), ("warning", 13), ("wrn", 13),
            ("error", 17), ("err", 17), ("severe", 17),
            ("crit", 18), ("critical", 18), ("alert", 19),
            ("fatal", 21), ("emerg", 21), ("emergency", 21), ("panic", 21), ("off", 21),
        ]
        var numbers: [Key: UInt8] = [:]
        for (name, number) in table {
            var key: (UInt64, UInt64) = (0, 0)
            for (position, byte) in name.utf8.enumerated() {
                if position < 8 {
                    key.0 = key.0 << 8 | UInt64(byte)
                } else {
                    key.1 = key.1 << 8 | UInt64(byte)
                }
            }
            numbers[Key(high: key.0, low: key.1)] = number
        }
        return numbers
    }()
}
