internal import LogModel
internal import LogQuery
package import LogStore

/// Shows that a day can be put back and then searched, on one that is drawn by lot.
///
/// It is restored from a backup, or copied out of the store, into a directory that goes away again; checked there
/// as `DayCheck` does; and events that are drawn from its blocks are searched for by words of their
/// lines at their times.
package struct SampledRestore {
    private let directory: String
    /// The backup to restore from; nil for the store itself.
    package var backup: String?
    /// How many events to search for.
    package var events = 20
    /// Where the directory is made.
    package var scratch = "/tmp"
    /// Draws the same day and events again, as long as the store is the same.
    package var seed = UInt64.random(in: 0...999_999)

    package init(of directory: String) { self.directory = directory }

    package func run(in times: Range<Int64>) -> SampledRestoreResult {
        var random = SplitMix(state: seed)
        var result = SampledRestoreResult(seed: seed, backup: backup)
        do throws(BackupError) {
            let place = backup.map { BackupPlace($0) }
            let days = try Self.wrapping { () throws(StoreError) in
                guard let place else { return try Store(directory: directory).days() }
                return try place.days()
            }
            let wanted = days.filter { $0.end > times.lowerBound && $0.start < times.upperBound }
            guard let day = wanted.randomElement(using: &random) else { return result }
            result.day = day
            let target = try Self.wrapping { () throws(StoreError) in
                try ScratchDirectory(in: scratch)
            }
            try restore(day, from: place, into: target.path)
            try Self.wrapping { () throws(StoreError) in
                try check(day, in: target.path, &result, &random)
            }
        } catch {
            result.add(error)
        }
        return result
    }

    private func restore(
        _ day: Day, from place: BackupPlace?, into target: String
    ) throws(BackupError) {
        guard let place else {
            return try Self.wrapping { () throws(StoreError) in
                try StoreLayout.makeDirectories(target)
                try CatalogSnapshot(of: directory).copy(to: StoreLayout.catalog(target))
                try Store(directory: directory).partition(day)
                    .copy(to: StoreLayout.partition(target, day))
            }
        }
        var options = RestoreOptions()
        options.times = day.start..<day.end
        let restore = try Restore(from: place, into: target, options: options)
        try restore.run()
        if let problem = restore.report.problems.first {
            throw .unreadable(path: place.directory, reason: problem.description)
        }
    }

    private func check(
        _ day: Day, in target: String, _ result: inout SampledRestoreResult,
        _ random: inout SplitMix
    ) throws(StoreError) {
        let checked = DayCheck(day, in: target).run()
        result.problems += checked.problems
        if let failure = checked.failure { throw failure }
        guard checked.problems.isEmpty, checked.blocks > 0 else { return }
        let store = try Store(directory: target)
        let partition = try store.partition(day)
        let blocks = try partition.blocks(Partition.Criteria()).sorted { $0.id < $1.id }
        for _ in 0..<events {
            guard let block = blocks.randomElement(using: &random) else { return }
            let batch = try partition.batch(of: block)
            guard let row = batch.rows.randomElement(using: &random) else { continue }
            let generation = try partition.source(block.source).generation
            let query = SampledWords(batch, row).query(&random)
            result.searched += 1
            if try Self.finds(generation, row, by: query, in: store) {
                result.found += 1
            } else {
                result.problems.append(
                    DayProblem(
                        .index, "a search does not find the event \(generation)-\(row.offset)"))
            }
        }
    }

    private static func finds(
        _ generation: String, _ row: EventBatch.Row, by query: String, in store: Store
    ) throws(StoreError) -> Bool {
        var request = SearchRequest(query: query, now: row.timestamp)
        request.times = row.timestamp..<max(row.timestamp, row.timestamp &+ 1)
        if request.times.isEmpty { request.times = .min..<Int64.max }
        do {
            let search = try Search(request, in: store)
            var isFound = false
            try search.run { event in
                isFound = event.source.generation == generation && event.offset == row.offset
                return !isFound
            }
            if let failure = search.failures.first { throw failure }
            return isFound
        } catch let error as SearchError {
            switch error {
            case .store(let error): throw error
            case .query(let error):
                throw .damaged(path: store.directory, reason: "a search for \(query): \(error)")
            }
        } catch let error as StoreError {
            throw error
        } catch {
            return false
        }
    }

    private static func wrapping<Result>(
        _ body: () throws(StoreError) -> Result
    ) throws(BackupError) -> Result {
        do { return try body() } catch { throw .store(error) }
    }
}

/// What came of restoring a day.
package struct SampledRestoreResult: Sendable {
    package let seed: UInt64
    package let backup: String?
    /// Nil where there is no day to restore.
    package internal(set) var day: Day?
    /// Events that were searched for, and found.
    package internal(set) var searched = 0
    package internal(set) var found = 0
    package internal(set) var problems: [DayProblem] = []
    /// Why it could not be done, where that is no damage.
    package internal(set) var failure: BackupError?

    fileprivate init(seed: UInt64, backup: String?) {
        (self.seed, self.backup) = (seed, backup)
    }

    fileprivate mutating func add(_ error: BackupError) {
        switch error {
        case .store(let cause):
            if let problem = DayProblem(cause) { problems.append(problem) } else { failure = error }
        case .unreadable(_, let reason): problems.append(DayProblem(.unreadable, reason))
        default: failure = error
        }
    }
}

/// Words of a line by which a search must find it.
struct SampledWords {
    private var words: [String] = []

    init(_ batch: EventBatch, _ row: EventBatch.Row) {
        let text = batch.bytes[Int(row.start)..<Int(row.start + row.length)]
        // Escape sequences and other encodings are read otherwise than byte by byte.
        guard !row.flags.contains(.isInvalidUTF8), !text.contains(0x1B) else { return }
        for word in text.split(whereSeparator: { $0 < 0x80 && !Self.isWord($0) })
        where word.count >= 3 && word.allSatisfy(Self.isWord) {
            words.append(String(decoding: word, as: UTF8.self))
        }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x5F, 0x61...0x7A: true
        default: false
        }
    }

    /// Up to three of them; nothing, so that the time alone decides, where there are none.
    func query(_ random: inout SplitMix) -> String {
        words.shuffled(using: &random).prefix(3).map { "\"\($0)\"" }.joined(separator: " ")
    }
}

/// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
