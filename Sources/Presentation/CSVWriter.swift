/// Writes comma-separated values (RFC 4180) that are safe to open in a spreadsheet.
///
/// A field is quoted when it holds a comma, a quote or a line break; rows end in CR LF. A field
/// that a spreadsheet would run as a formula gets an apostrophe in front, unless it is a plain
/// number or a lone `-`: log lines come from strangers, and `=HYPERLINK(…)` in a user agent must
/// stay text. Bytes are otherwise copied as they are, valid UTF-8 or not.
package struct CSVWriter: Sendable {
    /// What has been written.
    package private(set) var bytes: [UInt8] = []
    private var fieldsInRow = 0
    private var rowStart = 0

    /// Makes a writer with room for `capacity` bytes.
    package init(capacity: Int = 0) {
        bytes.reserveCapacity(max(0, capacity))
    }

    /// Forgets what has been written but keeps the memory; call it between rows.
    package mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        (fieldsInRow, rowStart) = (0, 0)
    }

    /// Writes the next field of the row.
    package mutating func field(_ value: Span<UInt8>) {
        if fieldsInRow > 0 { bytes.append(UInt8(ascii: ",")) }
        fieldsInRow += 1
        let isGuarded = Self.wouldRun(value)
        guard Self.needsQuotes(value) else {
            if isGuarded { bytes.append(UInt8(ascii: "'")) }
            bytes.append(value, in: 0..<value.count)
            return
        }
        bytes.append(UInt8(ascii: "\""))
        if isGuarded { bytes.append(UInt8(ascii: "'")) }
        appendDoublingQuotes(value)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Writes the next field of the row.
    package mutating func field(_ value: String) { field(value.utf8.span) }

    /// Ends the row.
    package mutating func endRow() {
        // A lone empty field would read back as an empty line, which is no row to many readers.
        if fieldsInRow == 1 && bytes.count == rowStart { bytes.append(contentsOf: "\"\"".utf8) }
        bytes.append(contentsOf: "\r\n".utf8)
        (fieldsInRow, rowStart) = (0, bytes.count)
    }

    private mutating func appendDoublingQuotes(_ value: Span<UInt8>) {
        var runStart = 0
        for index in value.indices where value[index] == UInt8(ascii: "\"") {
            bytes.append(value, in: runStart..<index + 1)
            runStart = index
        }
        bytes.append(value, in: runStart..<value.count)
    }

    private static func needsQuotes(_ value: Span<UInt8>) -> Bool {
        for index in value.indices {
            switch value[index] {
            case UInt8(ascii: ","), UInt8(ascii: "\""), 0x0A, 0x0D: return true
            default: continue
            }
        }
        return false
    }

    private static func wouldRun(_ value: Span<UInt8>) -> Bool {
        guard let first = value.isEmpty ? nil : value[0] else { return false }
        switch first {
        case UInt8(ascii: "="), UInt8(ascii: "@"), 0x09, 0x0A, 0x0D: return true
        case UInt8(ascii: "+"), UInt8(ascii: "-"):
            // A lone hyphen is how access logs write "no value".
            let isHyphen = value.count == 1 && first == UInt8(ascii: "-")
            return !isHyphen && !isNumber(value)
        case 0xEF: return isFullwidthOperator(value)
        default: return false
        }
    }

    /// `＝ ＋ － ＠`, which spreadsheets in East Asian locales read as their ASCII forms.
    private static func isFullwidthOperator(_ value: Span<UInt8>) -> Bool {
        guard value.count >= 3, value[1] == 0xBC else { return false }
        return [0x9D, 0x8B, 0x8D, 0xA0].contains(value[2])
    }

    /// Digits with an optional sign, fraction and exponent.
    private static func isNumber(_ value: Span<UInt8>) -> Bool {
        var index = 0
        func skipSign() {
            if index < value.count, value[index] == 0x2B || value[index] == 0x2D { index += 1 }
        }
        func skipDigits() -> Int {
            let start = index
            while index < value.count, (0x30...0x39).contains(value[index]) { index += 1 }
            return index - start
        }
        skipSign()
        var digits = skipDigits()
        if index < value.count, value[index] == UInt8(ascii: ".") {
            index += 1
            digits += skipDigits()
        }
        guard digits > 0 else { return false }
        if index < value.count, value[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            skipSign()
            guard skipDigits() > 0 else { return false }
        }
        return index == value.count
    }
}
