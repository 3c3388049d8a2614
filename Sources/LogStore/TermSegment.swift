/// The pages of one segment of an FTS5 index: terms in order, each with the rows that have it.
///
/// The format is FTS5's own, as the head of SQLite's `fts5_index.c` describes it, for `detail=none`
/// and no prefix indexes: a page is two offsets (first row that goes on from the page before, end of
/// the content), terms with their rows as differences, and behind them the offset of each term.
/// Doclist indexes, which FTS5 makes where the rows of a term go over four pages, are left out:
/// `TermIndex` keeps segments below that.
struct TermSegment {
    /// The finished pages, the first of them number 1.
    private(set) var pages: [[UInt8]] = []
    /// For each page on which a term begins: the least that tells it from the term before.
    private(set) var separators: [(page: Int, term: [UInt8])] = []

    private var page: [UInt8] = []
    private var offsets: [UInt8] = []
    private var lastTermOffset = 0
    private var lastTerm: UInt64 = 0
    private var lastRow: Int64 = 0
    private var hasTerm = false
    private var hasRow = false

    /// What FTS5 takes by default: two such pages fit into one of SQLite's.
    private static let pageBytes = 4050
    private static let headerBytes = 4
    /// What FTS5 puts in front of the terms of its main index.
    private static let prefix: UInt8 = 0x30

    /// Makes the pages of entries in ascending order, without duplicates.
    init(_ entries: [TermEntry]) {
        page.reserveCapacity(Self.pageBytes + 32)
        startPage()
        for entry in entries {
            if entry.term != lastTerm { begin(entry.term) }
            add(entry.block)
        }
        if page.count > Self.headerBytes { finishPage() }
    }

    private mutating func startPage() {
        page.removeAll(keepingCapacity: true)
        for _ in 0..<Self.headerBytes { page.append(0) }
        offsets.removeAll(keepingCapacity: true)
        lastTermOffset = 0
        hasTerm = false
        hasRow = false
    }

    private mutating func begin(_ term: UInt64) {
        let length = 8 &- term.trailingZeroBitCount >> 3
        if page.count &+ offsets.count &+ length &+ 3 >= Self.pageBytes { finishPage() }
        let common = (term ^ lastTerm).leadingZeroBitCount >> 3
        Self.append(UInt64(page.count &- lastTermOffset), to: &offsets)
        lastTermOffset = page.count
        if hasTerm {
            page.append(UInt8(truncatingIfNeeded: common &+ 1))
            page.append(UInt8(truncatingIfNeeded: length &- common))
            append(term, from: common, to: length)
        } else {
            separate(term, common)
            page.append(UInt8(truncatingIfNeeded: length &+ 1))
            page.append(Self.prefix)
            append(term, from: 0, to: length)
        }
        lastTerm = term
        lastRow = 0
        hasTerm = true
        hasRow = true
    }

    private mutating func separate(_ term: UInt64, _ common: Int) {
        guard !pages.isEmpty else { return separators.append((1, [])) }
        let bytes = (0...common).map { UInt8(truncatingIfNeeded: term >> UInt64(56 - 8 * $0)) }
        separators.append((pages.count + 1, [Self.prefix] + bytes))
    }

    @inline(__always)
    private mutating func append(_ term: UInt64, from start: Int, to end: Int) {
        var rest = term << UInt64(start &* 8)
        for _ in start..<end {
            page.append(UInt8(truncatingIfNeeded: rest >> 56))
            rest <<= 8
        }
    }

    private mutating func add(_ row: Int64) {
        if page.count &+ offsets.count >= Self.pageBytes { finishPage() }
        if !hasRow {
            // The first row of a page says itself which it is.
            page[0] = UInt8(truncatingIfNeeded: page.count >> 8)
            page[1] = UInt8(truncatingIfNeeded: page.count)
            lastRow = 0
            hasRow = true
        }
        Self.append(UInt64(bitPattern: row &- lastRow), to: &page)
        lastRow = row
    }

    private mutating func finishPage() {
        page[2] = UInt8(truncatingIfNeeded: page.count >> 8)
        page[3] = UInt8(truncatingIfNeeded: page.count)
        pages.append(page + offsets)
        startPage()
    }

    /// A varint of SQLite: seven bits a byte, the highest first; the ninth byte has eight.
    @inline(__always)
    static func append(_ value: UInt64, to bytes: inout [UInt8]) {
        if value < 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: value))
        } else {
            appendLong(value, to: &bytes)
        }
    }

    private static func appendLong(_ value: UInt64, to bytes: inout [UInt8]) {
        guard value >> 56 == 0 else {
            for shift in stride(from: 57, through: 8, by: -7) {
                bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(shift)) | 0x80)
            }
            return bytes.append(UInt8(truncatingIfNeeded: value))
        }
        var shift = (63 - value.leadingZeroBitCount) / 7 * 7
        while shift > 0 {
            bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(shift)) | 0x80)
            shift -= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: value) & 0x7F)
    }
}
