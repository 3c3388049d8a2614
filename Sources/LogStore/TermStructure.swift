/// The record that names the segments of an FTS5 index, by level; new ones come into level 0.
///
/// Four bytes of the configuration's version, then SQLite varints: levels, segments, leaves written,
/// and for each level how many segments are being merged, how many there are, and for each of them its
/// number, first page and last page.
struct TermStructure {
    struct Segment: Equatable {
        var id: UInt64
        var firstPage: UInt64
        var lastPage: UInt64
    }

    struct Level: Equatable {
        var merging: UInt64 = 0
        var segments: [Segment] = []
    }

    private var configuration: [UInt8]
    private var leavesWritten: UInt64
    private(set) var levels: [Level] = []

    /// Where the record stands in `term_data`.
    static let row: Int64 = 10
    /// FTS5 refuses more; `TermIndex` has them merged long before.
    private static let mostSegments = 2000

    /// Where a segment's page stands in `term_data`.
    static func row(segment: Int, page: Int) -> Int64 { Int64(segment) << 37 | Int64(page) }

    /// Reads a record; nil if it is not one, or one of tables with `contentless_delete`.
    init?(_ record: [UInt8]) {
        guard record.count >= 7, record[4] != 0xFF else { return nil }
        configuration = Array(record[..<4])
        var reader = VarintReader(record[4...])
        let levelCount = reader.next()
        let segmentCount = reader.next()
        leavesWritten = reader.next()
        guard levelCount <= 64, segmentCount <= Self.mostSegments else { return nil }
        for _ in 0..<levelCount {
            var level = Level(merging: reader.next())
            let count = reader.next()
            guard count <= Self.mostSegments else { return nil }
            for _ in 0..<count {
                level.segments.append(
                    Segment(id: reader.next(), firstPage: reader.next(), lastPage: reader.next()))
            }
            levels.append(level)
        }
        guard !reader.failed, segments == segmentCount else { return nil }
    }

    private var segments: Int { levels.reduce(0) { $0 + $1.segments.count } }

    /// How many segments have never been merged.
    var newSegments: Int { levels.first?.segments.count ?? 0 }

    /// Adds a segment of pages 1 to `pages` to level 0; returns its number, or nil if there are too many.
    mutating func addSegment(pages: Int) -> Int? {
        let used = Set(levels.flatMap { $0.segments.map(\.id) })
        guard let id = (1...Self.mostSegments).first(where: { !used.contains(UInt64($0)) }) else {
            return nil
        }
        if levels.isEmpty { levels.append(Level()) }
        levels[0].segments.append(
            Segment(id: UInt64(id), firstPage: 1, lastPage: UInt64(pages)))
        return id
    }

    func encoded() -> [UInt8] {
        var record = configuration
        var numbers = [UInt64(levels.count), UInt64(segments), leavesWritten]
        for level in levels {
            numbers += [level.merging, UInt64(level.segments.count)]
            for segment in level.segments {
                numbers += [segment.id, segment.firstPage, segment.lastPage]
            }
        }
        for number in numbers { TermSegment.append(number, to: &record) }
        return record
    }
}

/// Reads SQLite's varints; zeros after the end, and `failed`.
private struct VarintReader {
    private var rest: ArraySlice<UInt8>
    private(set) var failed = false

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    mutating func next() -> UInt64 {
        var value: UInt64 = 0
        for place in 0..<9 {
            guard let byte = rest.popFirst() else { break }
            if place == 8 { return value << 8 | UInt64(byte) }
            value = value << 7 | UInt64(byte & 0x7F)
            if byte & 0x80 == 0 { return value }
        }
        failed = true
        return 0
    }
}
