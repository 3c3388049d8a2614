internal import LogStore

extension RegexTest {
    /// The rows among `rows` that match, as far as the columns tell; nil where no literal is certain.
    ///
    /// Each occurrence is looked at of that literal which has turned out the rarest so far; rows that
    /// stay undecided must have the other literals too.
    func hits(
        in columns: BlockColumns, among rows: RowSet
    ) throws(BlockError) -> ColumnSearch.Hits? {
        let sets = regex.literals.allRequired
        guard !sets.isEmpty,
            sets.allSatisfy({ $0.allSatisfy { $0.count <= ColumnSearch.longestLiteral } })
        else { return nil }
        if rarest == nil { rarest = try rarest(of: sets, in: columns, among: rows) }
        let chosen = rarest ?? 0
        var hits = ColumnSearch.Hits(count: rows.count)
        for literal in sets[chosen] {
            let found = try search(literal, columns).hits(
                among: rows, inner: regex.literals.alphabet
            ) { value, offset in verdict(of: literal, in: value, from: offset) }
            hits.sure.formUnion(found.sure)
            hits.possible.formUnion(found.possible)
        }
        hits.possible.subtract(hits.sure)
        for (number, set) in sets.enumerated() where number != chosen && !hits.possible.isEmpty {
            hits.possible = try self.rows(with: set, in: columns, among: hits.possible)
        }
        return hits
    }

    /// The set with the fewest rows in a block, which the following ones are taken to be like; nil
    /// where the block has none of any.
    private func rarest(
        of sets: [[[UInt8]]], in columns: BlockColumns, among rows: RowSet
    ) throws(BlockError) -> Int? {
        if sets.count == 1 { return 0 }
        var fewest: (rows: Int, set: Int) = (.max, 0)
        var most = 0
        for (number, set) in sets.enumerated() {
            let found = try self.rows(with: set, in: columns, among: rows).population
            if found < fewest.rows { fewest = (found, number) }
            most = max(most, found)
        }
        return most == 0 ? nil : fewest.set
    }

    private func rows(
        with set: [[UInt8]], in columns: BlockColumns, among rows: RowSet
    ) throws(BlockError) -> RowSet {
        var found = RowSet(count: rows.count)
        for literal in set {
            found.formUnion(try search(literal, columns).rows(among: rows))
        }
        return found
    }

    private func search(_ literal: [UInt8], _ columns: BlockColumns) -> ColumnSearch {
        ColumnSearch(columns, literal: literal, foldsCase: regex.literalsFoldCase)
    }

    /// Whether a match that holds one of the literal's occurrences lies in the value.
    ///
    /// A match has bytes of the expression's alphabet alone, so one that holds an occurrence lies
    /// within the run of such bytes around it. If the run ends inside of the value, or where no byte
    /// of the alphabet follows, the automaton's answer for the run is the answer.
    private func verdict(
        of literal: [UInt8], in value: ColumnSearch.Value, from offset: Int
    ) -> ColumnSearch.Verdict {
        if regex.literals.hasLook { return .possible }
        let alphabet = regex.literals.alphabet
        let text = value.original
        var verdict = ColumnSearch.Verdict.no
        var from = offset
        while let found = Bytes.find(literal, in: value.text, from: from) {
            var start = found
            while start > 0, alphabet.contains(text[start - 1]) { start -= 1 }
            var end = found + literal.count
            while end < text.count, alphabet.contains(text[end]) { end += 1 }
            if matches(UnsafeBufferPointer(rebasing: text[start..<end])) { return .yes }
            if start == 0 && !value.isBoundedBefore || end == text.count && !value.isBoundedAfter {
                verdict = .possible
            }
            from = end
        }
        return verdict
    }
}
