/// What detection asks of a pattern.
extension Pattern {
    /// Whether an event of this pattern may begin with the line at `range` of `bytes`.
    ///
    /// A pattern of several lines also looks at the lines behind it.
    func matchesHead(of range: Range<Int>, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        programs.contains { $0.matches(range, in: bytes) }
    }

    /// Whether lines that do not match continue the event above them.
    var mayContinue: Bool { programs.contains(where: \.isContinuable) }
}

extension PatternProgram {
    fileprivate func matches(_ range: Range<Int>, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var next = range.upperBound
        while next < bytes.count, bytes[next] != 0x0A { next += 1 }
        let line = LineBounds(
            start: range.lowerBound, end: range.upperBound, next: min(next + 1, bytes.count))
        return withUnsafeTemporaryAllocation(of: TextRange.self, capacity: spanCount) { spans in
            guard let base = spans.baseAddress else { return false }
            spans.initialize(repeating: TextRange())
            var head = HeadMatch()
            return matchHead(bytes, line: line, isFinal: true, spans: base, head: &head) == .match
        }
    }
}
