internal import LogModel

/// What of a block goes into the index.
extension BlockEncoder {
    /// Finds the terms of a whole batch, without packing it.
    mutating func collectTerms(of batch: borrowing EventBatch) {
        terms.removeAll()
        for number in batch.layouts.indices {
            let rows = batch.rows.indices.filter { Int(batch.rows[$0].layout) == number }
            guard !rows.isEmpty else { continue }
            let layout = batch.layouts[number]
            addTerms(of: layout, batch, rows)
            for (index, field) in layout.fields.enumerated() {
                addTerms(of: gather(field, index, batch, rows), layout, index, batch, rows)
            }
        }
    }

    /// What the rows of a layout have besides the values of its fields.
    mutating func addTerms(of layout: Layout, _ batch: borrowing EventBatch, _ rows: [Int]) {
        if layout.hasSeparatedFields { addLiterals(of: layout) } else { addOriginals(batch, rows) }
    }

    /// What the values of a field have besides the originals.
    mutating func addTerms(
        of column: Column, _ layout: Layout, _ index: Int, _ batch: borrowing EventBatch,
        _ rows: [Int]
    ) {
        let field = layout.fields[index]
        if layout.hasSeparatedFields || !layout.fieldsInPieces.contains(index) {
            addTerms(of: column, field, index, batch, rows)
        } else if field.escape != .none {
            addUnescaped(field, index, batch, rows)
        }
    }

    private mutating func addLiterals(of layout: Layout) {
        for case .literal(let bytes) in layout.pieces {
            bytes.withUnsafeBufferPointer { Tokenizer.addTerms(of: $0, to: &terms) }
        }
    }

    private mutating func addOriginals(_ batch: borrowing EventBatch, _ rows: [Int]) {
        for index in rows {
            let row = batch.rows[index]
            let length = Int(row.length) - Int(row.terminatorLength)
            batch.bytes.withUnsafeBufferPointer { bytes in
                let text = UnsafeBufferPointer(
                    rebasing: bytes[Int(row.start)..<Int(row.start) + length])
                Tokenizer.addTerms(of: text, to: &terms)
                if row.flags.contains(.isInvalidUTF8) { addDecoded(text) }
            }
        }
    }

    /// GBK text is found by the words that it shows.
    private mutating func addDecoded(_ text: UnsafeBufferPointer<UInt8>) {
        guard let decoded = GB18030.decode(text) else { return }
        decoded.withUnsafeBufferPointer { Tokenizer.addTerms(of: $0, to: &terms) }
    }

    private mutating func addTerms(
        of column: Column, _ field: Field, _ index: Int, _ batch: borrowing EventBatch,
        _ rows: [Int]
    ) {
        switch column.storage {
        case .constant(let value):
            value.withUnsafeBufferPointer { addTerms(ofValue: $0, field) }
        case .dictionary(let values, _):
            values.bytes.withUnsafeBufferPointer { bytes in
                for code in 0..<values.count {
                    addTerms(
                        ofValue: UnsafeBufferPointer(rebasing: bytes[values.range(code)]), field)
                }
            }
        case .text(let values):
            values.bytes.withUnsafeBufferPointer { bytes in
                for row in 0..<values.count {
                    addTerms(
                        ofValue: UnsafeBufferPointer(rebasing: bytes[values.range(row)]), field)
                }
            }
        case .time:
            addTimes(index, batch, rows)
        }
        addInvalid(index, batch, rows)
    }

    /// The words of values as they are shown, where the originals give those as they are written.
    private mutating func addUnescaped(
        _ field: Field, _ index: Int, _ batch: borrowing EventBatch, _ rows: [Int]
    ) {
        batch.bytes.withUnsafeBufferPointer { bytes in
            for row in rows {
                let capture = batch.captures[Int(batch.rows[row].firstCapture) + index]
                let value = UnsafeBufferPointer(
                    rebasing: bytes[Int(capture.start)..<Int(capture.end)])
                if value.contains(0x5C) { addTerms(ofValue: value, field) }
            }
        }
    }

    private mutating func addTerms(ofValue value: UnsafeBufferPointer<UInt8>, _ field: Field) {
        Tokenizer.addTerms(of: value, to: &terms)
        // A field's value is searched as it is shown, the original as it is written.
        if field.escape != .none, value.contains(0x5C) {
            field.unescaped(value).withUnsafeBufferPointer {
                Tokenizer.addTerms(of: $0, to: &terms)
            }
        }
    }

    /// Times are tokenised when they differ from the one before in more than seconds and their
    /// fraction: numbers of up to three digits are not indexed anyway.
    private mutating func addTimes(
        _ index: Int, _ batch: borrowing EventBatch, _ rows: [Int]
    ) {
        batch.bytes.withUnsafeBufferPointer { bytes in
            var previous = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
            for row in rows {
                let capture = batch.captures[Int(batch.rows[row].firstCapture) + index]
                let text = UnsafeBufferPointer(
                    rebasing: bytes[Int(capture.start)..<Int(capture.end)])
                if !Self.differsInShortNumbersOnly(text, previous) {
                    Tokenizer.addTerms(of: text, to: &terms)
                }
                previous = text
            }
        }
    }

    private static func differsInShortNumbersOnly(
        _ text: UnsafeBufferPointer<UInt8>, _ previous: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        guard text.count == previous.count else { return false }
        var position = 0
        while position < text.count, text[position] == previous[position] { position += 1 }
        while position > 0, text[position - 1] &- 0x30 < 10 { position -= 1 }
        // The `T` in front of an hour makes a word with it.
        if position > 0, Layout.mayJoinWords(text[position - 1]) { return false }
        var digits = 0
        while position < text.count {
            let isDigit = text[position] &- 0x30 < 10
            if !isDigit, text[position] != previous[position] { return false }
            if !isDigit, Layout.mayJoinWords(text[position]) { return false }
            digits = isDigit ? digits + 1 : 0
            if digits > 3 { return false }
            position += 1
        }
        return true
    }

    private mutating func addInvalid(
        _ index: Int, _ batch: borrowing EventBatch, _ rows: [Int]
    ) {
        for row in rows where batch.rows[row].flags.contains(.isInvalidUTF8) {
            let capture = batch.captures[Int(batch.rows[row].firstCapture) + index]
            batch.bytes.withUnsafeBufferPointer { bytes in
                addDecoded(
                    UnsafeBufferPointer(rebasing: bytes[Int(capture.start)..<Int(capture.end)]))
            }
        }
    }
}

extension Layout {
    /// Whether every field's text begins and ends at a word boundary of the original, so that the
    /// words of the fields are the words of the original.
    package var hasSeparatedFields: Bool {
        var previousEndsInWord = false
        for piece in pieces {
            switch piece {
            case .literal(let bytes):
                guard let first = bytes.first, let last = bytes.last else { continue }
                if previousEndsInWord, Self.mayJoinWords(first) { return false }
                previousEndsInWord = Self.mayJoinWords(last)
            case .field(let index):
                let kind = fields[index].kind
                // These are empty or begin with a separator.
                let startsApart =
                    kind == .urlQuery || kind == .stackTrace || kind == .nginxErrorTail
                if previousEndsInWord, !startsApart { return false }
                previousEndsInWord = true
            }
        }
        return true
    }

    static func mayJoinWords(_ byte: UInt8) -> Bool {
        byte >= 0x80 || CharacterClass.isASCIIWord(byte)
    }

    /// The fields whose bytes are part of the original.
    package var fieldsInPieces: Set<Int> {
        Set(pieces.compactMap { if case .field(let index) = $0 { index } else { nil } })
    }
}
