/// Turns the bytes of a capture into a value: trimmed, unescaped, of its kind.
package enum CaptureValue {
    /// The value of a plain field; nil where the bytes stand for nothing.
    ///
    /// Blanks at both ends are padding. A number that is none stays text. Fields that yield
    /// several values (`contextMap`, `nginxErrorTail`, `stackTrace`) and the body are not handled.
    package static func value(
        of bytes: UnsafeBufferPointer<UInt8>, field: Field
    ) -> Event.Value? {
        let text = trimmed(bytes)
        guard !text.isEmpty, !(field.dashMeansAbsent && isDash(text)) else { return nil }
        switch field.kind {
        case .integer: return integer(text).map { .integer($0) } ?? .text(Array(text))
        case .number: return number(text).map { .number($0) } ?? .text(Array(text))
        case .seconds: return duration(text, per: 1)
        case .milliseconds: return duration(text, per: 1e3)
        case .microseconds: return duration(text, per: 1e6)
        case .nanoseconds: return duration(text, per: 1e9)
        case .list: return list(text, escape: field.escape)
        case .urlQuery:
            let query = text.first == UInt8(ascii: "?") ? rest(text, from: 1) : text
            return query.isEmpty ? nil : .text(unescaped(query, field.escape))
        default: return .text(unescaped(text, field.escape))
        }
    }

    /// The bytes without blanks at both ends.
    package static func trimmed(
        _ bytes: UnsafeBufferPointer<UInt8>
    ) -> UnsafeBufferPointer<UInt8> {
        var start = 0
        var end = bytes.count
        while start < end, bytes[start] == 0x20 || bytes[start] == 0x09 { start += 1 }
        while end > start, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x09 { end -= 1 }
        return UnsafeBufferPointer(rebasing: bytes[start..<end])
    }

    /// A decimal integer that fills the bytes; nil for anything else or beyond 64 bits.
    package static func integer(_ bytes: UnsafeBufferPointer<UInt8>) -> Int64? {
        var index = 0
        let isNegative = bytes.first == UInt8(ascii: "-")
        if isNegative { index = 1 }
        guard index < bytes.count else { return nil }
        var value: Int64 = 0
        while index < bytes.count {
            let digit = bytes[index] &- 0x30
            guard digit < 10 else { return nil }
            let product = value.multipliedReportingOverflow(by: 10)
            let sum = product.partialValue.subtractingReportingOverflow(Int64(digit))
            guard !product.overflow, !sum.overflow else { return nil }
            value = sum.partialValue
            index += 1
        }
        // Counted downwards, since the least number has no positive counterpart.
        return isNegative ? value : value == .min ? nil : -value
    }

    /// A decimal number that fills the bytes.
    package static func number(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
        guard bytes.count <= 32, bytes.allSatisfy(isNumberByte) else { return nil }
        return Double(String(decoding: bytes, as: UTF8.self))
    }

    private static func isNumberByte(_ byte: UInt8) -> Bool {
        byte &- 0x30 < 10 || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
    }

    private static func duration(
        _ text: UnsafeBufferPointer<UInt8>, per unit: Double
    ) -> Event.Value {
        number(text).map { .number($0 / unit) } ?? .text(Array(text))
    }

    private static func isDash(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        text.count == 1 && text[0] == UInt8(ascii: "-")
    }

    private static func rest(
        _ bytes: UnsafeBufferPointer<UInt8>, from start: Int
    ) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: bytes[min(start, bytes.count)...])
    }

    /// The items between `,` and ` : `; dashes are none. One item is no list.
    private static func list(
        _ text: UnsafeBufferPointer<UInt8>, escape: Field.Escape
    ) -> Event.Value? {
        var items: [[UInt8]] = []
        var start = 0
        var index = 0
        func add(_ end: Int) {
            let item = trimmed(UnsafeBufferPointer(rebasing: text[start..<end]))
            if !item.isEmpty, !isDash(item) { items.append(unescaped(item, escape)) }
        }
        while index < text.count {
            let isColon =
                text[index] == UInt8(ascii: ":") && index > 0 && text[index - 1] == 0x20
                && index + 1 < text.count && text[index + 1] == 0x20
            if text[index] == UInt8(ascii: ",") || isColon {
                add(index)
                start = index + 1
            }
            index += 1
        }
        add(text.count)
        guard items.count <= 1 else { return .list(items) }
        return items.first.map { .text($0) }
    }
}

/// Escapes.
extension CaptureValue {
    /// The bytes with the escapes of `escape` undone; what is no valid escape stays.
    package static func unescaped(
        _ bytes: UnsafeBufferPointer<UInt8>, _ escape: Field.Escape
    ) -> [UInt8] {
        guard escape != .none, bytes.contains(UInt8(ascii: "\\")) else { return Array(bytes) }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            guard byte == UInt8(ascii: "\\"), index + 1 < bytes.count else {
                result.append(byte)
                index += 1
                continue
            }
            index += appendEscape(bytes, at: index, to: &result)
        }
        return result
    }

    /// Appends what the escape at `index` stands for; returns its length.
    private static func appendEscape(
        _ bytes: UnsafeBufferPointer<UInt8>, at index: Int, to result: inout [UInt8]
    ) -> Int {
        switch bytes[index + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
            result.append(bytes[index + 1])
        case UInt8(ascii: "n"): result.append(0x0A)
        case UInt8(ascii: "r"): result.append(0x0D)
        case UInt8(ascii: "t"): result.append(0x09)
        case UInt8(ascii: "b"): result.append(0x08)
        case UInt8(ascii: "f"): result.append(0x0C)
        case UInt8(ascii: "v"): result.append(0x0B)
        case UInt8(ascii: "x"):
            guard let value = hexadecimal(bytes, index + 2, 2) else { break }
            result.append(UInt8(truncatingIfNeeded: value))
            return 4
        case UInt8(ascii: "u"):
            guard let (scalar, length) = scalar(bytes, at: index) else { break }
            result += Array(String(Character(scalar)).utf8)
            return length
        default: result += [bytes[index], bytes[index + 1]]
        }
        let isUndone =
            bytes[index + 1] != UInt8(ascii: "x") && bytes[index + 1] != UInt8(ascii: "u")
        if !isUndone { result += [bytes[index], bytes[index + 1]] }
        return 2
    }

    /// `\uXXXX`, or two of them that form a pair.
    private static func scalar(
        _ bytes: UnsafeBufferPointer<UInt8>, at index: Int
    ) -> (Unicode.Scalar, Int)? {
        guard let high = hexadecimal(bytes, index + 2, 4) else { return nil }
        if let scalar = Unicode.Scalar(high) { return (scalar, 6) }
        guard high < 0xDC00, index + 7 < bytes.count, bytes[index + 6] == UInt8(ascii: "\\"),
            bytes[index + 7] == UInt8(ascii: "u"), let low = hexadecimal(bytes, index + 8, 4),
            (0xDC00..<0xE000).contains(low)
        else { return nil }
        let value = 0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)
        return Unicode.Scalar(value).map { ($0, 12) }
    }

    private static func hexadecimal(
        _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ count: Int
    ) -> UInt32? {
        guard start + count <= bytes.count else { return nil }
        var value: UInt32 = 0
        for index in start..<start + count {
            let byte = bytes[index]
            switch byte {
            case 0x30...0x39: value = value << 4 | UInt32(byte - 0x30)
            case 0x41...0x46, 0x61...0x66: value = value << 4 | UInt32((byte | 0x20) - 0x57)
            default: return nil
            }
        }
        return value
    }
}
