import Glibc

/// Looks for one literal by the byte of it that is rarest in logs.
struct RegexLiteralFinder: Sendable {
    enum Outcome: Equatable {
        case found(Int)
        case absent
        /// The rarest byte turned out frequent: reading on would cost more than the automaton.
        case unsure
    }

    /// `memchr` restarts cost about as much as this many bytes of the automaton's reading.
    private static let bytesPerMiss = 16
    private static let freeMisses = 32

    let literal: [UInt8]
    private let rarest: Int

    init(_ literal: [UInt8]) {
        self.literal = literal
        rarest = literal.indices.min { Self.rank(literal[$0]) < Self.rank(literal[$1]) } ?? 0
    }

    /// The first occurrence at `start` or later.
    ///
    /// Every pointer lies within `text`: the search for the rarest byte leaves room for the bytes
    /// of the literal before and after it.
    func find(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Outcome {
        guard !literal.isEmpty else { return .found(start) }
        guard let base = text.baseAddress, text.count - start >= literal.count else {
            return .absent
        }
        let last = text.count - literal.count + rarest
        var index = start + rarest
        var misses = 0
        while index <= last {
            guard let hit = memchr(base + index, Int32(literal[rarest]), last - index + 1) else {
                return .absent
            }
            index = UnsafeRawPointer(hit) - UnsafeRawPointer(base)
            let candidate = index - rarest
            if memcmp(base + candidate, literal, literal.count) == 0 { return .found(candidate) }
            index += 1
            misses += 1
            if misses > Self.freeMisses, misses > (index - start) / Self.bytesPerMiss {
                return .unsure
            }
        }
        return .absent
    }

    /// How frequent a byte is in logs, by order alone.
    private static func rank(_ byte: UInt8) -> Int {
        // A few lead bytes make up a third of Chinese text; its other bytes spread evenly.
        if byte >= 0xC0 { return 300 }
        if byte >= 0x80 { return 150 }
        return frequent.firstIndex(of: byte).map { 200 - $0 } ?? 0
    }

    /// The order counted over 1.2 MB of application, access and system logs.
    private static let frequent = Array(
        " e\"atsnoril:0.1pm,c2d\nug-3/y45fvh86_97\\bTw][qkSIENOMDx=CR{}()FLZAB'zUP".utf8)
}
