internal import SQLite

extension IncidentStore {
    /// The records that have most in common with another one, or with one that is being made.
    ///
    /// Okapi BM25 (Robertson and Walker 1994) over the words of `Incident.words`, those of the title counting three times.
    /// Only the 24 rarest words of it that other records have are looked for, so it takes milliseconds at 10 000 records.
    package func similar(
        to incident: Incident, excluding: IncidentID? = nil, limit: Int
    ) throws(IncidentError) -> [SimilarIncident] {
        let words = incident.words
        let rare = try rarest(Set(words.flatMap(\.words)), excluding: excluding)
        guard !rare.isEmpty, limit > 0 else { return [] }
        var found: [SimilarIncident] = []
        for (id, score) in try matching(rare.map(\.word), excluding: excluding, limit: limit) {
            let record = try record(id)
            let other = record.incident
            let otherWords = Set(other.words.flatMap(\.words))
            let known = rare.filter { otherWords.contains($0.word) }
            let names = Self.names(incident, other)
            let readable = Self.readable(known, in: words).filter { !names.contains($0) }
            found.append(
                SimilarIncident(
                    id: id, title: other.title, status: other.status, score: score,
                    shared: names + readable,
                    rootCause: other.rootCause,
                    fix: other.steps.map(\.text) + other.actions.map(\.text)))
        }
        return found
    }

    /// Puts the words of a record into the index, in place of those that it had.
    func index(_ incident: Incident, _ id: IncidentID) throws(IncidentError) {
        try running("DELETE FROM prose WHERE rowid = ?1") { $0.bind(id.key, at: 1) }
        try running(
            "INSERT INTO prose(rowid, title, cause, story, names) VALUES(?1, ?2, ?3, ?4, ?5)"
        ) {
            $0.bind(id.key, at: 1)
            for (column, words) in incident.words.enumerated() {
                $0.bind(words.text, at: Int32(column + 2))
            }
        }
    }

    /// Takes out of the index what was replaced: until then, words that no record has any more stand in it.
    func forgetReplacedWords() throws(IncidentError) {
        try running("INSERT INTO prose(prose) VALUES('optimize')") { _ in }
    }

    // MARK: Finding

    private static let mostWords = 24

    /// The words that fewest records have, the rarest first; none that only `excluding` has, and none that more than half
    /// of the records have.
    private func rarest(
        _ words: Set<String>, excluding: IncidentID?
    ) throws(IncidentError) -> [(word: String, records: Int64)] {
        let all = try asking("SELECT count(*) FROM incident", []) { $0.integer(0) }.first ?? 0
        let least: Int64 = excluding == nil ? 1 : 2
        let most = all < 4 ? max(1, all - 1) : all / 2
        var known: [(word: String, records: Int64)] = []
        do {
            let statement = try Statement(
                "SELECT doc FROM prose_word WHERE term = ?1", on: connection)
            for word in words.sorted() {
                statement.reset()
                statement.bind(word, at: 1)
                guard try statement.step() else { continue }
                let records = statement.integer(0)
                if (least...max(least, most)).contains(records) { known.append((word, records)) }
            }
        } catch { throw IncidentError(error) }
        known.sort { ($0.records, $0.word) < ($1.records, $1.word) }
        return Array(known.prefix(Self.mostWords))
    }

    private func matching(
        _ words: [String], excluding: IncidentID?, limit: Int
    ) throws(IncidentError) -> [(IncidentID, Double)] {
        // Words have no quotes in them, and in quotes nothing is an operator.
        let expression = words.map { "\"\($0)\"" }.joined(separator: " OR ")
        do {
            let statement = try Statement(
                """
                SELECT rowid, -rank FROM prose WHERE prose MATCH ?1 AND rowid <> ?2
                    AND rank MATCH 'bm25(3.0, 2.0, 1.0, 2.0)' ORDER BY rank LIMIT ?3
                """, on: connection)
            statement.bind(expression, at: 1)
            statement.bind(excluding?.key ?? 0, at: 2)
            statement.bind(Int64(limit), at: 3)
            var found: [(IncidentID, Double)] = []
            while try statement.step() {
                found.append((IncidentID(key: statement.integer(0)), statement.real(1)))
            }
            return found
        } catch { throw IncidentError(error) }
    }

    // MARK: What is shared

    private static func names(_ first: Incident, _ second: Incident) -> [String] {
        var names = first.services.filter(second.services.contains)
        if let type = first.type, let other = second.type, type.type == other.type {
            names.append(type == other ? type.description : type.type.rawValue)
        }
        return names
    }

    private static let mostShown = 8

    private static func readable(
        _ known: [(word: String, records: Int64)], in words: [RecordWords]
    ) -> [String] {
        let places = Dictionary(
            known.enumerated().map { ($1.word, $0) }, uniquingKeysWith: { first, _ in first })
        var seen: Set<String> = []
        let all = words.flatMap { $0.readable(among: Set(places.keys)) }
            .filter { seen.insert($0).inserted }
        func place(_ text: String) -> Int {
            RecordWords(text).words.compactMap { places[$0] }.min() ?? places.count
        }
        return Array(all.sorted { place($0) < place($1) }.prefix(mostShown))
    }
}
