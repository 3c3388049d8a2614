internal import LogModel

/// The bytes with which a line of a pattern can begin: 256 bits.
struct FirstBytes: Sendable {
    private var bits: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    static let all: FirstBytes = {
        var bytes = FirstBytes()
        bytes.bits = (.max, .max, .max, .max)
        return bytes
    }()

    @inline(__always)
    func contains(_ byte: UInt8) -> Bool {
        let word =
            switch byte >> 6 {
            case 0: bits.0
            case 1: bits.1
            case 2: bits.2
            default: bits.3
            }
        return word >> UInt64(byte & 63) & 1 == 1
    }

    private mutating func insert(_ byte: UInt8) {
        let bit = UInt64(1) << UInt64(byte & 63)
        switch byte >> 6 {
        case 0: bits.0 |= bit
        case 1: bits.1 |= bit
        case 2: bits.2 |= bit
        default: bits.3 |= bit
        }
    }

    private static func of(_ text: String) -> FirstBytes {
        var bytes = FirstBytes()
        for byte in text.utf8 { bytes.insert(byte) }
        return bytes
    }

    private static let digits = of("0123456789 ")
    private static let numbers = of("0123456789 -?")
    private static let words = of(" abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")

    /// What the first literal or the first field allows, strictly and loosely.
    init(lead: [UInt8], steps: [PatternProgram.Step], timeFormats: [TimestampFormat]) {
        if let first = lead.first {
            insert(first)
            return
        }
        guard let step = steps.first else { return }
        switch step.matcher {
        case .severity: self = Self.words
        case .integer, .number: self = Self.numbers
        case .time: self = Self.time(timeFormats[Int(step.timeFormat)].pattern)
        default: self = .all
        }
    }

    private init() {}

    /// A number for the letters that write one.
    private static func time(_ pattern: String) -> FirstBytes {
        guard let letter = pattern.utf8.first else { return .all }
        return "yudHhkKDU".utf8.contains(letter) ? digits : .all
    }
}
