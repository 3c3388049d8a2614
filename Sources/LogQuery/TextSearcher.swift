internal import CGNU
internal import LogModel
internal import LogStore

/// Finds a word or phrase in text that is folded already.
///
/// `memmem` finds the bytes, then the characters on both sides are looked at: a word at an end of
/// the pattern is a whole word unless that end is open. Han, kana and Hangul match anywhere.
struct TextSearcher: Sendable {
    /// The literal parts in folded case; none is empty.
    let parts: [[UInt8]]
    private let checksStart: Bool
    private let checksEnd: Bool

    init(_ pattern: TextPattern) {
        let parts = pattern.parts.map { CaseFolding.folded(Array($0.utf8)) }.filter { !$0.isEmpty }
        self.parts = parts
        checksStart = !pattern.openStart && Self.isWord(at: 0, of: parts.first)
        checksEnd = !pattern.openEnd && Self.isWord(before: parts.last?.count ?? 0, of: parts.last)
    }

    private static func isWord(at position: Int, of part: [UInt8]?) -> Bool {
        part?.withUnsafeBufferPointer { UTF8Bytes.classAt(position, in: $0) == .word } ?? false
    }

    private static func isWord(before position: Int, of part: [UInt8]?) -> Bool {
        part?.withUnsafeBufferPointer { UTF8Bytes.classBefore(position, in: $0) == .word } ?? false
    }

    /// Whether the pattern occurs in `text`.
    func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        firstMatch(in: text, from: 0) != nil
    }

    /// The first occurrence from `start` on.
    func firstMatch(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Range<Int>? {
        guard let first = parts.first else { return start..<start }
        var from = start
        while let found = Bytes.find(first, in: text, from: from) {
            from = found + 1
            if checksStart, UTF8Bytes.classBefore(found, in: text) == .word,
                !UTF8Bytes.isBehindEscape(found, in: text)
            {
                continue
            }
            if let end = end(in: text, afterFirstAt: found + first.count) { return found..<end }
            // Without the rest after this place there is none after a later one either, unless the
            // pattern is this one part.
            if parts.count > 1 { return nil }
        }
        return nil
    }

    /// Where the pattern ends whose first part ends at `position`.
    private func end(in text: UnsafeBufferPointer<UInt8>, afterFirstAt position: Int) -> Int? {
        if parts.count == 1 { return endIsRight(position, in: text) ? position : nil }
        var position = position
        for part in parts.dropFirst().dropLast() {
            guard let found = Bytes.find(part, in: text, from: position) else { return nil }
            position = found + part.count
        }
        let last = parts[parts.count - 1]
        while let found = Bytes.find(last, in: text, from: position) {
            if endIsRight(found + last.count, in: text) { return found + last.count }
            position = found + 1
        }
        return nil
    }

    private func endIsRight(_ position: Int, in text: UnsafeBufferPointer<UInt8>) -> Bool {
        !checksEnd || UTF8Bytes.classAt(position, in: text) != .word
    }

    /// The words of the pattern cannot go beyond a field: it is one run of letters, digits and
    /// ideographs.
    var isOneWord: Bool {
        parts.count == 1
            && parts[0].withUnsafeBufferPointer { part in
                var position = 0
                while position < part.count {
                    guard let found = UTF8Bytes.scalar(in: part, at: position),
                        CharacterClass.of(found.value) != .separator
                    else { return false }
                    position += found.length
                }
                return true
            }
    }

    /// Whether text must be folded first: the pattern has letters with a case.
    var needsFolding: Bool {
        parts.contains { part in
            part.contains { $0 &- 0x61 < 26 || $0 &- 0xC3 < 0x1D }
        }
    }

    /// Whether the pattern, one word, can occur in a time of this format: its letters are those of
    /// the format's notation, or of a name that the format writes.
    func canBe(in format: TimestampFormat) -> Bool {
        guard let part = parts.first, part.allSatisfy({ $0 < 0x80 }) else { return false }
        let letters = part.filter { !($0 &- 0x30 < 10) }
        let notation = Set(CaseFolding.folded(Array(format.pattern.utf8)) + Array("zutc".utf8))
        if letters.allSatisfy(notation.contains) { return true }
        let name = String(decoding: letters, as: UTF8.self)
        return Self.timeNames.contains { $0.contains(name) }
    }

    /// The names in English, which are the ones that formats write.
    private static let timeNames = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september",
        "october", "november", "december", "monday", "tuesday", "wednesday", "thursday", "friday",
        "saturday", "sunday", "utc", "gmt", "am", "pm",
    ]

    /// Calls `hit` with the number of each of `texts` (folded) in which the pattern occurs.
    func forEachHit(
        in bytes: UnsafeBufferPointer<UInt8>, of texts: borrowing ByteStrings, _ hit: (Int) -> Void
    ) {
        guard let first = parts.first else { return }
        var index = 0
        var position = 0
        while let found = Bytes.find(first, in: bytes, from: position) {
            while index < texts.count, Int(texts.ends[index]) <= found { index += 1 }
            guard index < texts.count else { return }
            let range = texts.range(index)
            let text = UnsafeBufferPointer(rebasing: bytes[range])
            if matches(text, from: found - range.lowerBound) { hit(index) }
            position = range.upperBound
        }
    }

    /// The rows of `texts` (folded) in which the pattern occurs.
    func rows(in texts: borrowing RowTexts, count: Int) -> RowSet {
        var hits = RowSet(count: count)
        guard let first = parts.first else {
            for row in texts.rows { hits.insert(row) }
            return hits
        }
        texts.bytes.withUnsafeBufferPointer { bytes in
            var index = 0
            var position = 0
            while index < texts.rows.count, let found = Bytes.find(first, in: bytes, from: position)
            {
                while index < texts.rows.count, Int(texts.ends[index]) < found { index += 1 }
                guard index < texts.rows.count else { return }
                let range = texts.range(index)
                let text = UnsafeBufferPointer(rebasing: bytes[range])
                if matches(text, from: found - range.lowerBound) { hits.insert(texts.rows[index]) }
                position = range.upperBound + 1
                index += 1
            }
        }
        return hits
    }

    private func matches(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Bool {
        firstMatch(in: text, from: max(0, start)) != nil
    }
}

/// Byte searches.
enum Bytes {
    /// The first place of `needle` in `text` from `start` on, by the C library's `memmem`.
    @inline(__always)
    static func find(
        _ needle: [UInt8], in text: UnsafeBufferPointer<UInt8>, from start: Int
    ) -> Int? {
        guard let base = text.baseAddress, start <= text.count - needle.count, start >= 0 else {
            return nil
        }
        // The pointers and counts are those of live buffers; memmem reads within them.
        return needle.withUnsafeBytes { needle in
            guard let pattern = needle.baseAddress,
                let hit = memmem(base + start, text.count - start, pattern, needle.count)
            else { return nil }
            return UnsafeRawPointer(hit) - UnsafeRawPointer(base)
        }
    }
}
