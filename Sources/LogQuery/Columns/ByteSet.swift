/// A set of bytes.
struct ByteSet: Sendable {
    private var words: InlineArray<4, UInt64> = .init(repeating: 0)

    init() {}

    init(_ bytes: [UInt8]) {
        for byte in bytes { insert(byte) }
    }

    init(_ accept: (UInt8) -> Bool) {
        for byte in UInt8.min...UInt8.max where accept(byte) { insert(byte) }
    }

    @inline(__always)
    mutating func insert(_ byte: UInt8) { words[Int(byte >> 6)] |= 1 << UInt64(byte & 63) }

    @inline(__always)
    func contains(_ byte: UInt8) -> Bool { words[Int(byte >> 6)] >> UInt64(byte & 63) & 1 != 0 }

    func isDisjoint(with other: ByteSet) -> Bool {
        words.indices.allSatisfy { words[$0] & other.words[$0] == 0 }
    }

    mutating func formUnion(_ other: ByteSet) {
        for index in words.indices { words[index] |= other.words[index] }
    }
}

extension ByteSet: Equatable {
    static func == (left: ByteSet, right: ByteSet) -> Bool {
        left.words.indices.allSatisfy { left.words[$0] == right.words[$0] }
    }
}
