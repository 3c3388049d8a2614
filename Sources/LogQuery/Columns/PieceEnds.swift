internal import LogModel
internal import LogStore

/// What searches of one block's columns share, so that it is worked out once.
final class BlockColumns {
    let block: Block
    private var foldedTexts: [Int: [UInt8]] = [:]
    private var endsByFolding: [PieceEnds?] = [nil, nil]

    init(_ block: Block) { self.block = block }

    /// The bytes of the values of a piece in folded case.
    func folded(_ texts: ByteStrings, layout: Int, piece: Int) -> [UInt8] {
        if let known = foldedTexts[layout << 16 | piece] { return known }
        let folded = CaseFolding.folded(texts.bytes)
        foldedTexts[layout << 16 | piece] = folded
        return folded
    }

    func ends(foldsCase: Bool) -> PieceEnds {
        if let known = endsByFolding[foldsCase ? 1 : 0] { return known }
        let ends = PieceEnds(block, foldsCase: foldsCase)
        endsByFolding[foldsCase ? 1 : 0] = ends
        return ends
    }
}

/// The first and the last bytes that the values of a block's pieces have, found out as they are
/// asked for: what tells that nothing can reach from one piece into the next.
final class PieceEnds {
    private struct Ends {
        var first = ByteSet()
        var last = ByteSet()
        var canBeEmpty = false
    }

    private let block: Block
    private let foldsCase: Bool
    private var known: [Int: Ends] = [:]

    init(_ block: Block, foldsCase: Bool) {
        self.block = block
        self.foldsCase = foldsCase
    }

    /// Whether the text from a piece on can begin with `part`, as far as its first byte tells.
    func mayBegin(
        _ part: ArraySlice<UInt8>, at piece: Int, of layout: Int
    ) throws(BlockError) -> Bool {
        guard let byte = part.first else { return true }
        let pieces = block.layouts[layout].pieces
        guard piece < pieces.count else { return false }
        if case .literal(let bytes) = pieces[piece], !bytes.isEmpty {
            for (own, wanted) in zip(bytes, part) where folded(own) != wanted { return false }
            return part.count <= bytes.count
                ? true : try mayBegin(part.dropFirst(bytes.count), at: piece + 1, of: layout)
        }
        let ends = try ends(of: piece, layout)
        if ends.first.contains(byte) { return true }
        return ends.canBeEmpty ? try mayBegin(part, at: piece + 1, of: layout) : false
    }

    /// Whether a piece can end with `part`, as far as its last byte tells.
    func mayEnd(
        _ part: ArraySlice<UInt8>, at piece: Int, of layout: Int
    ) throws(BlockError) -> Bool {
        guard let byte = part.last else { return true }
        return try ends(of: piece, layout).last.contains(byte)
    }

    /// Whether what stands before a piece is the start of the text or a byte not in `bytes`.
    func isBounded(
        before piece: Int, of layout: Int, by bytes: ByteSet
    ) throws(BlockError) -> Bool {
        var piece = piece - 1
        while piece >= 0 {
            let ends = try ends(of: piece, layout)
            guard ends.last.isDisjoint(with: bytes) else { return false }
            if !ends.canBeEmpty { return true }
            piece -= 1
        }
        return true
    }

    /// Whether what stands behind a piece is the end of the text or a byte not in `bytes`.
    func isBounded(
        after piece: Int, of layout: Int, by bytes: ByteSet
    ) throws(BlockError) -> Bool {
        var piece = piece + 1
        while piece < block.layouts[layout].pieces.count {
            let ends = try ends(of: piece, layout)
            guard ends.first.isDisjoint(with: bytes) else { return false }
            if !ends.canBeEmpty { return true }
            piece += 1
        }
        return true
    }

    private func folded(_ byte: UInt8) -> UInt8 { foldsCase ? byte.asciiLowercased : byte }

    private func ends(of piece: Int, _ layout: Int) throws(BlockError) -> Ends {
        if let ends = known[layout << 16 | piece] { return ends }
        let found = try found(piece, layout)
        known[layout << 16 | piece] = found
        return found
    }

    private func found(_ piece: Int, _ layout: Int) throws(BlockError) -> Ends {
        var ends = Ends()
        switch block.layouts[layout].pieces[piece] {
        case .literal(let bytes):
            add(bytes[...], to: &ends)
        case .field(let field):
            guard let (texts, _) = try block.values(layout: layout, field: field) else {
                // A time, which is anything here.
                return Ends(
                    first: ByteSet { _ in true }, last: ByteSet { _ in true }, canBeEmpty: true)
            }
            texts.forEachEnds { first, last in
                if let first, let last {
                    ends.first.insert(folded(first))
                    ends.last.insert(folded(last))
                } else {
                    ends.canBeEmpty = true
                }
            }
        }
        return ends
    }

    private func add(_ bytes: ArraySlice<UInt8>, to ends: inout Ends) {
        if let first = bytes.first, let last = bytes.last {
            ends.first.insert(folded(first))
            ends.last.insert(folded(last))
        } else {
            ends.canBeEmpty = true
        }
    }
}

extension ByteStrings {
    /// Calls `body` with the first and the last byte of each string.
    @inline(__always)
    fileprivate func forEachEnds(_ body: (UInt8?, UInt8?) -> Void) {
        bytes.withUnsafeBufferPointer { bytes in
            var start = 0
            for end in ends {
                let end = Int(end)
                if start == end { body(nil, nil) } else { body(bytes[start], bytes[end - 1]) }
                start = end
            }
        }
    }
}
