internal import LogModel

/// Times as a form shows them: `2026-11-20 10:14:42.123`, by the clock of the form's zone.
enum FormTime {
    /// With as much of the fraction as there is. An instant that the clock's reading alone would not give back (clocks
    /// were set back, or showed odd seconds) has its offset from UTC.
    static func text(_ time: Int64, zone: Zone) -> String {
        let local = RFC3339.clockText(time, zone: zone) + fraction(of: time)
        if (try? TimeExpression.instant(local, now: 0, zone: zone)) == time { return local }
        var bytes: [UInt8] = []
        RFC3339.append(time, zone: zone, to: &bytes)
        let isExact = bytes.withUnsafeBufferPointer { RFC3339.parse($0) } == time
        return isExact ? String(decoding: bytes, as: UTF8.self) : RFC3339.text(time)
    }

    private static func fraction(of time: Int64) -> String {
        let digits = String(1_000_000_000 + RFC3339.split(time).nanoseconds).dropFirst()
        let shown = digits.prefix(
            (digits.lastIndex { $0 != "0" }).map {
                digits.distance(from: digits.startIndex, to: $0) + 1
            } ?? 0)
        return shown.isEmpty ? "" : "." + shown
    }

    /// Reads what `text` writes, and what people type after `--since`.
    static func instant(
        _ text: String, now: Int64, zone: Zone
    ) throws(TimeExpressionError) -> Int64 {
        let exact = Array(text.utf8).withUnsafeBufferPointer { RFC3339.parse($0) }
        if let exact { return exact }
        return try TimeExpression.instant(text, now: now, zone: zone)
    }

    /// Where the time ends with which a line begins, such as `2026-11-20 10:26:39` or `10:26`; nil for
    /// other lines. It need not be one that there is.
    static func prefix(of line: ArraySlice<UInt8>) -> Int? {
        let words = line.split(
            separator: 0x20, maxSplits: 2, omittingEmptySubsequences: false)
        guard let first = words.first else { return nil }
        if isClock(first) { return first.endIndex }
        guard isDate(first.prefix(10)) else { return nil }
        if first.count > 11, [0x54, 0x74].contains(first[first.startIndex + 10]) {
            return isClock(first.dropFirst(11)) ? first.endIndex : nil
        }
        guard first.count == 10, words.count > 1, isClock(words[1]) else { return nil }
        return words[1].endIndex
    }

    private static func isDate(_ word: ArraySlice<UInt8>) -> Bool {
        word.count == 10
            && word.enumerated().allSatisfy { index, byte in
                index == 4 || index == 7 ? byte == UInt8(ascii: "-") : isDigit(byte)
            }
    }

    /// `10:26` and what may follow it.
    private static func isClock(_ word: ArraySlice<UInt8>) -> Bool {
        let hour = word.prefix { isDigit($0) }
        let rest = word.dropFirst(hour.count)
        return (1...2).contains(hour.count) && rest.count >= 3
            && rest.first == UInt8(ascii: ":") && rest.dropFirst().prefix(2).allSatisfy(isDigit)
            && rest.dropFirst(3).allSatisfy { isDigit($0) || ":.,+-Zz".utf8.contains($0) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
