internal import LogModel

/// Values as bytes, for keys of groups: equal bytes are equal values, and give the values back.
///
/// A tag and, for texts, a length of four bytes stand before each value.
enum KeyCoding {
    static func append(_ value: Event.Value?, to key: inout [UInt8]) {
        switch value {
        case nil: key.append(0)
        case .text(let text):
            key.append(1)
            append(text, to: &key)
        case .integer(let integer):
            key.append(2)
            append(UInt64(bitPattern: integer), to: &key)
        case .number(let number):
            key.append(3)
            append(number.bitPattern, to: &key)
        case .list(let items):
            key.append(4)
            append(UInt64(items.count), to: &key)
            for item in items { append(item, to: &key) }
        }
    }

    private static func append(_ text: [UInt8], to key: inout [UInt8]) {
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: text.count)) { key.append(contentsOf: $0) }
        key.append(contentsOf: text)
    }

    private static func append(_ word: UInt64, to key: inout [UInt8]) {
        withUnsafeBytes(of: word) { key.append(contentsOf: $0) }
    }

    /// The values of a key that `append` made.
    static func values(of key: [UInt8]) -> [Event.Value?] {
        var values: [Event.Value?] = []
        var position = 0
        func word(_ size: Int) -> UInt64 {
            var word: UInt64 = 0
            for index in 0..<size where position + index < key.count {
                word |= UInt64(key[position + index]) << UInt64(8 * index)
            }
            position += size
            return word
        }
        func text() -> [UInt8] {
            let end = min(key.count, position + 4 + Int(word(4)))
            defer { position = max(position, end) }
            return Array(key[min(position, end)..<end])
        }
        while position < key.count {
            position += 1
            switch key[position - 1] {
            case 1: values.append(.text(text()))
            case 2: values.append(.integer(Int64(bitPattern: word(8))))
            case 3: values.append(.number(Double(bitPattern: word(8))))
            case 4:
                var items: [[UInt8]] = []
                for _ in 0..<word(8) where position < key.count { items.append(text()) }
                values.append(.list(items))
            default: values.append(nil)
            }
        }
        return values
    }
}
