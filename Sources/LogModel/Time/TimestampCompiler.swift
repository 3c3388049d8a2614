/// Turns a date pattern into operations.
struct TimestampCompiler {
    private(set) var operations: [TimestampOperation] = []
    private(set) var fields: TimestampOperation.Field = []
    private(set) var maximumWidth = 0
    private(set) var isFixedWidth = true
    private(set) var fractionDigits = 0

    private let pattern: String
    private let bytes: [UInt8]
    private var index = 0

    /// `render` writes into a buffer of this size before it appends.
    static let widthLimit = 256

    init(_ pattern: String) {
        self.pattern = pattern
        bytes = Array(pattern.utf8)
    }

    mutating func run() throws(TimestampFormatError) {
        if TimestampPatternName.unixNames.contains(pattern) { return compileUnixTime() }
        guard !bytes.isEmpty else { throw error(at: 0, "it is empty", "write yyyy-MM-dd HH:mm:ss") }
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "'"): try quoted()
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
                try letters()
            case let byte:
                add(.literal(byte), width: 1)
                index += 1
            }
        }
        guard maximumWidth <= Self.widthLimit else {
            throw error(at: 0, "it is too long", "keep it under \(Self.widthLimit) bytes")
        }
        finish()
    }

    private mutating func compileUnixTime() {
        let isMilliseconds = pattern == "UNIX_MILLIS"
        let most: UInt8 = isMilliseconds ? 15 : 12
        let kind: TimestampOperation.Kind = isMilliseconds ? .unixMilliseconds : .unixSeconds
        add(.init(kind: kind, least: 1, most: most), width: 20, isFixed: false)
        fields = [.year, .day, .zone]
        fractionDigits = isMilliseconds ? 3 : 0
        guard pattern == "UNIX_SECONDS_MILLIS" else { return }
        add(.literal(UInt8(ascii: ".")), width: 1)
        add(.init(kind: .fraction, least: 3, most: 9), width: 3)
        fractionDigits = 3
        finish()
    }

    private mutating func add(_ operation: TimestampOperation, width: Int, isFixed: Bool = true) {
        operations.append(operation)
        maximumWidth += width
        if !isFixed { isFixedWidth = false }
    }

    private func error(at position: Int, _ problem: String, _ help: String) -> TimestampFormatError
    {
        TimestampFormatError(pattern: pattern, position: position, problem: problem, help: help)
    }

    private mutating func quoted() throws(TimestampFormatError) {
        let quote = UInt8(ascii: "'")
        let start = index
        index += 1
        if index < bytes.count, bytes[index] == quote {
            add(.literal(quote), width: 1)
            index += 1
            return
        }
        while index < bytes.count {
            let byte = bytes[index]
            let isDoubled = byte == quote && index + 1 < bytes.count && bytes[index + 1] == quote
            index += isDoubled ? 2 : 1
            if byte == quote, !isDoubled { return }
            add(.literal(byte), width: 1)
        }
        throw error(at: start, "its quote has no end", "close it with ', or write '' for a quote")
    }
}

extension TimestampCompiler {
    private mutating func letters() throws(TimestampFormatError) {
        let start = index
        let letter = bytes[start]
        while index < bytes.count, bytes[index] == letter { index += 1 }
        let count = index - start
        let isKnown =
            date(Unicode.Scalar(letter), count) || time(Unicode.Scalar(letter), count)
            || zone(Unicode.Scalar(letter), count)
        guard isKnown else {
            let text = String(decoding: bytes[start..<index], as: UTF8.self)
            throw error(at: start, "'\(text)' cannot be read", Self.help(for: letter))
        }
    }

    private static func help(for letter: UInt8) -> String {
        switch letter {
        case UInt8(ascii: "Y"): "the week year differs from the calendar year; use yyyy"
        case UInt8(ascii: "n"), UInt8(ascii: "N"), UInt8(ascii: "A"): "use S for the fraction"
        case UInt8(ascii: "V"), UInt8(ascii: "O"), UInt8(ascii: "v"): "use XXX for the zone"
        default: "put text into quotes, as in yyyy-MM-dd'T'HH:mm:ss"
        }
    }

    private mutating func date(_ letter: Unicode.Scalar, _ count: Int) -> Bool {
        switch (letter, count) {
        case ("y", 2), ("u", 2):
            add(.init(kind: .yearOfCentury, least: 2, most: 2), width: 2)
            fields.insert(.year)
        case ("y", 1...4), ("u", 1...4):
            number(.year, count, most: 4)
            fields.insert(.year)
        case ("M", 1...2), ("L", 1...2): number(.month, count, most: 2)
        case ("M", 3), ("L", 3): add(.init(kind: .monthName), width: 3)
        case ("M", 4), ("L", 4): add(.init(kind: .fullMonthName), width: 9, isFixed: false)
        case ("d", 1...2):
            number(.day, count, most: 2)
            fields.insert(.dayOfMonth)
        case ("D", 1...3):
            number(.dayOfYear, count, most: 3)
            fields.insert([.dayOfYear, .day])
        case ("E", 1...3): add(.init(kind: .weekdayName), width: 3)
        case ("E", 4): add(.init(kind: .fullWeekdayName), width: 9, isFixed: false)
        default: return false
        }
        if letter == "M" || letter == "L" { fields.insert(.month) }
        if fields.isSuperset(of: [.month, .dayOfMonth]) { fields.insert(.day) }
        return true
    }

    private mutating func time(_ letter: Unicode.Scalar, _ count: Int) -> Bool {
        switch (letter, count) {
        case ("H", 1...2): number(.hour, count, most: 2)
        case ("k", 1...2): number(.hourFromOne, count, most: 2)
        case ("h", 1...2): number(.halfDayHourFromOne, count, most: 2)
        case ("K", 1...2): number(.halfDayHour, count, most: 2)
        case ("a", 1...4): add(.init(kind: .halfDay), width: 2)
        case ("m", 1...2): number(.minute, count, most: 2)
        case ("s", 1...2): number(.second, count, most: 2)
        case ("S", 1...9):
            add(.init(kind: .fraction, least: UInt8(count), most: 9), width: count)
            fractionDigits = count
        default: return false
        }
        switch letter {
        case "H", "k": fields.insert(.hour)
        case "h", "K": fields.insert(.halfDayHour)
        default: break
        }
        return true
    }

    private mutating func zone(_ letter: Unicode.Scalar, _ count: Int) -> Bool {
        switch (letter, count) {
        case ("z", 1...4): add(.init(kind: .zoneName), width: 9, isFixed: false)
        case ("Z", 1...3): offset(.basic, width: 5)
        case ("Z", 4): offset(.named, width: 9, isFixed: false)
        case ("Z", 5): offset(.extendedOrZ, width: 6, isFixed: false)
        case ("X", 1): offset(.hoursOrZ, width: 5, isFixed: false)
        case ("X", 2), ("X", 4): offset(.basicOrZ, width: 5, isFixed: false)
        case ("X", 3), ("X", 5): offset(.extendedOrZ, width: 6, isFixed: false)
        case ("x", 1): offset(.hours, width: 5, isFixed: false)
        case ("x", 2), ("x", 4): offset(.basic, width: 5)
        case ("x", 3), ("x", 5): offset(.extended, width: 6)
        default: return false
        }
        fields.insert(.zone)
        return true
    }

    private mutating func number(_ kind: TimestampOperation.Kind, _ count: Int, most: Int) {
        let operation = TimestampOperation(
            kind: kind, least: UInt8(count), most: UInt8(max(count, most)))
        add(operation, width: max(count, most), isFixed: count == most)
    }

    private mutating func offset(
        _ style: TimestampOperation.OffsetStyle, width: Int, isFixed: Bool = true
    ) {
        let kind: TimestampOperation.Kind = style == .named ? .zoneName : .offset
        add(.init(kind: kind, offsetStyle: style), width: width, isFixed: isFixed)
    }
}

extension TimestampCompiler {
    /// Settles what depends on the neighbours of an operation.
    private mutating func finish() {
        for index in operations.indices {
            let next = index + 1 < operations.count ? operations[index + 1] : nil
            switch operations[index].kind {
            case .fraction where next?.isNumber == true:
                operations[index].isExact = true
            case .literal where next?.kind == .fraction:
                operations[index].alternative = Self.otherMark(operations[index].byte)
            case .literal where index > 0 && next?.kind == .hour:
                guard [.day, .dayOfYear, .year].contains(operations[index - 1].kind) else { break }
                operations[index].alternative = Self.otherDivider(operations[index].byte)
            default: break
            }
        }
    }

    private static func otherMark(_ byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: ","): UInt8(ascii: ".")
        case UInt8(ascii: "."): UInt8(ascii: ",")
        default: byte
        }
    }

    private static func otherDivider(_ byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: " "): UInt8(ascii: "T")
        case UInt8(ascii: "T"): UInt8(ascii: " ")
        default: byte
        }
    }

    /// Puts the fast operations before the runs that they stand for.
    static func fused(_ plain: [TimestampOperation]) -> [TimestampOperation] {
        var result: [TimestampOperation] = []
        for index in plain.indices {
            if let date = fusion(.isoDate, of: [.year, .month, .day], plain[index...]) {
                result.append(date)
            } else if let clock = fusion(.clock, of: [.hour, .minute, .second], plain[index...]) {
                result.append(clock)
            }
            result.append(plain[index])
        }
        return result
    }

    private static func fusion(
        _ kind: TimestampOperation.Kind, of numbers: [TimestampOperation.Kind],
        _ plain: ArraySlice<TimestampOperation>
    ) -> TimestampOperation? {
        let run = Array(plain.prefix(5))
        guard run.count == 5, run[1].kind == .literal, run[1] == run[3], run[1].byte < 0x80,
            run[1].alternative == run[1].byte,
            [run[0].kind, run[2].kind, run[4].kind] == numbers,
            run[0].least == run[0].most, run[2].least == 2, run[4].least == 2
        else { return nil }
        return TimestampOperation(kind: kind, byte: run[1].byte, fusedCount: 5)
    }
}
