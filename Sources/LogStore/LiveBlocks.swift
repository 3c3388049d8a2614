/// The blocks of a day that are in no index yet, counted by source.
///
/// A shipper commits a few lines of each source a second. Indexed one by one they would take several
/// times the space and the time. So a small block of a live source gets no terms and is listed in the
/// table `live`; queries read it whatever they look for. When there are many of one source, they become one
/// block, in the same transaction: an indexed one when it is large enough, else a live one again.
struct LiveBlocks {
    /// Original text from which on a block is worth an index of its terms.
    static let blockBytes = 128 << 10
    /// With so many blocks, or so much text, of one source they are merged.
    static let sourceBlocks = 32
    static let sourceBytes = 256 << 10
    /// More text of one day than this is not left without an index: a query reads it in about 0.1 s.
    static let dayBytes = 16 << 20

    private struct Count {
        var blocks = 0
        var bytes = 0
    }

    private var sources: [Int64: Count] = [:]
    private var bytes = 0

    func has(_ source: Int64) -> Bool { sources[source] != nil }

    func isFull(_ source: Int64) -> Bool {
        guard let count = sources[source] else { return false }
        return count.blocks >= Self.sourceBlocks || count.bytes >= Self.sourceBytes
    }

    /// The source with most text, when there is too much altogether.
    var largestToIndex: Int64? {
        guard bytes > Self.dayBytes else { return nil }
        return sources.max { ($0.value.bytes, $0.key) < ($1.value.bytes, $1.key) }?.key
    }

    mutating func add(_ source: Int64, bytes: Int) {
        sources[source, default: Count()].blocks += 1
        sources[source, default: Count()].bytes += bytes
        self.bytes += bytes
    }

    mutating func remove(_ source: Int64) {
        bytes -= sources.removeValue(forKey: source)?.bytes ?? 0
    }
}
