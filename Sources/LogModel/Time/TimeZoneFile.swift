/// The contents of a compiled time zone file (TZif, RFC 8536).
///
/// Layout, all numbers big-endian:
/// ```
/// 44 bytes   "TZif", version (0, '2', '3'), 15 unused, then six 32-bit counts:
///            UT/local flags, standard/wall flags, leap seconds, transitions, types, name bytes
/// block      transition times (4 bytes each in version 1, else 8), one type index each,
///            types of 6 bytes (offset 32-bit, daylight flag, name index), names, leap seconds
///            (time + 4 bytes each), flags
/// version 2 and later: a second header and block with 8-byte times, then
/// footer     newline, a POSIX TZ string for all later times (may be empty), newline
/// ```
/// Damaged or truncated bytes give nil, never a trap. So do files that count leap seconds
/// (`right/…`), whose seconds are not those that logs carry.
struct TimeZoneFile: Equatable {
    /// When the offset changes, in UTC seconds, ascending.
    private(set) var times: [Int64] = []
    /// The offset before the first transition.
    private(set) var firstOffset = 0
    /// The offset after each transition.
    private(set) var offsets: [Int] = []
    /// The rule after the last transition.
    private(set) var rule: PosixZoneRule?

    init?(_ bytes: [UInt8]) {
        guard var header = Header(bytes, at: 0) else { return nil }
        var timeSize = 4
        if header.version >= UInt8(ascii: "2") {
            guard let second = Header(bytes, at: header.end(timeSize: 4)) else { return nil }
            header = second
            timeSize = 8
        }
        guard header.leapCount == 0, header.end(timeSize: timeSize) <= bytes.count,
            readBlock(bytes, header, timeSize: timeSize)
        else { return nil }
        if timeSize == 8 { readFooter(bytes[header.end(timeSize: 8)...]) }
    }

    /// A zone that follows one rule at all times.
    init(rule: PosixZoneRule) {
        self.rule = rule
        firstOffset = rule.standardOffset
    }

    private mutating func readBlock(_ bytes: [UInt8], _ header: Header, timeSize: Int) -> Bool {
        let indexes = header.start + header.timeCount * timeSize
        let types = indexes + header.timeCount
        let typeOffsets = (0..<header.typeCount).map { number in
            Int(Int32(truncatingIfNeeded: bigEndian(bytes, at: types + number * 6, size: 4)))
        }
        guard typeOffsets.allSatisfy({ abs($0) <= 93_600 }) else { return false }
        firstOffset = typeOffsets[0]
        for number in 0..<header.timeCount {
            let type = Int(bytes[indexes + number])
            let at = header.start + number * timeSize
            let raw = bigEndian(bytes, at: at, size: timeSize)
            let time = timeSize == 4 ? Int64(Int32(truncatingIfNeeded: raw)) : raw
            guard type < header.typeCount, time > times.last ?? .min else { return false }
            times.append(time)
            offsets.append(typeOffsets[type])
        }
        return true
    }

    private mutating func readFooter(_ bytes: ArraySlice<UInt8>) {
        guard bytes.first == 0x0A, let end = bytes.dropFirst().firstIndex(of: 0x0A) else { return }
        rule = PosixZoneRule(bytes[(bytes.startIndex + 1)..<end])
    }
}

private struct Header {
    let version: UInt8
    let start: Int
    let flagCount: Int
    let leapCount: Int
    let timeCount: Int
    let typeCount: Int
    let nameBytes: Int

    init?(_ bytes: [UInt8], at index: Int) {
        guard index >= 0, bytes.count - index >= 44,
            bytes[index..<index + 4].elementsEqual("TZif".utf8)
        else { return nil }
        let counts = (0..<6).map { Int(bigEndian(bytes, at: index + 20 + $0 * 4, size: 4)) }
        guard counts.allSatisfy({ $0 <= bytes.count }), counts[4] >= 1 else { return nil }
        version = bytes[index + 4]
        start = index + 44
        flagCount = counts[0] + counts[1]
        leapCount = counts[2]
        timeCount = counts[3]
        typeCount = counts[4]
        nameBytes = counts[5]
    }

    func end(timeSize: Int) -> Int {
        start + timeCount * (timeSize + 1) + typeCount * 6 + nameBytes
            + leapCount * (timeSize + 4) + flagCount
    }
}

/// The caller has checked that the bytes are there.
private func bigEndian(_ bytes: [UInt8], at index: Int, size: Int) -> Int64 {
    Int64(bitPattern: bytes[index..<index + size].reduce(0 as UInt64) { $0 << 8 | UInt64($1) })
}
