import StoreFixtures

/// The pages of a database file as the format describes them, read without SQLite.
struct DatabasePages {
    let bytes: [UInt8]
    let size: Int

    init(_ path: String) {
        bytes = TemporaryDirectory.read(path)
        size = bytes.count < 18 ? 0 : Int(bytes[16]) << 8 | Int(bytes[17]) << 16
    }

    var count: Int { size == 0 ? 0 : bytes.count / size }

    /// The numbers, from 0 on, of pages that do not end with their sums.
    var invalid: [Int] {
        (0..<count).filter { number in
            let page = bytes[number * size..<(number + 1) * size]
            return Array(page.suffix(8)) != Self.sums(Array(page.dropLast(8)))
        }
    }

    /// Two sums over words of four bytes, the lowest byte first.
    private static func sums(_ content: [UInt8]) -> [UInt8] {
        var sums: [UInt64] = [0, 0]
        for start in stride(from: 0, to: content.count, by: 4) {
            var word: UInt64 = 0
            for place in 0..<4 { word += UInt64(content[start + place]) << UInt64(8 * place) }
            let own = start / 4 % 2
            sums[own] = (sums[own] + word + sums[1 - own]) % 0x1_0000_0000
        }
        return sums.flatMap { sum in (0..<4).map { UInt8(sum >> UInt64(8 * $0) & 255) } }
    }
}
