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

// MARK: In columns

extension TextSearcher {
    /// Whether the columns of a block can be searched: folding must change no length, nor bytes
    /// that could be another letter's.
    var canSearchColumns: Bool {
        !parts.isEmpty
            && parts.allSatisfy {
                $0.count <= ColumnSearch.longestLiteral && ColumnSearch.canFold($0)
            }
    }

    /// The bytes that beside an end of a value could join a word: those of letters, of digits, and
    /// all beyond ASCII.
    static let inner = ByteSet { $0 >= 0x80 || CharacterClass.isASCIIWord($0) }

    /// The rows among `rows` with the pattern, as far as the columns tell.
    func hits(
        in columns: BlockColumns, among rows: RowSet
    ) throws(BlockError) -> ColumnSearch.Hits {
        if parts.count == 1 {
            let search = ColumnSearch(columns, literal: parts[0], foldsCase: true)
            return try search.hits(among: rows, inner: Self.inner, judge: verdict)
        }
        // Parts with anything between them: all have to stand in the event.
        var hits = ColumnSearch.Hits(count: rows.count)
        hits.possible = rows
        for part in parts where !hits.possible.isEmpty {
            let search = ColumnSearch(columns, literal: part, foldsCase: true)
            hits.possible = try search.rows(among: hits.possible)
        }
        return hits
    }

    /// Whether one of the occurrences in a value, the first of which is at `offset`, is the pattern
    /// and not part of longer words.
    private func verdict(in value: ColumnSearch.Value, from offset: Int) -> ColumnSearch.Verdict {
        var verdict = ColumnSearch.Verdict.no
        var from = offset
        while let found = Bytes.find(parts[0], in: value.text, from: from) {
            switch (start(at: found, in: value), end(at: found + parts[0].count, in: value)) {
            case (.yes, .yes): return .yes
            case (.no, _), (_, .no): break
            default: verdict = .possible
            }
            from = found + 1
        }
        return verdict
    }

    /// What `firstMatch` would find before `position`, if the value tells.
    private func start(
        at position: Int, in value: ColumnSearch.Value
    ) -> ColumnSearch.Verdict {
        let text = value.text
        if !checksStart { return .yes }
        if position == 0 { return value.isBoundedBefore ? .yes : .possible }
        // A character may begin before the value.
        if position < 4, text[0] & 0xC0 == 0x80 { return .possible }
        if UTF8Bytes.classBefore(position, in: text) != .word
            || UTF8Bytes.isBehindEscape(position, in: text)
        {
            return .yes
        }
        // A terminal's escape sequence may begin before the value too.
        let sequence = text[..<(position - 1)]
        let parameters = sequence.first == 0x5B ? sequence.dropFirst() : sequence
        let mayEndSequence = parameters.count < 32 && parameters.allSatisfy { $0 &- 0x20 < 0x20 }
        return mayEndSequence ? .possible : .no
    }

    /// What `firstMatch` would find at `position`, if the value tells.
    private func end(at position: Int, in value: ColumnSearch.Value) -> ColumnSearch.Verdict {
        let text = value.text
        if !checksEnd { return .yes }
        if position == text.count { return value.isBoundedAfter ? .yes : .possible }
        // A character may end behind the value.
        if text[position] >= 0x80, position + 4 > text.count { return .possible }
        return UTF8Bytes.classAt(position, in: text) == .word ? .no : .yes
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
