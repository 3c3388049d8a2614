internal import Glibc

/// The most frequent keys of a stream: exact up to `capacity` distinct keys, then SpaceSaving.
///
/// Memory is bounded by `capacity` keys. Once it is not exact, a count is never too low, and too
/// high by at most `error`, which is at most the total over `capacity`; every key with more than
/// that is there. An `add` costs a look-up, with further log₂(capacity) steps when not exact.
/// Sources: Metwally, Agrawal, El Abbadi: Efficient computation of frequent and top-k elements in
/// data streams (2005); merging: Agarwal, Cormode, Huang, Phillips, Wei, Yi: Mergeable summaries
/// (2012).
package struct HeavyHitters: Sendable {
    private struct Entry: Sendable {
        var key: [UInt8]
        var hash: UInt64
        var count: Int
        var error: Int
        /// Where the heap has the entry.
        var place: Int32 = 0

        mutating func raise(by missed: Int) {
            count = saturatingSum(count, missed)
            error = saturatingSum(error, missed)
        }

        func isFor(_ key: UnsafeBufferPointer<UInt8>, _ hash: UInt64) -> Bool {
            guard self.hash == hash, self.key.count == key.count else { return false }
            guard let other = key.baseAddress else { return true }
            return self.key.withUnsafeBytes { own in
                own.baseAddress.map { memcmp($0, other, key.count) == 0 } ?? true
            }
        }
    }

    private let capacity: Int
    private var entries: [Entry] = []
    /// Open addressing: the number of an entry, or -1; a power of two, at most half full.
    private var table: [Int32] = []
    /// Entries as a binary heap, the lowest count first; empty while exact and until needed.
    private var heap: [Int32] = []
    /// How often a key that is not there may have occurred; no count is below it.
    private var missed = 0
    /// Whether all counts are true and no key is missing.
    package private(set) var isExact = true

    /// Makes a summary of at most `capacity` keys, 1 to 2^24.
    package init(capacity: Int) {
        self.capacity = max(1, min(1 << 24, capacity))
    }

    /// Takes `count` occurrences of a key in; a count below 1 is ignored.
    package mutating func add(_ key: [UInt8], count: Int = 1) {
        key.withUnsafeBufferPointer { add($0, count: count) }
    }

    /// Takes `count` occurrences of a key in; it is copied only when it is new.
    package mutating func add(_ key: UnsafeBufferPointer<UInt8>, count: Int) {
        guard count > 0 else { return }
        let hash = hash64(key)
        if let found = find(key, hash) {
            raise(found, by: count)
        } else if entries.count < capacity {
            let count = saturatingSum(missed, count)
            append(Entry(key: Array(key), hash: hash, count: count, error: missed))
        } else {
            replaceLowest(by: key, hash, count)
        }
    }

    /// Takes in all that `other` has seen.
    ///
    /// A key that one side has not kept may have occurred there as often as its rarest one.
    package mutating func merge(_ other: HeavyHitters) {
        var merged = entries
        for index in merged.indices { merged[index].raise(by: other.missed) }
        for entry in other.entries {
            let found = entry.key.withUnsafeBufferPointer { find($0, entry.hash) }
            if let found {
                merged[found].count = saturatingSum(entries[found].count, entry.count)
                merged[found].error = saturatingSum(entries[found].error, entry.error)
            } else {
                var entry = entry
                entry.raise(by: missed)
                merged.append(entry)
            }
        }
        isExact = isExact && other.isExact && merged.count <= capacity
        missed = saturatingSum(missed, other.missed)
        if merged.count > capacity {
            merged.sort(by: Self.isMoreFrequent)
            missed = max(missed, merged[capacity].count)
            merged.removeLast(merged.count - capacity)
        }
        entries = merged
        heap = []
        rebuildTable()
    }

    /// The `n` most frequent keys, those of equal counts in the order of their bytes.
    package func top(_ n: Int) -> [(key: [UInt8], count: Int, error: Int)] {
        entries.sorted(by: Self.isMoreFrequent).prefix(max(0, n))
            .map { ($0.key, $0.count, $0.error) }
    }

    private static func isMoreFrequent(_ left: Entry, _ right: Entry) -> Bool {
        if left.count != right.count { return left.count > right.count }
        return left.key.lexicographicallyPrecedes(right.key)
    }

    // MARK: Entries

    private mutating func append(_ entry: Entry) {
        entries.append(entry)
        if entries.count * 2 > table.count {
            rebuildTable()
        } else {
            link(entries.count - 1)
        }
        if !heap.isEmpty {
            heap.append(Int32(entries.count - 1))
            entries[entries.count - 1].place = Int32(heap.count - 1)
            siftUp(heap.count - 1)
        }
    }

    private mutating func raise(_ number: Int, by count: Int) {
        entries[number].count = saturatingSum(entries[number].count, count)
        if !heap.isEmpty { siftDown(Int(entries[number].place)) }
    }

    private mutating func replaceLowest(
        by key: UnsafeBufferPointer<UInt8>, _ hash: UInt64, _ count: Int
    ) {
        isExact = false
        if heap.isEmpty { buildHeap() }
        let number = Int(heap[0])
        unlink(number)
        let lowest = entries[number].count
        entries[number].key = Array(key)
        entries[number].hash = hash
        entries[number].count = saturatingSum(lowest, count)
        entries[number].error = lowest
        missed = lowest
        link(number)
        siftDown(0)
    }

    // MARK: Table

    private func find(_ key: UnsafeBufferPointer<UInt8>, _ hash: UInt64) -> Int? {
        guard !table.isEmpty else { return nil }
        let mask = table.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while table[slot] >= 0 {
            let number = Int(table[slot])
            if entries[number].isFor(key, hash) { return number }
            slot = (slot + 1) & mask
        }
        return nil
    }

    private mutating func link(_ number: Int) {
        let mask = table.count - 1
        var slot = Int(truncatingIfNeeded: entries[number].hash) & mask
        while table[slot] >= 0 { slot = (slot + 1) & mask }
        table[slot] = Int32(number)
    }

    /// Takes an entry out of the table and closes the gap (Knuth 6.4, algorithm R).
    private mutating func unlink(_ number: Int) {
        let mask = table.count - 1
        var gap = Int(truncatingIfNeeded: entries[number].hash) & mask
        while table[gap] != Int32(number) { gap = (gap + 1) & mask }
        var slot = (gap + 1) & mask
        while table[slot] >= 0 {
            let home = Int(truncatingIfNeeded: entries[Int(table[slot])].hash) & mask
            if (slot - home) & mask >= (slot - gap) & mask {
                table[gap] = table[slot]
                gap = slot
            }
            slot = (slot + 1) & mask
        }
        table[gap] = -1
    }

    private mutating func rebuildTable() {
        var size = 16
        while size < entries.count * 4 { size *= 2 }
        table = Array(repeating: -1, count: size)
        for number in entries.indices { link(number) }
    }

    // MARK: Heap

    private mutating func buildHeap() {
        heap = entries.indices.map { Int32($0) }
        for index in entries.indices { entries[index].place = Int32(index) }
        for index in stride(from: heap.count / 2 - 1, through: 0, by: -1) { siftDown(index) }
    }

    private mutating func siftDown(_ start: Int) {
        var index = start
        while true {
            var child = 2 * index + 1
            guard child < heap.count else { return }
            if child + 1 < heap.count, count(child + 1) < count(child) { child += 1 }
            guard count(child) < count(index) else { return }
            exchange(index, child)
            index = child
        }
    }

    private mutating func siftUp(_ start: Int) {
        var index = start
        while index > 0, count(index) < count((index - 1) / 2) {
            exchange(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    private func count(_ place: Int) -> Int { entries[Int(heap[place])].count }

    private mutating func exchange(_ first: Int, _ second: Int) {
        heap.swapAt(first, second)
        entries[Int(heap[first])].place = Int32(first)
        entries[Int(heap[second])].place = Int32(second)
    }
}
