internal import Glibc

/// Distinct masked texts, numbered in the order they came.
///
/// Open addressing with linear probing; the texts lie one behind the other in one array.
struct LeafTable: Sendable {
    private var slots: [Int32]
    private var hashes: [UInt64] = []
    private var ends: [Int] = []
    private(set) var bytes: [UInt8] = []

    init() { slots = Array(repeating: -1, count: 256) }

    var count: Int { ends.count }

    /// The number of `text`, or nil if it is new.
    @inline(__always)
    func find(_ text: UnsafeBufferPointer<UInt8>, hash: UInt64) -> Int? {
        let leaf = slots[slot(text, hash)]
        return leaf >= 0 ? Int(leaf) : nil
    }

    /// Adds `text`, which is not there yet.
    mutating func insert(_ text: UnsafeBufferPointer<UInt8>, hash: UInt64) -> Int {
        if ends.count &* 2 >= slots.count { grow() }
        slots[slot(text, hash)] = Int32(truncatingIfNeeded: ends.count)
        hashes.append(hash)
        bytes.append(contentsOf: text)
        ends.append(bytes.count)
        return ends.count - 1
    }

    func range(_ leaf: Int) -> Range<Int> { (leaf > 0 ? ends[leaf - 1] : 0)..<ends[leaf] }

    func text(_ leaf: Int) -> [UInt8] { Array(bytes[range(leaf)]) }

    /// The slot that holds `text`, or the empty one where it belongs.
    @inline(__always)
    private func slot(_ text: UnsafeBufferPointer<UInt8>, _ hash: UInt64) -> Int {
        let mask = slots.count &- 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] >= 0 {
            let leaf = Int(slots[slot])
            if hashes[leaf] == hash, isEqual(leaf, text) { return slot }
            slot = (slot &+ 1) & mask
        }
        return slot
    }

    @inline(__always)
    private func isEqual(_ leaf: Int, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
        let range = range(leaf)
        guard range.count == text.count, let base = text.baseAddress else {
            return range.count == text.count
        }
        return bytes.withUnsafeBufferPointer { all in
            guard let start = all.baseAddress else { return true }
            return memcmp(start + range.lowerBound, base, range.count) == 0
        }
    }

    private mutating func grow() {
        slots = Array(repeating: -1, count: slots.count * 2)
        let mask = slots.count - 1
        for (leaf, hash) in hashes.enumerated() {
            var slot = Int(truncatingIfNeeded: hash) & mask
            while slots[slot] >= 0 { slot = (slot + 1) & mask }
            slots[slot] = Int32(truncatingIfNeeded: leaf)
        }
    }
}
