internal import LogModel

/// What a block's terms must hold for the block to be worth reading.
///
/// Always a necessary condition, never a sufficient one: a block that fails it has no match, a block
/// that passes is decoded and every event is looked at.
package indirect enum TermFilter: Equatable, Sendable {
    /// No condition: every block passes.
    case any
    case term([UInt8])
    case prefix([UInt8])
    case all([TermFilter])
    case either([TermFilter])

    /// The condition for `text` to occur in a block.
    ///
    /// - Parameters:
    ///   - openStart: a word at the start of `text` may be the end of a longer one.
    ///   - openEnd: a word at the end of `text` may be the beginning of a longer one.
    package static func occurrence(
        of text: [UInt8], openStart: Bool, openEnd: Bool
    ) -> TermFilter {
        text.withUnsafeBufferPointer { bytes in
            var start = 0
            var end = bytes.count
            var parts: [TermFilter] = []
            if openStart { start = endOfWord(in: bytes, from: 0) }
            if openEnd {
                let last = startOfWord(in: bytes, before: end)
                // A word that is open at both ends gives no condition.
                if last >= start, last < end {
                    parts.append(beginning(UnsafeBufferPointer(rebasing: bytes[last..<end])))
                }
                end = max(start, last)
            }
            let middle = UnsafeBufferPointer(rebasing: bytes[start..<end])
            var terms = TermSet(minimumCapacity: 64)
            Tokenizer.addTerms(of: middle, to: &terms)
            let runEnds = lastCharactersOfRuns(in: middle)
            for term in terms.terms {
                let bytes = Term.bytes(term)
                // The last character of a run in the query may stand in the middle of one in the log.
                parts.append(runEnds.contains(bytes) ? .prefix(bytes) : .term(bytes))
            }
            return .allOf(removingCoveredRuns(parts, text: middle))
        }
    }

    package static func allOf(_ parts: [TermFilter]) -> TermFilter {
        var flat: [TermFilter] = []
        for part in parts {
            switch part {
            case .any: continue
            case .all(let inner): flat += inner
            default: flat.append(part)
            }
        }
        return flat.isEmpty ? .any : flat.count == 1 ? flat[0] : .all(flat)
    }

    package static func anyOf(_ parts: [TermFilter]) -> TermFilter {
        if parts.contains(.any) || parts.isEmpty { return .any }
        return parts.count == 1 ? parts[0] : .either(parts)
    }

    /// The condition as an FTS5 query; nil for no condition. Terms are quoted, so no user's word is
    /// ever an operator.
    var matchExpression: [UInt8]? {
        switch self {
        case .any: return nil
        case .term(let bytes): return Self.quoted(bytes)
        case .prefix(let bytes): return Self.quoted(bytes) + Array("*".utf8)
        case .all(let parts): return Self.joined(parts, by: " AND ")
        case .either(let parts): return Self.joined(parts, by: " OR ")
        }
    }

    private static func quoted(_ bytes: [UInt8]) -> [UInt8] { [0x22] + bytes + [0x22] }

    private static func joined(_ parts: [TermFilter], by operation: String) -> [UInt8]? {
        var expression: [UInt8] = [0x28]
        for (index, part) in parts.enumerated() {
            guard let inner = part.matchExpression else { continue }
            if index > 0 { expression += Array(operation.utf8) }
            expression += inner
        }
        return expression + [0x29]
    }

    /// The condition for a word that begins with `text`, a run of word characters.
    private static func beginning(_ text: UnsafeBufferPointer<UInt8>) -> TermFilter {
        let folded = CaseFolding.folded(Array(text))
        let isDigits = folded.allSatisfy { $0 &- 0x30 < 10 }
        // Numbers of up to three digits are not indexed.
        if isDigits && folded.count <= 3 { return .any }
        var parts: [TermFilter] = [.prefix(Array(folded.prefix(8)))]
        let idPrefix = [Term.marker] + folded.prefix(2)
        parts.append(folded.count >= 2 ? .term(idPrefix) : .prefix(idPrefix))
        if folded.count <= 4, folded.allSatisfy({ $0 &- 0x30 < 10 || $0 &- 0x61 < 6 }) {
            parts.append(.term(Term.bytes(Term.hex4)))
        }
        return .either(parts)
    }

    /// The first position from `start` on that is inside no word.
    private static func endOfWord(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var position = start
        while position < text.count, UTF8Bytes.classAt(position, in: text) == .word {
            position += UTF8Bytes.scalar(in: text, at: position)?.length ?? 1
        }
        return position
    }

    /// Where the word that ends at `end` begins; `end` where there is none.
    private static func startOfWord(in text: UnsafeBufferPointer<UInt8>, before end: Int) -> Int {
        var position = end
        while position > 0, UTF8Bytes.classBefore(position, in: text) == .word {
            position -= 1
            while position > 0, text[position] & 0xC0 == 0x80 { position -= 1 }
        }
        return position
    }

    private static func lastCharactersOfRuns(
        in text: UnsafeBufferPointer<UInt8>
    ) -> Set<[UInt8]> {
        var found: Set<[UInt8]> = []
        var position = 0
        while position < text.count {
            guard let scalar = UTF8Bytes.scalar(in: text, at: position) else {
                position += 1
                continue
            }
            let next = position + scalar.length
            if CharacterClass.of(scalar.value) == .ideograph,
                UTF8Bytes.classAt(next, in: text) != .ideograph
            {
                found.insert(Array(text[position..<next]))
            }
            position = next
        }
        return found
    }

    /// Drops the last characters of runs of two or more: their pairs say more.
    private static func removingCoveredRuns(
        _ parts: [TermFilter], text: UnsafeBufferPointer<UInt8>
    ) -> [TermFilter] {
        let pairs = parts.compactMap { part -> [UInt8]? in
            if case .term(let bytes) = part, (bytes.first ?? 0) >= 0xE0 { return bytes }
            return nil
        }
        return parts.filter { part in
            guard case .prefix(let character) = part, (character.first ?? 0) >= 0xE0 else {
                return true
            }
            return !pairs.contains {
                $0.count > character.count && $0.suffix(character.count) == character[...]
            }
        }
    }
}
