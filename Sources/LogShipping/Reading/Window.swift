/// The bytes of a file that are read and not yet parsed, and the last ones before them.
struct Window {
    var bytes: [UInt8]
    /// The offset of the first of `bytes`.
    var position: Int64 = 0
    /// Up to 256 bytes before `position`.
    private(set) var tail: [UInt8] = []

    /// The bytes of a file behind the hole, of `position` NULs, at its start.
    init(_ bytes: [UInt8], position: Int64 = 0) {
        self.bytes = bytes
        self.position = position
        tail = Array(repeating: 0, count: min(Int(position), GenerationFinder.guardLength))
    }

    init(position: Int64, tail: [UInt8]) {
        bytes = []
        self.position = position
        self.tail = tail
    }

    /// Up to 256 bytes before the end of `bytes`.
    var lastBytes: [UInt8] {
        let length = GenerationFinder.guardLength
        return bytes.count >= length
            ? Array(bytes.suffix(length)) : Array((tail + bytes).suffix(length))
    }

    mutating func drop(_ count: Int) {
        let length = GenerationFinder.guardLength
        if count >= length {
            tail = Array(bytes[(count - length)..<count])
        } else {
            tail = Array((tail + bytes[..<count]).suffix(length))
        }
        // A new array: what is left is small, and many files wait with theirs.
        bytes = Array(bytes[count...])
        position += Int64(count)
    }
}
