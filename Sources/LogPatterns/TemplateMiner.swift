/// Groups messages into templates.
///
/// A message is masked (`Template.masked`), and messages with the same masked text are one leaf. At
/// the end `finish` folds leaves that differ only in words that vary. As the set of leaves does not
/// depend on the order of the messages, neither do the templates, and the miners of several threads
/// can be merged. One configuration serves all logs.
///
/// Cost: one pass over the message, one hash, one comparison. Memory: `limit` leaves (65 536) of at
/// most 8 MiB text together. When they are full, what is new is put to a template found until then
/// if one matches, else to the leaf `(other)`; only then does the order matter.
package struct TemplateMiner: Sendable {
    private var leaves = LeafTable()
    private let limit: Int
    private var buffer: [UInt8]
    private var overflow: TemplateOverflow?
    private var other: Int?

    private static let mostBytes = 8 << 20

    package init(limit: Int = 65_536) {
        self.limit = limit
        buffer = Array(repeating: 0, count: Template.longestMessage * Masker.growth)
    }

    /// How many leaves there are; their ids are `0..<count`.
    package var count: Int { leaves.count }

    /// Whether messages came that no leaf was made for.
    package var isFull: Bool { overflow != nil }

    /// Masks `message`; the id of its leaf.
    package mutating func add(_ message: UnsafeBufferPointer<UInt8>) -> Int {
        let input = Template.shortened(message)
        return buffer.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return 0 }
            var masker = Masker(input, into: base)
            let count = masker.run()
            return TemplateMiner.leaf(
                UnsafeBufferPointer(start: base, count: count), &leaves, limit, &overflow, &other)
        }
    }

    /// Takes in the leaves of `miner`; at each of its ids stands the id here.
    package mutating func merge(_ miner: TemplateMiner) -> [Int] {
        miner.leaves.bytes.withUnsafeBufferPointer { bytes in
            (0..<miner.count).map { leaf in
                let text = UnsafeBufferPointer(rebasing: bytes[miner.leaves.range(leaf)])
                return TemplateMiner.leaf(text, &leaves, limit, &overflow, &other)
            }
        }
    }

    /// The masked text of a leaf as a template of its own.
    package func leaf(_ id: Int) -> Template { Template(text: leaves.text(id)) }

    /// Folds the leaves: the templates, and for each leaf the index of its template.
    ///
    /// Cost: a few passes over the words of all leaves. The templates are ordered by text.
    package func finish() -> (templates: [Template], ofLeaf: [Int]) {
        TemplateFolding(leaves).result()
    }

    private static func leaf(
        _ text: UnsafeBufferPointer<UInt8>, _ leaves: inout LeafTable, _ limit: Int,
        _ overflow: inout TemplateOverflow?, _ other: inout Int?
    ) -> Int {
        let hash = PatternHash.of(text)
        if let leaf = leaves.find(text, hash: hash) { return leaf }
        if leaves.count < limit, leaves.bytes.count + text.count <= mostBytes {
            return leaves.insert(text, hash: hash)
        }
        if overflow == nil { overflow = TemplateOverflow(leaves) }
        if let leaf = overflow?.leaf(text) { return leaf }
        if let other { return other }
        let name = Array("(other)".utf8)
        let leaf = name.withUnsafeBufferPointer { text in
            let hash = PatternHash.of(text)
            return leaves.find(text, hash: hash) ?? leaves.insert(text, hash: hash)
        }
        other = leaf
        return leaf
    }
}
