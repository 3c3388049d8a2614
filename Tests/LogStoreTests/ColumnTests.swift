import StoreFixtures
import Testing

@testable import LogStore

@Suite struct ColumnTests {
    private enum Choice { case constant, dictionary, text }

    private static func choice(_ column: Column) -> Choice? {
        switch column.storage {
        case .constant: .constant
        case .dictionary: .dictionary
        case .text: .text
        case .time: nil
        }
    }

    private static func column(_ values: [String], triesDictionary: Bool = true) -> Column {
        var builder = ColumnBuilder(triesDictionary: triesDictionary)
        for value in values { Array(value.utf8).withUnsafeBufferPointer { builder.append($0) } }
        return builder.finish()
    }

    private static func values(_ column: Column, count: Int) -> [String] {
        (0..<count).map { row in
            switch column.storage {
            case .constant(let value): String(decoding: value, as: UTF8.self)
            case .dictionary(let values, let codes):
                String(decoding: values[Int(codes[row])], as: UTF8.self)
            case .text(let values): String(decoding: values[row], as: UTF8.self)
            case .time: ""
            }
        }
    }

    /// Rows, distinct values among them, whether a dictionary is tried, and what comes of it.
    @Test(arguments: [
        (1, 1, true, "constant"), (5, 1, true, "constant"), (1_000, 1, true, "constant"),
        (7, 7, true, "dictionary"), (8, 8, true, "text"), (100, 50, true, "dictionary"),
        (100, 51, true, "text"), (255, 200, true, "text"), (256, 128, true, "dictionary"),
        (256, 129, true, "text"), (3_000, 257, true, "dictionary"),
        (3_000, 2_000, true, "text"), (3, 1, false, "text"),
    ])
    func storageIsWhatPays(rows: Int, distinct: Int, triesDictionary: Bool, expected: String) throws
    {
        let values = (0..<rows).map { "value\($0 * distinct / rows)" }
        let column = Self.column(values, triesDictionary: triesDictionary)
        let choice = try #require(Self.choice(column))
        #expect("\(choice)" == expected)
        #expect(Self.values(column, count: rows) == values)
        let (encoding, body) = column.encoded()
        let decoded = try body.bytes.withUnsafeBufferPointer {
            try Column.decode(encoding, $0, rows: rows)
        }
        #expect(Self.values(decoded, count: rows) == values)
    }

    @Test func emptyTextsAreAConstant() {
        let column = Self.column(["", "", ""], triesDictionary: false)
        #expect(Self.choice(column) == .constant)
        #expect(Self.values(column, count: 3) == ["", "", ""])
    }

    @Test func moreThan65535DistinctValuesAreText() {
        var builder = ColumnBuilder(triesDictionary: true)
        for number in 0..<140_000 {
            let value = Array(String(number / 2).utf8)
            value.withUnsafeBufferPointer { builder.append($0) }
        }
        let column = builder.finish()
        #expect(Self.choice(column) == .text)
        guard case .text(let values) = column.storage else { return }
        #expect(values.count == 140_000)
        #expect(Array(values[131_071]) == Array("65535".utf8))
        #expect(Array(values[139_999]) == Array("69999".utf8))
    }

    @Test func dictionaryCodeOutsideOfTheDictionaryIsAnError() {
        // Two values of one byte, then codes for two rows, the second of which is none.
        let body: [UInt8] = [2, 1, 1, 0x61, 0x62, 0, 2]
        body.withUnsafeBufferPointer { body in
            #expect(throws: BlockError.invalid("dictionary code")) {
                _ = try Column.decode(.dictionary, body, rows: 2)
            }
            #expect(throws: BlockError.truncated) {
                _ = try Column.decode(.dictionary, body, rows: 3)
            }
        }
    }

    @Test(
        arguments: [
            (0, [0]), (127, [0x7F]), (128, [0x80, 1]), (300, [0xAC, 2]),
            (.max, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1]),
        ] as [(UInt64, [UInt8])])
    func varintsAreLEB128(value: UInt64, bytes: [UInt8]) throws {
        var writer = ByteWriter()
        writer.varint(value)
        #expect(writer.bytes == bytes)
        let (read, isAtEnd) = try bytes.withUnsafeBufferPointer { buffer in
            var reader = ByteReader(buffer)
            return (try reader.varint(), reader.isAtEnd)
        }
        #expect(read == value)
        #expect(isAtEnd)
    }

    @Test(arguments: [0, -1, 1, 63, -64, .min, .max, .min + 1] as [Int64])
    func zigzagComesBack(value: Int64) throws {
        var writer = ByteWriter()
        writer.zigzag(value)
        let read = try writer.bytes.withUnsafeBufferPointer { buffer in
            var reader = ByteReader(buffer)
            return try reader.zigzag()
        }
        #expect(read == value)
    }
}
