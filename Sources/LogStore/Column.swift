internal import Glibc

/// The values of one field in one block, in the order of the rows that have it.
///
/// On disk a column is a frame: an encoding byte, then its body, compressed when that pays. The
/// frame's lengths stand in the block's directory, so that a reader decodes the columns it needs.
///
/// | encoding | body |
/// |---|---|
/// | 0 constant | the value that all rows have |
/// | 1 dictionary | varint count n, n varint lengths, the n values, a code a row (1 byte if n ≤ 256, else all low bytes, then all high bytes) |
/// | 2 text | a varint length a row, then the values |
/// | 3 time | varint count n, n exceptions (varint row, varint length, bytes); other rows are rendered |
/// | 4 split | skeletons and the tokens between them: `SplitText` |
struct Column {
    var storage: Storage

    enum Storage {
        case constant([UInt8])
        case dictionary(ByteStrings, codes: [UInt16])
        case text(ByteStrings)
        /// Rendered from the row's time; the exceptions as written, by row within the column.
        case time(exceptions: [Int: [UInt8]])
    }

    enum Encoding: UInt8 {
        case constant = 0
        case dictionary = 1
        case text = 2
        case time = 3
        case split = 4
    }
}

/// Many byte strings in one allocation.
package struct ByteStrings {
    package var bytes: [UInt8] = []
    /// Where each string ends in `bytes`.
    package var ends: [UInt32] = []

    @inlinable
    package var count: Int { ends.count }

    package init() {}

    /// One string.
    package init(_ string: [UInt8]) {
        bytes = string
        ends = [UInt32(string.count)]
    }

    mutating func append(_ string: UnsafeBufferPointer<UInt8>) {
        bytes.append(contentsOf: string)
        ends.append(UInt32(bytes.count))
    }

    @inlinable
    package func range(_ index: Int) -> Range<Int> {
        (index == 0 ? 0 : Int(ends[index - 1]))..<Int(ends[index])
    }

    subscript(index: Int) -> ArraySlice<UInt8> { bytes[range(index)] }
}

extension Column {
    /// The body of the column, without compression.
    func encoded() -> (encoding: Encoding, body: SectionedBody) {
        var body = SectionedBody()
        switch storage {
        case .constant(let value):
            body.writer.bytes.append(contentsOf: value)
            return (.constant, body)
        case .dictionary(let values, let codes):
            body.writer.strings(values)
            body.beginSection()
            body.writer.codes(codes, of: values.count)
            return (.dictionary, body)
        case .text(let values):
            body.writer.lengths(values)
            body.beginSection()
            body.writer.bytes.append(contentsOf: values.bytes)
            return (.text, body)
        case .time(let exceptions):
            body.writer.varint(exceptions.count)
            for (row, value) in exceptions.sorted(by: { $0.key < $1.key }) {
                body.writer.varint(row)
                body.writer.string(value)
            }
            return (.time, body)
        }
    }

    /// All values, where splitting them may pay.
    var valuesToSplit: ByteStrings? {
        switch storage {
        case .text(let values): return values
        case .dictionary(let values, let codes) where values.count > Self.smallDictionary:
            var all = ByteStrings()
            values.bytes.withUnsafeBufferPointer { bytes in
                for code in codes {
                    all.append(UnsafeBufferPointer(rebasing: bytes[values.range(Int(code))]))
                }
            }
            return all
        case .dictionary, .constant, .time: return nil
        }
    }

    /// So few values are stored best as they are.
    private static let smallDictionary = 64

    /// Reads a body that `encoded` gave, for a column of `rows` rows.
    static func decode(
        _ encoding: Encoding, _ body: UnsafeBufferPointer<UInt8>, rows: Int
    ) throws(BlockError) -> Column {
        var reader = ByteReader(body)
        switch encoding {
        case .constant:
            return Column(storage: .constant(Array(body)))
        case .dictionary:
            let values = try reader.strings(count: try reader.count(limit: 1 << 16))
            let codes = try reader.codes(rows, of: values.count)
            return Column(storage: .dictionary(values, codes: codes))
        case .text:
            return Column(storage: .text(try reader.strings(count: rows)))
        case .split:
            return Column(storage: .text(try SplitTextDecoder.decode(body, rows: rows)))
        case .time:
            var exceptions: [Int: [UInt8]] = [:]
            for _ in 0..<(try reader.count(limit: rows)) {
                let row = try reader.count(limit: rows)
                exceptions[row] = try reader.string()
            }
            return Column(storage: .time(exceptions: exceptions))
        }
    }
}

extension ByteWriter {
    mutating func lengths(_ values: ByteStrings) {
        var start: UInt32 = 0
        for end in values.ends {
            varint(Int(end - start))
            start = end
        }
    }

    /// varint count, the lengths, the strings.
    mutating func strings(_ values: ByteStrings) {
        varint(values.count)
        lengths(values)
        bytes.append(contentsOf: values.bytes)
    }

    /// A code a row: a byte if there are up to 256 values, else all low bytes, then all high bytes.
    mutating func codes(_ codes: [UInt16], of values: Int) {
        bytes.append(contentsOf: codes.lazy.map { UInt8(truncatingIfNeeded: $0) })
        if values > 256 {
            bytes.append(contentsOf: codes.lazy.map { UInt8(truncatingIfNeeded: $0 >> 8) })
        }
    }
}

extension ByteReader {
    /// The lengths of `count` strings, then the strings.
    mutating func strings(count: Int) throws(BlockError) -> ByteStrings {
        var strings = ByteStrings()
        strings.ends.reserveCapacity(min(count, bytes.count))
        var end = 0
        for _ in 0..<count {
            end += try self.count()
            guard end <= bytes.count else { throw .invalid("length") }
            strings.ends.append(UInt32(end))
        }
        strings.bytes = Array(try slice(end))
        return strings
    }

    /// The codes of `rows` rows, each less than `values`.
    mutating func codes(_ rows: Int, of values: Int) throws(BlockError) -> [UInt16] {
        let low = try slice(rows)
        let high = values > 256 ? try slice(rows) : nil
        var largest: UInt16 = 0
        // Plain loops over buffers of the right length, which become vector instructions.
        let codes = [UInt16](unsafeUninitializedCapacity: rows) { codes, count in
            for row in 0..<rows {
                let code = UInt16(low[row])
                largest = max(largest, code)
                codes[row] = code
            }
            if let high {
                largest = 0
                for row in 0..<rows {
                    let code = codes[row] | UInt16(high[row]) << 8
                    largest = max(largest, code)
                    codes[row] = code
                }
            }
            count = rows
        }
        guard rows == 0 || Int(largest) < values else { throw .invalid("dictionary code") }
        return codes
    }
}

/// Gathers a column's values and finds out how they are stored best.
struct ColumnBuilder {
    private var dictionary = ByteDictionary()
    private var codes: [UInt16] = []
    private var texts = ByteStrings()
    private var usesDictionary = true

    /// After this many rows a dictionary has to have paid.
    private let trialRows: Int

    init(triesDictionary: Bool, trialRows: Int = 256) {
        usesDictionary = triesDictionary
        self.trialRows = trialRows
    }

    mutating func append(_ value: UnsafeBufferPointer<UInt8>) {
        guard usesDictionary else { return texts.append(value) }
        let code = dictionary.code(of: value)
        codes.append(UInt16(truncatingIfNeeded: code))
        if codes.count >= trialRows, dictionary.count * 2 > codes.count {
            giveUpDictionary()
        } else if dictionary.count > Int(UInt16.max) {
            giveUpDictionary()
        }
    }

    private mutating func giveUpDictionary() {
        usesDictionary = false
        for code in codes {
            let range = dictionary.values.range(Int(code))
            dictionary.values.bytes.withUnsafeBufferPointer {
                texts.append(UnsafeBufferPointer(rebasing: $0[range]))
            }
        }
        codes = []
        dictionary = ByteDictionary()
    }

    /// The column; constant where all values are the same.
    consuming func finish() -> Column {
        if usesDictionary {
            if dictionary.count == 1 {
                return Column(storage: .constant(dictionary.values.bytes))
            }
            if dictionary.count * 2 <= codes.count || codes.count < 8 {
                return Column(storage: .dictionary(dictionary.values, codes: codes))
            }
            giveUpDictionary()
        }
        if texts.bytes.isEmpty && texts.count > 0 { return Column(storage: .constant([])) }
        return Column(storage: .text(texts))
    }
}

/// Numbers distinct byte strings in the order of their first appearance.
struct ByteDictionary {
    var values = ByteStrings()
    private var slots: [UInt32] = Array(repeating: 0, count: 64)
    private var hashes: [UInt32] = []

    var count: Int { values.count }

    mutating func code(of value: UnsafeBufferPointer<UInt8>) -> Int {
        let hash = Self.hash(value)
        var index = Int(hash) & (slots.count - 1)
        while slots[index] != 0 {
            let code = Int(slots[index]) - 1
            if hashes[code] == hash, equals(code, value) { return code }
            index = (index + 1) & (slots.count - 1)
        }
        values.append(value)
        hashes.append(hash)
        slots[index] = UInt32(values.count)
        if values.count * 2 > slots.count { grow() }
        return values.count - 1
    }

    private func equals(_ code: Int, _ value: UnsafeBufferPointer<UInt8>) -> Bool {
        let range = values.range(code)
        guard range.count == value.count else { return false }
        guard let wanted = value.baseAddress else { return true }
        // Both ranges lie within their buffers and have the same length.
        return values.bytes.withUnsafeBufferPointer { bytes in
            bytes.baseAddress.map { memcmp($0 + range.lowerBound, wanted, range.count) == 0 }
                ?? true
        }
    }

    private mutating func grow() {
        slots = Array(repeating: 0, count: slots.count * 2)
        for (code, hash) in hashes.enumerated() {
            var index = Int(hash) & (slots.count - 1)
            while slots[index] != 0 { index = (index + 1) & (slots.count - 1) }
            slots[index] = UInt32(code + 1)
        }
    }

    /// A multiplicative hash of eight bytes at a time.
    @inline(__always)
    static func hash(_ value: UnsafeBufferPointer<UInt8>) -> UInt32 {
        var hash = UInt64(value.count) &* 0x9E37_79B9_7F4A_7C15
        var position = 0
        if let base = UnsafeRawPointer(value.baseAddress) {
            while position + 8 <= value.count {
                hash ^= base.loadUnaligned(fromByteOffset: position, as: UInt64.self)
                hash = (hash ^ hash >> 32) &* 0xBF58_476D_1CE4_E5B9
                position += 8
            }
        }
        var tail: UInt64 = 0
        while position < value.count {
            tail = tail << 8 | UInt64(value[position])
            position += 1
        }
        hash = (hash ^ tail ^ hash >> 29) &* 0x94D0_49BB_1331_11EB
        return UInt32(truncatingIfNeeded: hash >> 32)
    }
}
