internal import LogModel
internal import LogPatterns
internal import LogStore

/// Messages by template: `patterns`.
///
/// Each distinct value of the message column is masked once a block; rows are counted by the leaf of
/// their message, and leaves are folded into templates at the end (`TemplateMiner`).
struct PatternCount: Sendable {
    /// What is counted of a leaf, or of a template.
    private struct Entry: Sendable {
        var count = 0
        var first = Int64.max
        var last = Int64.min
        /// The earliest message, and where it stands.
        var example: [UInt8] = []
        var source = ""
        var offset: Int64 = 0

        mutating func merge(_ other: Entry) {
            count += other.count
            last = max(last, other.last)
            let own = (first, source, offset)
            guard other.count > 0, (other.first, other.source, other.offset) < own else { return }
            (first, source, offset) = (other.first, other.source, other.offset)
            example = other.example
        }
    }

    private var miner = TemplateMiner()
    /// By leaf.
    private var entries: [Entry] = []

    private static let longestExample = 1024

    mutating func add(_ batch: some RowBatch) throws(BlockError) {
        let column = try batch.values(of: .body)
        let times = try batch.times()
        var leaves = Array(repeating: -1, count: column.values.count)
        for (row, code) in column.codes.enumerated() where code >= 0 {
            guard case .text(let message) = column.values[Int(code)] else { continue }
            if leaves[Int(code)] < 0 { leaves[Int(code)] = leaf(of: message) }
            let leaf = leaves[Int(code)]
            entries[leaf].count += 1
            entries[leaf].last = max(entries[leaf].last, times[row])
            if times[row] <= entries[leaf].first {
                see(message, of: leaf, at: times[row], batch.place(of: row))
            }
        }
    }

    private mutating func leaf(of message: [UInt8]) -> Int {
        let leaf = message.withUnsafeBufferPointer { miner.add($0) }
        while entries.count < miner.count { entries.append(Entry()) }
        return leaf
    }

    /// Takes the message for the leaf's example if it is the earliest.
    private mutating func see(
        _ message: [UInt8], of leaf: Int, at time: Int64, _ place: (source: String, offset: Int64)
    ) {
        let known = (entries[leaf].first, entries[leaf].source, entries[leaf].offset)
        guard (time, place.source, place.offset) < known else { return }
        entries[leaf].first = time
        entries[leaf].source = place.source
        entries[leaf].offset = place.offset
        entries[leaf].example = Array(message.prefix(Self.longestExample))
    }

    mutating func merge(_ other: PatternCount) {
        let leaves = miner.merge(other.miner)
        while entries.count < miner.count { entries.append(Entry()) }
        for (leaf, entry) in zip(leaves, other.entries) { entries[leaf].merge(entry) }
    }

    /// Whether messages were put together that have no pattern of their own.
    var isOverfull: Bool { miner.isFull }

    /// The rows of the result: the most frequent patterns first, then those that came first.
    func rows(_ limit: Int) -> (rows: [[Event.Value?]], notes: [String]) {
        let (templates, ofLeaf) = miner.finish()
        var found = Array(repeating: Entry(), count: templates.count)
        for (leaf, entry) in entries.enumerated() { found[ofLeaf[leaf]].merge(entry) }
        let total = found.reduce(0) { $0 + $1.count }
        let order = found.indices.filter { found[$0].count > 0 }.sorted {
            (found[$1].count, found[$0].first, $0) < (found[$0].count, found[$1].first, $1)
        }
        let rows = order.prefix(limit).map { index -> [Event.Value?] in
            let entry = found[index]
            return [
                .integer(Int64(entry.count)), .number(Double(entry.count) / Double(max(1, total))),
                .integer(entry.first), .integer(entry.last),
                .text(Array(templates[index].stableID.utf8)), .text(templates[index].text),
                .text(entry.example),
            ]
        }
        return (
            rows,
            isOverfull ? ["too many different messages: those beyond are under '(other)'"] : []
        )
    }

    /// What the rows are: see `rows`.
    static let columns: [PipeColumn] = [
        PipeColumn(field: FieldReference(name: "count", written: "count", type: .integer)),
        PipeColumn(
            field: FieldReference(name: "share", written: "share", type: .number), isShare: true),
        PipeColumn(field: FieldReference(name: "first", written: "first", type: .time)),
        PipeColumn(field: FieldReference(name: "last", written: "last", type: .time)),
        PipeColumn(field: FieldReference(name: "id", written: "id", type: .text)),
        PipeColumn(field: FieldReference(name: "pattern", written: "pattern", type: .text)),
        PipeColumn(field: FieldReference(name: "example", written: "example", type: .text)),
    ]
}

extension FieldReference {
    /// The message.
    fileprivate static let body = FieldReference(
        name: FieldName.body, written: "msg", type: .text)
}
