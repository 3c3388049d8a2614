internal import LogModel
internal import LogStore

/// Finds the rows of a block in whose originals a literal stands, without putting them together.
///
/// Every byte of an original stands in one piece of its layout, so an occurrence lies either inside
/// of one piece, and then all values of a column are searched at once with `memmem`, or it begins in
/// one piece and ends in a later one, and then the ends of the pieces are compared with the two parts
/// of the literal (`rowsCrossing`). Both are exact but for times, which are not stored as text: where
/// the notation of one could hold the literal, all rows are possible.
struct ColumnSearch {
    /// What a value in which the literal stands means for the rows that have it.
    enum Verdict {
        case no
        /// The originals have to be looked at.
        case possible
        case yes
    }

    /// The rows in which the literal stands, by what that means.
    struct Hits {
        var sure: RowSet
        var possible: RowSet

        init(count: Int) {
            sure = RowSet(count: count)
            possible = RowSet(count: count)
        }

        /// All rows that may match.
        var any: RowSet {
            var rows = sure
            rows.formUnion(possible)
            return rows
        }
    }

    /// A value of a column or a literal of a layout in which the literal stands.
    struct Value {
        /// As it is searched: folded, if the search folds.
        let text: UnsafeBufferPointer<UInt8>
        /// As it is written.
        let original: UnsafeBufferPointer<UInt8>
        /// Whether in all rows nothing stands before the value, or a byte outside of `inner`.
        let isBoundedBefore: Bool
        let isBoundedAfter: Bool
    }

    /// Decides what the first occurrence in a value, and those behind it, mean.
    typealias Judge = (_ value: Value, _ offset: Int) -> Verdict

    private let block: Block
    private let columns: BlockColumns
    private let literal: [UInt8]
    private let foldsCase: Bool
    private let ends: PieceEnds

    /// Longer literals are looked for in the originals: the crossings to compare grow with the length.
    static let longestLiteral = 256

    /// `literal` is in lower case if `foldsCase`, and then without letters of two bytes.
    init(_ columns: BlockColumns, literal: [UInt8], foldsCase: Bool) {
        block = columns.block
        self.columns = columns
        self.literal = literal
        self.foldsCase = foldsCase && literal.contains { $0 &- 0x61 < 26 }
        ends = columns.ends(foldsCase: self.foldsCase)
    }

    /// Whether comparing byte by byte, ASCII letters in any case, is comparing folded texts.
    static func canFold(_ literal: [UInt8]) -> Bool {
        !literal.contains { $0 &- 0xC2 < 0x1E }
    }

    /// The rows among `rows` in which the literal stands anywhere.
    func rows(among rows: RowSet) throws(BlockError) -> RowSet {
        try hits(among: rows, inner: ByteSet()) { _, _ in .yes }.any
    }

    /// The rows among `rows` in which the literal stands, with what `judge` says of the values.
    ///
    /// `inner` are the bytes that matter to the judge when they stand beside a value.
    func hits(among rows: RowSet, inner: ByteSet, judge: Judge) throws(BlockError) -> Hits {
        var hits = Hits(count: block.rowCount)
        for (number, layout) in block.layouts.enumerated() {
            let members = try block.members(ofLayout: number)
            for (place, piece) in layout.pieces.enumerated() {
                let texts: ByteStrings
                let holders: Block.ValueRows
                switch piece {
                case .literal(let bytes):
                    (texts, holders) = (ByteStrings(bytes), .all)
                case .field(let field):
                    guard let values = try block.values(layout: number, field: field) else {
                        if try mayStandInTime(layout: number, field) {
                            hits.add(members.all, .possible)
                        }
                        continue
                    }
                    (texts, holders) = values
                }
                let verdicts = try verdicts(
                    on: texts, layout: number, piece: place, inner, judge
                ) {
                    if case .one = holders { rows.contains(members.row($0)) } else { true }
                }
                hits.add(verdicts, holders, members)
            }
            hits.possible.formUnion(try rowsCrossing(layout: number, among: members.all))
        }
        hits.sure.formIntersection(rows)
        hits.possible.formIntersection(rows)
        hits.possible.subtract(hits.sure)
        return hits
    }

    private func mayStandInTime(layout: Int, _ field: Int) throws(BlockError) -> Bool {
        guard let format = block.layouts[layout].fields[field].format else { return true }
        if TimeText.mayHold(literal, in: format) { return true }
        return try block.hasTimeExceptions(layout: layout, field: field)
    }

    /// The numbers of the values in which the literal stands and that `isWanted`, each with its verdict.
    private func verdicts(
        on texts: ByteStrings, layout: Int, piece: Int, _ inner: ByteSet, _ judge: Judge,
        isWanted: (Int) -> Bool
    ) throws(BlockError) -> [(number: Int, verdict: Verdict)] {
        let folded = foldsCase ? columns.folded(texts, layout: layout, piece: piece) : texts.bytes
        var found: [(number: Int, offset: Int)] = []
        folded.withUnsafeBufferPointer { bytes in
            texts.forEachOccurrence(of: literal, in: bytes) { number, offset in
                if isWanted(number) { found.append((number, offset)) }
            }
        }
        if found.isEmpty { return [] }
        let isBoundedBefore = try ends.isBounded(before: piece, of: layout, by: inner)
        let isBoundedAfter = try ends.isBounded(after: piece, of: layout, by: inner)
        var verdicts: [(number: Int, verdict: Verdict)] = []
        folded.withUnsafeBufferPointer { folded in
            texts.bytes.withUnsafeBufferPointer { original in
                for (number, offset) in found {
                    let range = texts.range(number)
                    let value = Value(
                        text: UnsafeBufferPointer(rebasing: folded[range]),
                        original: UnsafeBufferPointer(rebasing: original[range]),
                        isBoundedBefore: isBoundedBefore, isBoundedAfter: isBoundedAfter)
                    verdicts.append((number, judge(value, offset)))
                }
            }
        }
        return verdicts
    }

    // MARK: From one piece into the next

    /// The rows in which an occurrence begins in one piece and ends in a later one.
    private func rowsCrossing(layout: Int, among rows: RowSet) throws(BlockError) -> RowSet {
        var hits = RowSet(count: block.rowCount)
        let pieces = block.layouts[layout].pieces
        guard literal.count > 1, pieces.count > 1 else { return hits }
        for piece in 0..<pieces.count - 1 {
            for length in 1..<literal.count {
                let rest = literal[length...]
                guard try ends.mayBegin(rest, at: piece + 1, of: layout),
                    try ends.mayEnd(literal[..<length], at: piece, of: layout)
                else { continue }
                var found = try rowsBeginning(rest, at: piece + 1, of: layout, among: rows)
                if found.isEmpty { continue }
                found = try rowsEnding(literal[..<length], at: piece, of: layout, among: found)
                hits.formUnion(found)
            }
        }
        return hits
    }

    /// The rows whose text from a piece on begins with `part`.
    private func rowsBeginning(
        _ part: ArraySlice<UInt8>, at piece: Int, of layout: Int, among rows: RowSet
    ) throws(BlockError) -> RowSet {
        if part.isEmpty { return rows }
        var hits = RowSet(count: block.rowCount)
        let pieces = block.layouts[layout].pieces
        guard piece < pieces.count, !rows.isEmpty else { return hits }
        switch pieces[piece] {
        case .literal(let bytes):
            guard let shared = bytes.withUnsafeBufferPointer({ shared(part, $0) }) else {
                return hits
            }
            return try rowsBeginning(
                part.dropFirst(shared), at: piece + 1, of: layout, among: rows)
        case .field(let field):
            if try block.isTime(layout: layout, field: field) { return rows }
            var lengths = Set<Int>()
            let beginning = try rowsWith(layout, field, rows) { value in
                guard let shared = shared(part, value) else { return false }
                lengths.insert(shared)
                return true
            }
            if lengths == [part.count] { return beginning }
            for length in lengths {
                let own = try rowsWith(layout, field, beginning) {
                    min($0.count, part.count) == length
                }
                hits.formUnion(
                    try rowsBeginning(
                        part.dropFirst(length), at: piece + 1, of: layout, among: own))
            }
            return hits
        }
    }

    /// The rows whose value of a piece ends with `part`.
    private func rowsEnding(
        _ part: ArraySlice<UInt8>, at piece: Int, of layout: Int, among rows: RowSet
    ) throws(BlockError) -> RowSet {
        switch block.layouts[layout].pieces[piece] {
        case .literal(let bytes):
            let isEnd = bytes.withUnsafeBufferPointer { ends($0, with: part) }
            return isEnd ? rows : RowSet(count: rows.count)
        case .field(let field):
            if try block.isTime(layout: layout, field: field) { return rows }
            return try rowsWith(layout, field, rows) { ends($0, with: part) }
        }
    }

    private func rowsWith(
        _ layout: Int, _ field: Int, _ rows: RowSet, _ test: (UnsafeBufferPointer<UInt8>) -> Bool
    ) throws(BlockError) -> RowSet {
        try block.forEachValue(layout: layout, field: field, among: rows, test)
    }

    /// How much of `part` the value has, if the two agree as far as both go.
    private func shared(
        _ part: ArraySlice<UInt8>, _ value: UnsafeBufferPointer<UInt8>
    ) -> Int? {
        let count = min(part.count, value.count)
        return equals(value, 0, part.startIndex, count) ? count : nil
    }

    private func ends(_ value: UnsafeBufferPointer<UInt8>, with part: ArraySlice<UInt8>) -> Bool {
        value.count >= part.count
            && equals(value, value.count - part.count, part.startIndex, part.count)
    }

    /// Whether `count` bytes of the value from `start` on are those of the literal from `place` on.
    private func equals(
        _ value: UnsafeBufferPointer<UInt8>, _ start: Int, _ place: Int, _ count: Int
    ) -> Bool {
        for offset in 0..<count {
            let byte = value[start + offset]
            if (foldsCase ? byte.asciiLowercased : byte) != literal[place + offset] { return false }
        }
        return true
    }
}

extension ColumnSearch.Hits {
    fileprivate mutating func add(
        _ verdicts: [(number: Int, verdict: ColumnSearch.Verdict)], _ holders: Block.ValueRows,
        _ members: Block.Members
    ) {
        guard let first = verdicts.first else { return }
        switch holders {
        case .all: add(members.all, first.verdict)
        case .one: for (number, verdict) in verdicts { add(members.row(number), verdict) }
        case .coded(let codes):
            let most = verdicts.reduce(0) { max($0, $1.number) }
            var byCode = Array(repeating: ColumnSearch.Verdict.no, count: most + 1)
            for (number, verdict) in verdicts { byCode[number] = verdict }
            for (ordinal, code) in codes.enumerated()
            where Int(code) <= most && byCode[Int(code)] != .no {
                add(members.row(ordinal), byCode[Int(code)])
            }
        }
    }

    fileprivate mutating func add(_ rows: RowSet, _ verdict: ColumnSearch.Verdict) {
        switch verdict {
        case .no: break
        case .possible: possible.formUnion(rows)
        case .yes: sure.formUnion(rows)
        }
    }

    fileprivate mutating func add(_ row: Int, _ verdict: ColumnSearch.Verdict) {
        switch verdict {
        case .no: break
        case .possible: possible.insert(row)
        case .yes: sure.insert(row)
        }
    }
}

extension ByteStrings {
    /// Calls `body` with the number of each string in which `literal` stands and the place of its
    /// first occurrence; `bytes` are those of the strings, folded perhaps.
    func forEachOccurrence(
        of literal: [UInt8], in bytes: UnsafeBufferPointer<UInt8>, _ body: (Int, Int) -> Void
    ) {
        var number = 0
        var position = 0
        while let found = Bytes.find(literal, in: bytes, from: position) {
            while number < count, Int(ends[number]) <= found { number += 1 }
            guard number < count else { return }
            let range = range(number)
            if found + literal.count <= range.upperBound {
                body(number, found - range.lowerBound)
                position = range.upperBound
            } else {
                position = found + 1
            }
        }
    }
}

extension UInt8 {
    var asciiLowercased: UInt8 { self &- 0x41 < 26 ? self | 0x20 : self }
}
