/// What detection asks of patterns.
extension [Pattern] {
    /// The pattern that an event beginning with the line at `range` of `bytes` is read with.
    ///
    /// As in parsing, the first that fits exactly, else the first that fits when widths and names
    /// are read loosely. A pattern of several lines also looks at the lines behind.
    func firstMatch(
        of range: Range<Int>, in bytes: UnsafeBufferPointer<UInt8>
    ) -> (index: Int, isExact: Bool)? {
        var mayFitLoosely = false
        for isLoose in [false, true] where !isLoose || mayFitLoosely {
            for index in indices
            where self[index].matches(range, in: bytes, isLoose: isLoose, &mayFitLoosely) {
                return (index, !isLoose)
            }
        }
        return nil
    }
}

extension Pattern {
    /// Whether lines that do not match continue the event above them.
    var mayContinue: Bool { programs.contains(where: \.isContinuable) }

    fileprivate func matches(
        _ range: Range<Int>, in bytes: UnsafeBufferPointer<UInt8>, isLoose: Bool,
        _ mayFitLoosely: inout Bool
    ) -> Bool {
        programs.contains { program in
            (!isLoose || program.hasLooseForm)
                && program.firstBytes.contains(bytes[range.lowerBound])
                && program.matches(range, in: bytes, isLoose: isLoose, &mayFitLoosely)
        }
    }
}

extension PatternProgram {
    fileprivate func matches(
        _ range: Range<Int>, in bytes: UnsafeBufferPointer<UInt8>, isLoose: Bool,
        _ mayFitLoosely: inout Bool
    ) -> Bool {
        var next = range.upperBound
        while next < bytes.count, bytes[next] != 0x0A { next += 1 }
        let line = LineBounds(
            start: range.lowerBound, end: range.upperBound, next: min(next + 1, bytes.count))
        return withUnsafeTemporaryAllocation(of: TextRange.self, capacity: spanCount) { spans in
            guard let base = spans.baseAddress else { return false }
            spans.initialize(repeating: TextRange())
            var head = HeadMatch()
            let outcome = matchHead(
                bytes, line: line, isFinal: true, isLoose: isLoose, spans: base, head: &head)
            if head.mayFitLoosely { mayFitLoosely = true }
            return outcome == .match
        }
    }
}
