internal import LogModel

/// The distinct terms of a block, packed: a term is at most eight bytes, so a term is an integer.
///
/// The index is a filter and the scan is the truth, so terms may lose information as long as index
/// and query lose the same:
///
/// | token | term |
/// |---|---|
/// | up to 8 bytes | itself, in lower case |
/// | longer, without a digit | its first 8 bytes |
/// | longer, with a digit (an id) | `~` and 7 characters of its hash; and `~` and its first two bytes |
/// | 1 to 3 digits | none: nearly every block has them all |
/// | 4 hexadecimal digits with letters and figures (inside of UUIDs) | one for all, `~hex4` |
/// | Han, kana, Hangul run | each overlapping pair, and the last character |
struct TermSet {
    private var slots: [UInt64]
    private(set) var count = 0
    private var mask: Int

    init(minimumCapacity: Int = 1 << 14) {
        slots = Array(repeating: 0, count: minimumCapacity)
        mask = minimumCapacity - 1
    }

    mutating func removeAll() {
        slots.withUnsafeMutableBytes { _ = $0.initializeMemory(as: UInt8.self, repeating: 0) }
        count = 0
    }

    /// Inserts a packed term; 0 is no term.
    @inline(__always)
    mutating func insert(_ term: UInt64) {
        let inserted = slots.withUnsafeMutableBufferPointer { slots -> Bool in
            var index = Int(truncatingIfNeeded: (term &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
            while true {
                let present = slots[index]
                if present == term { return false }
                if present == 0 {
                    slots[index] = term
                    return true
                }
                index = (index &+ 1) & mask
            }
        }
        if inserted {
            count += 1
            if count * 2 > slots.count { grow() }
        }
    }

    private mutating func grow() {
        let old = slots
        self = TermSet(minimumCapacity: old.count * 2)
        for term in old where term != 0 { insert(term) }
    }

    /// Takes out the terms that name one thing among many, and gives their hashes.
    ///
    /// What a query for the beginning of one asks for stays in their place.
    mutating func takeIdentifiers() -> [UInt64] {
        var hashes: [UInt64] = []
        var words = TermSet(minimumCapacity: 1 << 10)
        for term in slots where term != 0 {
            if Term.isIdentifier(term) {
                hashes.append(Term.hash(term))
                if UInt8(truncatingIfNeeded: term) != Term.marker {
                    words.insert(Term.idPrefix(term))
                }
            } else {
                words.insert(term)
            }
        }
        self = words
        return hashes
    }

    /// All terms, in no order.
    var terms: [UInt64] {
        [UInt64](unsafeUninitializedCapacity: count + 1) { terms, written in
            // Each slot is written, and only a term makes the place final: `count` are terms.
            for term in slots where written <= count {
                terms[written] = term
                written &+= term == 0 ? 0 : 1
            }
        }
    }
}

/// Packing of terms: the first byte lowest, unused bytes zero.
enum Term {
    static let marker: UInt8 = 0x7E  // ~
    static let hex4 = pack(Array("~hex4".utf8))

    static func pack(_ bytes: some Collection<UInt8>) -> UInt64 {
        var term: UInt64 = 0
        for (index, byte) in bytes.prefix(8).enumerated() {
            term |= UInt64(byte) << UInt64(index * 8)
        }
        return term
    }

    /// Whether a term is an id or a number of five figures or more: a compacted day keeps these in
    /// its `IdentifierIndex`, where they take a fifth of the room.
    static func isIdentifier(_ term: UInt64) -> Bool {
        if UInt8(truncatingIfNeeded: term) == marker { return term >> 56 != 0 }
        guard term >> 32 != 0 else { return false }
        var rest = term
        while rest != 0 {
            if UInt8(truncatingIfNeeded: rest) &- 0x30 < 10 { return true }
            rest >>= 8
        }
        return false
    }

    /// 64 well-mixed bits (the finaliser of SplitMix64).
    static func hash(_ term: UInt64) -> UInt64 {
        var mixed = (term ^ term >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    static func append(_ term: UInt64, to bytes: inout [UInt8]) {
        var rest = term
        while rest != 0 {
            bytes.append(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }

    static func bytes(_ term: UInt64) -> [UInt8] {
        var bytes: [UInt8] = []
        append(term, to: &bytes)
        return bytes
    }

    /// `~` and seven characters of base 32 from the low 35 bits of a hash.
    @inline(__always)
    static func id(hash: UInt64) -> UInt64 {
        var term = UInt64(marker)
        var bits = hash
        for position in 1..<8 {
            let digit = bits & 31
            // 0-9, then a-v.
            term |= (digit < 10 ? 0x30 + digit : 0x57 + digit) << UInt64(position * 8)
            bits >>= 5
        }
        return term
    }

    /// `~` and the first two bytes of an id: what a query for the beginning of one can ask for.
    @inline(__always)
    static func idPrefix(_ packed: UInt64) -> UInt64 {
        UInt64(marker) | (packed & 0xFFFF) << 8
    }
}

/// Splits text into terms. Index and query both go through here.
enum Tokenizer {
    /// What a byte is: 1 for digits, 2 for `a` to `f`, 4 for other word bytes, all in both cases; 8
    /// for what is no ASCII word byte.
    private static let kinds: [UInt8] = (0..<256).map { value in
        guard value < 128, CharacterClass.asciiIsWord[value] else { return 8 }
        return value < 0x3A ? 1 : (0x61...0x66).contains(value | 0x20) ? 2 : 4
    }

    /// Adds the terms of `text`; words of ASCII are cut out whole, others byte by byte.
    static func addTerms(of text: UnsafeBufferPointer<UInt8>, to terms: inout TermSet) {
        kinds.withUnsafeBufferPointer { kinds in
            var position = 0
            while position < text.count {
                let start = position
                var seen: UInt8 = 0
                while position < text.count {
                    let kind = kinds[Int(text[position])]
                    if kind == 8 { break }
                    seen |= kind
                    position &+= 1
                }
                if position < text.count, text[position] >= 0x80 {
                    position = addMixedWord(at: start, of: text, to: &terms)
                    continue
                }
                if position > start { addWord(text, start, position, seen, to: &terms) }
                guard position < text.count else { break }
                // The letter that ends a terminal's escape sequence begins no word.
                position =
                    text[position] == 0x1B
                    ? UTF8Bytes.endOfEscape(at: position, in: text) : position &+ 1
            }
        }
    }

    /// Adds the terms of the word `start..<end`, all ASCII, of bytes of the kinds `seen`.
    @inline(__always)
    private static func addWord(
        _ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int, _ seen: UInt8,
        to terms: inout TermSet
    ) {
        let length = end &- start
        if seen == 1, length < 4 { return }
        if length > 8, seen & 1 != 0 { return addID(text, start, end, to: &terms) }
        // Exactly a digit and a letter of hexadecimal numbers.
        let isHex4 = length == 4 && seen == 3
        terms.insert(isHex4 ? Term.hex4 : lowered(text, start, min(8, length)))
    }

    private static func addID(
        _ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int, to terms: inout TermSet
    ) {
        var token = Token()
        for index in start..<end { token.append(lowered(text[index])) }
        token.finish(into: &terms)
    }

    @inline(__always)
    private static func lowered(_ byte: UInt8) -> UInt8 {
        byte &- 0x41 < 26 ? byte | 0x20 : byte
    }

    /// Up to eight word bytes from `start` on, packed, in lower case.
    @inline(__always)
    private static func lowered(
        _ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ count: Int
    ) -> UInt64 {
        var word: UInt64 = 0
        if text.count &- start >= 8, let base = UnsafeRawPointer(text.baseAddress) {
            word = base.loadUnaligned(fromByteOffset: start, as: UInt64.self).littleEndian
            word &= UInt64.max &>> UInt64(64 &- 8 &* count)
        } else {
            for index in 0..<count {
                word |= UInt64(text[start &+ index]) << UInt64(index &* 8)
            }
        }
        // Of word bytes, letters and `_` have bit 6, and of these only `_` has bits 2, 3 and 4.
        let ones = 0x0101_0101_0101_0101 as UInt64
        let underscores = (word &>> 2) & (word &>> 3) & (word &>> 4) & ones
        let letters = (word &>> 6) & ~underscores & ones
        return word | letters << 5
    }

    /// Adds the terms of what begins at `start`, up to the next ASCII byte that is part of no word.
    private static func addMixedWord(
        at start: Int, of text: UnsafeBufferPointer<UInt8>, to terms: inout TermSet
    ) -> Int {
        var token = Token()
        var position = start
        while position < text.count {
            let byte = text[position]
            if byte >= 0x80 {
                position = addNonASCII(at: position, of: text, token: &token, to: &terms)
            } else if kinds[Int(byte)] != 8 {
                token.append(lowered(byte))
                position &+= 1
            } else {
                break
            }
        }
        token.finish(into: &terms)
        return position
    }

    /// Handles one character outside ASCII, or the whole run of ideographs that it begins.
    private static func addNonASCII(
        at start: Int, of text: UnsafeBufferPointer<UInt8>, token: inout Token,
        to terms: inout TermSet
    ) -> Int {
        guard let found = UTF8Bytes.scalar(in: text, at: start) else {
            token.finish(into: &terms)
            return start + 1
        }
        switch CharacterClass.of(found.value) {
        case .separator:
            token.finish(into: &terms)
            return start + found.length
        case .word:
            token.append(scalar: CaseFolding.fold(found.value), of: text, at: start, found.length)
            return start + found.length
        case .ideograph:
            token.finish(into: &terms)
            return addRun(at: start, of: text, to: &terms)
        }
    }

    /// Adds each overlapping pair of a run and its last character.
    private static func addRun(
        at start: Int, of text: UnsafeBufferPointer<UInt8>, to terms: inout TermSet
    ) -> Int {
        var position = start
        var previous: UInt64 = 0
        var previousLength: UInt64 = 0
        while position < text.count, text[position] >= 0x80,
            let found = UTF8Bytes.scalar(in: text, at: position),
            CharacterClass.of(found.value) == .ideograph
        {
            var packed: UInt64 = 0
            for index in 0..<found.length {
                packed |= UInt64(text[position + index]) << UInt64(index * 8)
            }
            if previous != 0 { terms.insert(previous | packed << (previousLength * 8)) }
            previous = packed
            previousLength = UInt64(found.length)
            position += found.length
        }
        if previous != 0 { terms.insert(previous) }
        return position
    }

    /// A word that is being read.
    struct Token {
        private(set) var length = 0
        private var packed: UInt64 = 0
        private var hash: UInt64 = 0
        private var sawDigit = false
        private var sawOther = false
        private var isHex = true

        @inline(__always)
        mutating func append(_ lower: UInt8) {
            if length < 8 { packed |= UInt64(lower) << UInt64(length &* 8) }
            hash = (hash ^ UInt64(lower)) &* 0x0000_0100_0000_01B3 &+ 0x9E37
            let isDigit = lower < 0x3A
            sawDigit = sawDigit || isDigit
            sawOther = sawOther || !isDigit
            isHex = isHex && (isDigit || lower &- 0x61 < 6)
            length &+= 1
        }

        mutating func append(
            scalar: UInt32, of text: UnsafeBufferPointer<UInt8>, at start: Int, _ count: Int
        ) {
            if count == 2, scalar < 0x800 {
                append(0xC0 | UInt8(scalar >> 6))
                append(0x80 | UInt8(scalar & 0x3F))
            } else {
                for index in start..<start + count { append(text[index]) }
            }
        }

        /// The term or terms of the word, and a fresh start.
        @inline(__always)
        mutating func finish(into terms: inout TermSet) {
            defer { self = Token() }
            if length <= 8 {
                if length == 0 || length < 4 && !sawOther { return }
                terms.insert(length == 4 && isHex && sawDigit && sawOther ? Term.hex4 : packed)
            } else if sawDigit {
                hash ^= hash >> 29
                hash = hash &* 0xBF58_476D_1CE4_E5B9
                terms.insert(Term.id(hash: hash ^ hash >> 32))
                terms.insert(Term.idPrefix(packed))
            } else {
                terms.insert(packed)
            }
        }
    }
}
