internal import LogModel
package import LogQuery
package import LogStore

/// Removing events that must not be kept, from all days that have them, with a receipt.
///
/// Each day is written anew without them (`Maintenance.rewrite`), the one that is written to as well;
/// searches and taking in go on. Killed at any point it leaves each day with all of its events or
/// without those that match, and a receipt from which the next one finishes it.
package final class Purge {
    private let directory: String
    private let maintenance: Maintenance
    private let person: PurgeReceipt.Person
    private let version: String

    /// How often a day is done again because matching events came meanwhile.
    private static let rounds = 3

    /// Throws `maintaining` while another process writes days anew.
    package convenience init(
        _ directory: String, person: PurgeReceipt.Person, version: String
    ) throws(StoreError) {
        self.init(
            with: try Maintenance(directory: directory), person: person, version: version)
    }

    /// For the one that is at work already, to finish what others began.
    convenience init(finishingWith maintenance: Maintenance) {
        let nobody = PurgeReceipt.Person(user: "", uid: 0, sudoUser: "", host: "")
        self.init(with: maintenance, person: nobody, version: "")
    }

    private init(with maintenance: Maintenance, person: PurgeReceipt.Person, version: String) {
        directory = maintenance.directory
        self.maintenance = maintenance
        self.person = person
        self.version = version
    }

    /// What a purge came to.
    package struct Outcome {
        package let receipt: PurgeReceipt
        /// Matching events that came while it ran.
        package var left = 0
        /// Days that could not be read, and may have matching events.
        package var failures: [StoreError] = []
    }

    /// Removes what matches; `request.times` is the window.
    ///
    /// - Parameter progress: is told the bytes of original text of the days that are done.
    package func run(
        _ request: SearchRequest, because reason: String, redacts: Bool = false,
        progress: (Int64) -> Void = { _ in }
    ) throws -> Outcome {
        let search = try Self.search(request, in: directory)
        let asked = PurgeReceipt.Request.query(
            text: redacts ? "" : request.query,
            meaning: redacts ? "" : search.filter.description,
            digest: Digest.hex(Digest.sha256(request.query.utf8)), times: request.times,
            zone: request.zone.name)
        var receipt = try begin(asked, because: reason, at: request.now)
        return try run(request, &receipt, progress)
    }

    private func run(
        _ request: SearchRequest, _ receipt: inout PurgeReceipt, _ progress: (Int64) -> Void
    ) throws -> Outcome {
        let search = try Self.search(request, in: directory)
        let days = try search.days()
        let notes = JobNotes(directory: directory, kind: "purge")
        var failures = search.failures
        var done: Int64 = 0
        for day in days {
            do {
                try purge(day, request, &receipt, notes) { progress(done + $0) }
            } catch let error as StoreError {
                if case .full = error { throw error }
                failures.append(error)
                notes.add(problem: error.description)
            }
            done += receipt.entries.last { $0.day == day }?.bytes ?? 0
        }
        receipt.unread = failures.map(\.description)
        try end(&receipt, .done)
        var outcome = Outcome(receipt: receipt)
        outcome.left = try Self.search(request, in: directory).count()
        outcome.failures = failures
        let isWhole = failures.isEmpty && outcome.left == 0
        try? notes.end(outcome: isWhole ? "done" : "incomplete", summary: receipt.summary)
        return outcome
    }

    private func purge(
        _ day: Day, _ request: SearchRequest, _ receipt: inout PurgeReceipt, _ notes: JobNotes,
        _ progress: (Int64) -> Void
    ) throws {
        for _ in 0..<Self.rounds {
            let matches = try PurgeMatches(of: Self.search(request, in: directory), on: day)
            if matches.isEmpty { return }
            let start = Clock.now()
            var entry = PurgeReceipt.Entry(day: day)
            entry.events = matches.events
            entry.bytes = matches.bytes
            entry.lines = Digest.hex(matches.lines)
            entry.sources = matches.sources
            entry.before = try contentDigest(of: day)
            receipt.entries.append(entry)
            try receipt.write(in: directory)
            let change = try remove(matches, progress)
            let last = receipt.entries.count - 1
            (receipt.entries[last].isDone, receipt.entries[last].after) =
                (true, try contentDigest(of: day))
            try receipt.write(in: directory)
            notes.add(Self.step(change, since: start))
            try removeIfEmpty(day)
        }
    }

    private func remove(
        _ matches: PurgeMatches, _ progress: (Int64) -> Void
    ) throws(StoreError) -> DayChange {
        var target = DayTarget.asItIs
        target.purged = matches.offsets
        return try maintenance.rewrite(matches.day, to: target, progress: progress)
            ?? DayChange(day: matches.day)
    }

    private static func step(_ change: DayChange, since start: Int64) -> JobStep {
        JobStep(
            job: 0, day: change.day, action: "purged", started: start, ended: Clock.now(),
            events: Int64(change.eventsRemoved), rawBytes: change.rawBytesRemoved,
            bytesBefore: change.bytesBefore, bytesAfter: change.bytesAfter)
    }

    /// A day that is over and has nothing left needs no file.
    private func removeIfEmpty(_ day: Day) throws(StoreError) {
        guard day.end < Clock.now() else { return }
        let totals = try Partition(day: day, path: maintenance.path(of: day)).totals()
        if totals.events == 0 { _ = try maintenance.remove(day, because: .purged) }
    }

    private func contentDigest(of day: Day) throws(StoreError) -> String {
        Digest.hex(
            try Partition(day: day, path: maintenance.path(of: day)).contentDigest())
    }

    // MARK: Whole days

    /// Removes a day with all that belongs to it, a part of it that was set aside as damaged too.
    package func giveUp(_ day: Day, because reason: String, at now: Int64) throws -> Outcome {
        var receipt = try begin(.day(day), because: reason, at: now)
        try giveUp(day, &receipt)
        return Outcome(receipt: receipt)
    }

    private func giveUp(_ day: Day, _ receipt: inout PurgeReceipt) throws(StoreError) {
        var entry = PurgeReceipt.Entry(day: day)
        entry.isWhole = true
        if let partition = try? Partition(day: day, path: maintenance.path(of: day)) {
            entry.before = (try? Digest.hex(partition.contentDigest())) ?? ""
            entry.sources = (try? Self.sources(of: partition)) ?? []
        }
        receipt.entries = [entry]
        try receipt.write(in: directory)
        let notes = JobNotes(directory: directory, kind: "purge")
        let start = Clock.now()
        let change = try maintenance.remove(day, because: .purged)
        maintenance.removeDamagedPart(of: day)
        notes.add(Self.step(change, since: start))
        receipt.entries[0].events = change.eventsRemoved
        receipt.entries[0].bytes = change.rawBytesRemoved
        receipt.entries[0].isDone = true
        try end(&receipt, .done)
        try? notes.end(outcome: "done", summary: receipt.summary)
    }

    private static func sources(
        of partition: Partition
    ) throws(StoreError) -> [PurgeReceipt.Source] {
        let known = try partition.allSources()
        var counts: [Int64: (events: Int, bytes: Int64)] = [:]
        for block in try partition.blocks(Partition.Criteria()) {
            counts[block.source, default: (0, 0)].events += block.events
            counts[block.source, default: (0, 0)].bytes += Int64(block.rawBytes)
        }
        return known.sorted { $0.key < $1.key }.compactMap { id, source in
            guard let count = counts[id] else { return nil }
            var own = PurgeReceipt.Source(source)
            (own.events, own.bytes) = count
            return own
        }
    }

    // MARK: Receipts

    private func begin(
        _ request: PurgeReceipt.Request, because reason: String, at now: Int64
    ) throws(StoreError) -> PurgeReceipt {
        let last = try PurgeReceipt.all(in: directory).last
        let previous = try last.map { (last) throws(StoreError) in
            try PurgeReceipt.digest(ofFile: last.path(in: directory))
        }
        let receipt = PurgeReceipt(
            number: (last?.number ?? 0) + 1, began: now, person: person, reason: reason,
            request: request, version: version, previous: previous ?? "")
        try StoreLayout.makeReceipts(directory)
        try receipt.write(in: directory)
        return receipt
    }

    private func end(
        _ receipt: inout PurgeReceipt, _ state: PurgeReceipt.State
    ) throws(StoreError) {
        receipt.state = state
        receipt.ended = Clock.now()
        try receipt.write(in: directory)
    }

    /// Finishes purges that were cut short, and gives their receipts; to be called before the next one.
    ///
    /// A day that its receipt has an entry of is done by that; the other days by the query, where the
    /// receipt has it.
    package func finishInterrupted() throws -> [PurgeReceipt] {
        var finished: [PurgeReceipt] = []
        for var receipt in try PurgeReceipt.all(in: directory) where receipt.state == .begun {
            switch receipt.request {
            case .day(let day):
                try giveUp(day, &receipt)
            case .query(let text, let meaning, _, let times, let zone):
                try finishEntries(of: &receipt)
                if text.isEmpty, meaning.isEmpty {
                    try end(&receipt, .interrupted)
                } else {
                    var request = SearchRequest(query: text, now: receipt.began)
                    request.times = times
                    request.zone = try Zone.named(zone)
                    receipt = try run(request, &receipt) { _ in }.receipt
                }
            }
            finished.append(receipt)
        }
        return finished
    }

    private func finishEntries(of receipt: inout PurgeReceipt) throws(StoreError) {
        for index in receipt.entries.indices where !receipt.entries[index].isDone {
            let day = receipt.entries[index].day
            if try maintenance.days().contains(day) {
                try Self.apply(receipt.entries[index], with: maintenance)
                receipt.entries[index].after = try contentDigest(of: day)
            }
            receipt.entries[index].isDone = true
        }
        try receipt.write(in: directory)
    }

    // MARK: Again

    /// Removes again what a receipt says, from days that came back as they were before it.
    ///
    /// Days that have nothing of it stay as they are, and so do days that were given up as a whole: who
    /// restores one means it. Returns the days that were changed.
    package static func apply(
        _ receipt: PurgeReceipt, to days: Set<Day>, with maintenance: Maintenance
    ) throws(StoreError) -> [Day] {
        var changed: [Day] = []
        let there = Set(try maintenance.days())
        for entry in receipt.entries
        where !entry.isWhole && days.contains(entry.day) && there.contains(entry.day) {
            if try apply(entry, with: maintenance) { changed.append(entry.day) }
        }
        return changed
    }

    @discardableResult
    private static func apply(
        _ entry: PurgeReceipt.Entry, with maintenance: Maintenance
    ) throws(StoreError) -> Bool {
        let path = maintenance.path(of: entry.day)
        let matches = try PurgeMatches(entry, in: Partition(day: entry.day, path: path))
        guard !matches.isEmpty else { return false }
        var target = DayTarget.asItIs
        target.purged = matches.offsets
        return try maintenance.rewrite(entry.day, to: target) != nil
    }

    // MARK: Asking

    /// The search of what is to be purged; stages are an error.
    package static func search(
        _ request: SearchRequest, in directory: String
    ) throws(SearchError) -> Search {
        do {
            let search = try Search(request, in: Store(directory: directory))
            guard !search.isPiped else {
                throw SearchError.query(
                    QueryError(
                        problem: "what is purged are events, not what pipes make of them",
                        query: request.query, range: 0..<request.query.utf8.count,
                        help: "leave out what stands behind the first '|'"))
            }
            return search
        } catch let error as SearchError {
            throw error
        } catch let error as StoreError {
            throw .store(error)
        } catch {
            throw .store(.damaged(path: directory, reason: "\(error)"))
        }
    }
}
