/// Writes the store's basic values: bytes, LEB128 varints, and byte strings with their length.
struct ByteWriter {
    var bytes: [UInt8] = []

    mutating func byte(_ value: UInt8) { bytes.append(value) }

    /// Unsigned LEB128: seven bits a byte, low bits first, the high bit set on all but the last.
    mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    mutating func varint(_ value: Int) { varint(UInt64(truncatingIfNeeded: value)) }

    /// A signed value with the sign in the lowest bit, so that small negatives stay short.
    mutating func zigzag(_ value: Int64) {
        varint(UInt64(bitPattern: value << 1 ^ value >> 63))
    }

    mutating func string(_ value: [UInt8]) {
        varint(value.count)
        bytes.append(contentsOf: value)
    }

    mutating func string(_ value: String) { string(Array(value.utf8)) }
}

/// Reads what `ByteWriter` wrote; running past the end throws, it never traps.
struct ByteReader {
    let bytes: UnsafeBufferPointer<UInt8>
    private(set) var position = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    var isAtEnd: Bool { position >= bytes.count }

    mutating func byte() throws(BlockError) -> UInt8 {
        guard position < bytes.count else { throw .truncated }
        defer { position += 1 }
        return bytes[position]
    }

    @inline(__always)
    mutating func varint() throws(BlockError) -> UInt64 {
        // Nearly all are of one byte or two.
        if position &+ 1 < bytes.count {
            let (low, high) = (bytes[position], bytes[position &+ 1])
            if low < 0x80 {
                position &+= 1
                return UInt64(low)
            }
            if high < 0x80 {
                position &+= 2
                return UInt64(low & 0x7F) | UInt64(high) << 7
            }
        }
        return try longVarint()
    }

    private mutating func longVarint() throws(BlockError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let next = try byte()
            value |= UInt64(next & 0x7F) << shift
            if next < 0x80 { return value }
            shift += 7
            guard shift < 64 else { throw .invalid("varint") }
        }
    }

    /// A count or length: refused when it is over `limit`, so that damage cannot ask for memory.
    mutating func count(limit: Int = 1 << 31) throws(BlockError) -> Int {
        let value = try varint()
        guard value <= UInt64(limit) else { throw .invalid("count") }
        return Int(value)
    }

    mutating func zigzag() throws(BlockError) -> Int64 {
        let value = try varint()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    mutating func slice(_ count: Int) throws(BlockError) -> UnsafeBufferPointer<UInt8> {
        guard count >= 0, position + count <= bytes.count else { throw .truncated }
        defer { position += count }
        return UnsafeBufferPointer(rebasing: bytes[position..<position + count])
    }

    mutating func string() throws(BlockError) -> [UInt8] {
        Array(try slice(try count(limit: bytes.count)))
    }

    mutating func text() throws(BlockError) -> String {
        String(decoding: try slice(try count(limit: bytes.count)), as: UTF8.self)
    }
}

/// A block that does not decode: the file is damaged, or was written by something else.
package enum BlockError: Error, Equatable, CustomStringConvertible {
    case truncated
    case invalid(String)

    package var description: String {
        switch self {
        case .truncated: "the block ends too early"
        case .invalid(let what): "the block has an invalid \(what)"
        }
    }
}
