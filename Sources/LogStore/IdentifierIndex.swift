internal import SQLite

/// Which compacted blocks of a day have an identifier: a sorted list of hashes and blocks.
///
/// Nearly every id and long number stands in one block only, so an inverted list of each costs more
/// than the term itself. Here a term is a hash of a few bits more than a block has terms, so that one block
/// in 256 is read in vain, and hash and block are one integer. The integers are sorted, cut into
/// buckets by their first bits, and stored as differences in a Rice code (Rice and Plaunt, 1971): about
/// 11 bits for a term of a block.
///
/// ```
/// segment    (id, first_block, blocks, hash_bits, bucket_bits)  blocks with these ids, in order
/// identifier (id = segment << 32 | bucket, data)
/// data       varint count, byte k, then for each: quotient of the difference by 2^k in unary (ones,
///            then a zero) and its k low bits; from the lowest bit of each byte on
/// ```
///
/// The integer is the hash's bits behind those of the bucket, times `blocks`, plus the block's place.
struct IdentifierIndex {
    private let connection: Connection
    private(set) var segments: [Segment] = []
    /// Whether there are blocks besides those of the segments.
    private var hasOthers = false

    struct Segment {
        var id: Int64
        var firstBlock: Int64
        var blocks: UInt64
        var hashBits: UInt64
        var bucketBits: UInt64

        func bucket(_ hash: UInt64) -> Int64 {
            let bucket = bucketBits == 0 ? 0 : hash >> (64 - bucketBits)
            return id << 32 | Int64(truncatingIfNeeded: bucket)
        }

        /// The hash's bits behind those of the bucket.
        func rest(_ hash: UInt64) -> UInt64 {
            (hash << bucketBits) >> (64 - (hashBits - bucketBits))
        }
    }

    init(on connection: Connection) throws(StoreError) {
        self.connection = connection
        do {
            let statement = try Statement(
                "SELECT id, first_block, blocks, hash_bits, bucket_bits FROM segment",
                on: connection)
            var last: Int64 = 0
            while try statement.step() {
                let segment = Segment(
                    id: statement.integer(0), firstBlock: statement.integer(1),
                    blocks: UInt64(clamping: statement.integer(2)),
                    hashBits: UInt64(clamping: statement.integer(3)),
                    bucketBits: UInt64(clamping: statement.integer(4)))
                guard segment.blocks > 0, segment.blocks < 1 << 31, segment.hashBits <= 32,
                    segment.bucketBits < segment.hashBits, segment.firstBlock > 0,
                    segment.firstBlock < 1 << 40
                else { throw damage("segment") }
                last = max(last, segment.firstBlock + Int64(segment.blocks) - 1)
                segments.append(segment)
            }
            hasOthers = (try connection.integer("SELECT max(id) FROM block") ?? 0) > last
        } catch let error as SQLiteError {
            throw StoreError(error)
        } catch let error as StoreError {
            throw error
        } catch {
            throw damage("segment")
        }
    }

    /// The blocks that pass; nil where the day's FTS5 table alone knows.
    func blocks(passing filter: TermFilter) throws(StoreError) -> Set<Int64>? {
        guard !segments.isEmpty, filter.hasIdentifiers else { return nil }
        return try rows(filter)
    }

    private func rows(_ filter: TermFilter) throws(StoreError) -> Set<Int64> {
        switch filter {
        case .any: return []
        case .term(let bytes) where Term.isIdentifier(Term.pack(bytes)):
            var found = hasOthers ? try matches(filter) : []
            try find(Term.hash(Term.pack(bytes)), into: &found)
            return found
        case .term, .prefix: return try matches(filter)
        case .all(let parts):
            let words = parts.filter { !$0.hasIdentifiers }
            var found = words.isEmpty ? nil : try matches(.allOf(words))
            for part in parts where part.hasIdentifiers {
                if found?.isEmpty == true { return [] }
                let rows = try rows(part)
                found = found?.intersection(rows) ?? rows
            }
            return found ?? []
        case .either(let parts):
            var found: Set<Int64> = []
            for part in parts { found.formUnion(try rows(part)) }
            return found
        }
    }

    private func matches(_ filter: TermFilter) throws(StoreError) -> Set<Int64> {
        guard let expression = filter.matchExpression else { return [] }
        do {
            let statement = try Statement(
                "SELECT rowid FROM term WHERE term MATCH ?", on: connection)
            statement.bind(text: expression, at: 1)
            var found: Set<Int64> = []
            while try statement.step() { found.insert(statement.integer(0)) }
            return found
        } catch {
            throw StoreError(error)
        }
    }

    private func find(_ hash: UInt64, into found: inout Set<Int64>) throws(StoreError) {
        for segment in segments {
            let data: [UInt8]
            do {
                let statement = try Statement(
                    "SELECT data FROM identifier WHERE id = ?", on: connection)
                statement.bind(segment.bucket(hash), at: 1)
                guard try statement.step() else { continue }
                data = statement.blob(0)
            } catch {
                throw StoreError(error)
            }
            do {
                let start = segment.rest(hash) * segment.blocks
                for key in try RiceCode.decode(data, in: start..<start + segment.blocks) {
                    found.insert(segment.firstBlock + Int64(key - start))
                }
            } catch {
                throw damage("bucket")
            }
        }
    }

    private func damage(_ what: String) -> StoreError {
        .damaged(path: connection.path, reason: "the index of identifiers has an invalid \(what)")
    }
}

extension TermFilter {
    /// Whether any condition is on an identifier.
    var hasIdentifiers: Bool {
        switch self {
        case .any, .prefix: false
        case .term(let bytes): Term.isIdentifier(Term.pack(bytes))
        case .all(let parts), .either(let parts): parts.contains { $0.hasIdentifiers }
        }
    }
}

/// Ascending integers as differences in a Rice code.
enum RiceCode {
    /// `keys` must ascend strictly.
    static func encode(_ keys: ArraySlice<UInt64>, subtracting base: UInt64) -> [UInt8] {
        var writer = ByteWriter()
        let span = (keys.last ?? base) - base
        let mean = span / UInt64(max(1, keys.count))
        let low = mean == 0 ? 0 : UInt64(63 - mean.leadingZeroBitCount)
        writer.varint(keys.count)
        writer.byte(UInt8(low))
        var bits = BitWriter()
        var previous = base
        for key in keys {
            let difference = key - previous
            previous = key
            bits.ones(difference >> low)
            bits.append(difference & ((1 << low) - 1), low)
        }
        return writer.bytes + bits.finish()
    }

    /// The keys in `range`. About 5 ns for each key before its end.
    static func decode(_ data: [UInt8], in range: Range<UInt64>) throws(BlockError) -> [UInt64] {
        var found: [UInt64] = []
        var failure: BlockError?
        data.withUnsafeBufferPointer { bytes in
            do throws(BlockError) {
                var reader = ByteReader(bytes)
                let count = try reader.count(limit: bytes.count * 8)
                let low = UInt64(try reader.byte())
                guard low < 57 else { throw .invalid("bucket") }
                var bits = BitReader(bytes, at: reader.position)
                var key: UInt64 = 0
                for _ in 0..<count {
                    let quotient = try bits.ones()
                    key &+= quotient << low | (try bits.read(low))
                    if key >= range.upperBound { break }
                    if key >= range.lowerBound { found.append(key) }
                }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return found
    }
}

/// Bits from the lowest of each byte on.
private struct BitWriter {
    private var bytes: [UInt8] = []
    private var pending: UInt64 = 0
    private var count: UInt64 = 0

    /// Appends the lowest `width` bits, at most 56, of `value`, which has no others.
    mutating func append(_ value: UInt64, _ width: UInt64) {
        pending |= value << count
        count += width
        while count >= 8 {
            bytes.append(UInt8(truncatingIfNeeded: pending))
            pending >>= 8
            count -= 8
        }
    }

    /// Appends `number` ones and a zero.
    mutating func ones(_ number: UInt64) {
        var rest = number
        while rest >= 32 {
            append(0xFFFF_FFFF, 32)
            rest -= 32
        }
        append((1 << rest) - 1, rest + 1)
    }

    consuming func finish() -> [UInt8] {
        if count > 0 { bytes.append(UInt8(truncatingIfNeeded: pending)) }
        return bytes
    }
}

private struct BitReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position: Int
    private var pending: UInt64 = 0
    private var count: UInt64 = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>, at position: Int) {
        self.bytes = bytes
        self.position = position
    }

    private mutating func fill() {
        while count <= 56, position < bytes.count {
            pending |= UInt64(bytes[position]) << count
            position += 1
            count += 8
        }
    }

    /// At most 56 bits.
    mutating func read(_ width: UInt64) throws(BlockError) -> UInt64 {
        if count < width { fill() }
        guard count >= width else { throw .truncated }
        defer {
            pending >>= width
            count -= width
        }
        return pending & ((1 << width) - 1)
    }

    /// Reads ones up to a zero, and the zero; how many they were.
    mutating func ones() throws(BlockError) -> UInt64 {
        var number: UInt64 = 0
        while true {
            fill()
            guard count > 0 else { throw .truncated }
            let run = min(UInt64((~pending).trailingZeroBitCount), count)
            number += run
            pending = run == 64 ? 0 : pending >> run
            count -= run
            if count > 0 {
                pending >>= 1
                count -= 1
                return number
            }
        }
    }
}

/// Gathers the identifiers of blocks and writes them as segments.
struct IdentifierIndexBuilder {
    private var entries: [(hash: UInt64, block: UInt32)] = []
    private var firstBlock: Int64
    private var blocks: UInt64 = 0
    private var largestBlock = 1
    private var segments: Int64 = 0

    /// So many entries, 64 MB of them, make a segment.
    private static let segmentLimit = 1 << 22
    private static let bucketEntries = 1024

    init(firstBlock: Int64 = 1) { self.firstBlock = firstBlock }

    /// Adds the next block; its id is one more than that of the block before.
    mutating func add(_ hashes: [UInt64], on connection: Connection) throws(SQLiteError) {
        if entries.count + hashes.count > Self.segmentLimit { try finish(on: connection) }
        let block = UInt32(truncatingIfNeeded: blocks)
        for hash in hashes { entries.append((hash, block)) }
        blocks += 1
        largestBlock = max(largestBlock, hashes.count)
    }

    /// Writes what was gathered, if there is anything.
    mutating func finish(on connection: Connection) throws(SQLiteError) {
        guard blocks > 0 else { return }
        segments += 1
        let buckets = UInt64(max(1, entries.count / Self.bucketEntries)).bitWidthOfValue
        let segment = IdentifierIndex.Segment(
            id: segments, firstBlock: firstBlock, blocks: blocks,
            hashBits: max(UInt64(largestBlock).bitWidthOfValue + 8, buckets + 1),
            bucketBits: buckets)
        try insert(segment, on: connection)
        let keys = sortedKeys(segment)
        entries.removeAll(keepingCapacity: true)
        try insert(keys, of: segment, on: connection)
        firstBlock += Int64(blocks)
        blocks = 0
        largestBlock = 1
    }

    private func sortedKeys(_ segment: IdentifierIndex.Segment) -> [UInt64] {
        var keys = entries.map { entry in
            (entry.hash >> (64 - segment.hashBits)) * segment.blocks + UInt64(entry.block)
        }
        keys.sort()
        return keys
    }

    private func insert(
        _ segment: IdentifierIndex.Segment, on connection: Connection
    ) throws(SQLiteError) {
        let statement = try Statement("INSERT INTO segment VALUES(?, ?, ?, ?, ?)", on: connection)
        for (index, value) in [
            segment.id, segment.firstBlock, Int64(segment.blocks), Int64(segment.hashBits),
            Int64(segment.bucketBits),
        ].enumerated() {
            statement.bind(value, at: Int32(index + 1))
        }
        try statement.run()
    }

    private func insert(
        _ keys: [UInt64], of segment: IdentifierIndex.Segment, on connection: Connection
    ) throws(SQLiteError) {
        let statement = try Statement("INSERT INTO identifier VALUES(?, ?)", on: connection)
        let span = segment.blocks << (segment.hashBits - segment.bucketBits)
        var start = 0
        while start < keys.count {
            let bucket = keys[start] / span
            var end = start
            var distinct: [UInt64] = []
            while end < keys.count, keys[end] / span == bucket {
                if distinct.last != keys[end] { distinct.append(keys[end]) }
                end += 1
            }
            statement.bind(segment.id << 32 | Int64(bucket), at: 1)
            statement.bind(
                blob: RiceCode.encode(distinct[...], subtracting: bucket * span), at: 2)
            try statement.run()
            start = end
        }
    }
}

extension UInt64 {
    /// How many bits a value below this one needs.
    fileprivate var bitWidthOfValue: UInt64 { UInt64(64 - (self &- 1).leadingZeroBitCount) }
}
