package import LogModel
package import LogStore

/// A search as a person asks for it, ready to run against a store.
package struct SearchRequest: Sendable {
    package enum Order: String, Sendable {
        case newest
        case oldest
    }

    package var query: String
    /// What must hold besides the query.
    package var conditions: [Filter] = []
    /// Instants from the lower bound up to the upper one, not included; ns since 1970 UTC.
    package var times: Range<Int64> = .min..<Int64.max
    package var order: Order = .newest
    /// At most this many events; nil for all.
    package var limit: Int?
    /// The zone and the moment in which times inside the query are read.
    package var zone: Zone = .utc
    package var now: Int64

    package init(query: String, now: Int64) {
        self.query = query
        self.now = now
    }
}

/// What a search did to find its answer.
package struct SearchStatistics: Sendable, Equatable {
    package var days = 0
    package var daysInWindow = 0
    /// Blocks of the days in the window; 0 until `countBlocks`.
    package var blocks = 0
    /// Blocks left after times, severities and terms.
    package var blocksNamed = 0
    package var blocksDecoded = 0
    package var rawBytesDecoded = 0
    /// Of the decoded bytes, those of archived blocks.
    package var archivedBytesDecoded = 0
    package var events = 0
    /// What was removed from the days that were opened, of sources that the query can match.
    package var removals: [DayRemoval] = []

    mutating func noteDecoding(of block: Partition.BlockReference) {
        blocksDecoded += 1
        rawBytesDecoded += block.rawBytes
        if block.isArchived { archivedBytesDecoded += block.rawBytes }
    }

    /// Adds what another share of the same search did.
    mutating func add(_ other: SearchStatistics) {
        blocksNamed += other.blocksNamed
        blocksDecoded += other.blocksDecoded
        rawBytesDecoded += other.rawBytesDecoded
        archivedBytesDecoded += other.archivedBytesDecoded
        removals += other.removals
        events += other.events
    }
}

/// One search of a store: compiled from the query's text, run once or counted once.
///
/// Events come in the order of their time, then their place in the source. Memory is bounded by the
/// blocks that overlap in time, not by the answer.
package final class Search {
    package let filter: Filter
    package internal(set) var statistics = SearchStatistics()
    /// Days that could not be read; the answer is incomplete when there are any.
    package internal(set) var failures: [StoreError] = []

    let store: Store
    let request: SearchRequest
    let predicate: Predicate
    /// What the filter demands of a block before it is read.
    let demands: BlockConditions
    let times: Range<Int64>
    /// The stages behind the pipes; the `where`s in front are part of the filter.
    let stages: [Stage]
    /// What comes out of the last stage.
    let shape: PipeShape
    /// The filters of the stages, by their number; and compiled.
    let conditionFilters: [Filter]
    let conditions: [Predicate]

    /// Reads the query; unknown fields, bad expressions and times are errors here.
    package init(_ request: SearchRequest, in store: Store) throws(SearchError) {
        self.store = store
        self.request = request
        do {
            let compiler = FilterCompiler(
                query: request.query, now: request.now, zone: request.zone)
            let attributes = try store.attributes()
            let parsed = try PipedQuery.parse(request.query, knownAttributes: attributes) {
                (pattern) throws(QueryError) in _ = try compiler.regex(pattern)
            }
            filter =
                request.conditions.isEmpty
                ? parsed.filter : .and([parsed.filter] + request.conditions)
            predicate = try compiler.compile(filter)
            stages = parsed.stages
            shape = parsed.shape
            conditionFilters = parsed.conditions
            conditions = try Self.compile(parsed.conditions, compiler)
        } catch let error as QueryError {
            throw .query(error)
        } catch let error as StoreError {
            throw .store(error)
        } catch {
            throw .store(.damaged(path: store.directory, reason: "\(error)"))
        }
        demands = BlockConditions(filter, predicate)
        times = request.times.clamped(to: demands.times)
    }

    /// A search for what any of several filters finds, to be asked for each of them with `tally`.
    ///
    /// The request's own query and conditions count for nothing.
    package init(
        anyOf filters: [Filter], _ request: SearchRequest, in store: Store
    ) throws(SearchError) {
        self.store = store
        self.request = request
        filter = filters.isEmpty ? .not(.all) : .or(filters)
        conditionFilters = filters
        let compiler = FilterCompiler(query: "", now: request.now, zone: request.zone)
        do {
            predicate = try compiler.compile(filter)
            conditions = try Self.compile(filters, compiler)
        } catch { throw .query(error) }
        (stages, shape) = ([], .events)
        demands = BlockConditions(filter, predicate)
        times = request.times.clamped(to: demands.times)
    }

    /// Whether the query has stages, which `PipedSearch` runs.
    package var isPiped: Bool { !stages.isEmpty }

    /// The same search for another thread: automata and connections belong to one.
    init(_ plan: Plan) throws(SearchError) {
        request = plan.request
        filter = plan.filter
        demands = plan.demands
        times = plan.times
        stages = plan.stages
        shape = plan.shape
        conditionFilters = plan.conditionFilters
        let compiler = FilterCompiler(query: request.query, now: request.now, zone: request.zone)
        do {
            predicate = try compiler.compile(plan.filter)
            conditions = try Self.compile(plan.conditionFilters, compiler)
        } catch { throw .query(error) }
        store = Store(sharing: plan.directory)
    }

    private static func compile(
        _ filters: [Filter], _ compiler: FilterCompiler
    ) throws(QueryError) -> [Predicate] {
        var predicates: [Predicate] = []
        for filter in filters { predicates.append(try compiler.compile(filter)) }
        return predicates
    }

    /// What another thread needs to do the same search.
    struct Plan: Sendable {
        let directory: String
        let request: SearchRequest
        let filter: Filter
        let demands: BlockConditions
        let times: Range<Int64>
        let stages: [Stage]
        let shape: PipeShape
        let conditionFilters: [Filter]
    }

    var plan: Plan {
        Plan(
            directory: store.directory, request: request, filter: filter, demands: demands,
            times: times, stages: stages, shape: shape, conditionFilters: conditionFilters)
    }

    // MARK: Counting

    /// How many events match. Blocks that match whole are not decoded; the blocks are shared out among
    /// as many threads as the machine runs at once.
    package func count() throws(SearchError) -> Int {
        let counts = try shareBlocks(from: 0) { search, total, candidates in
            for candidate in candidates { total += search.count(candidate) }
        }
        statistics.events = counts.reduce(0, +)
        return statistics.events
    }

    private func count(_ candidate: BlockCursor.Candidate) -> Int {
        if case .all = candidate.predicate, covers(candidate.reference) {
            return candidate.reference.events
        }
        return matches(candidate)?.rows.population ?? 0
    }

    /// Finds out `statistics.blocks`, which only an explanation needs.
    package func countBlocks() throws(SearchError) {
        do {
            statistics.blocks = 0
            for day in try store.days(in: times) {
                // A day that cannot be read is among the failures already.
                statistics.blocks += (try? store.partition(day).totals().blocks) ?? 0
            }
        } catch {
            throw .store(error)
        }
    }

    // MARK: Listing

    /// Calls `emit` with each event in order until it returns false or the limit is reached.
    package func run(_ emit: (Event) -> Bool) throws(SearchError) {
        let events = try events()
        while let event = events.next() {
            if !emit(event) { return }
        }
    }

    // MARK: Blocks

    func covers(_ reference: Partition.BlockReference) -> Bool {
        times.contains(reference.firstTime) && times.contains(reference.lastTime)
    }

    /// The matching rows of a block; a damaged one is noted, and gives nil.
    func matches(_ candidate: BlockCursor.Candidate) -> (rows: RowSet, block: Block)? {
        let (reference, partition) = (candidate.reference, candidate.partition)
        statistics.noteDecoding(of: reference)
        do {
            let block = try partition.block(reference)
            var evaluator = BlockEvaluator(block, source: candidate.source)
            var rows = RowSet(all: block.rowCount)
            if !covers(reference) { rows = try evaluator.rows(.times(times), among: rows) }
            rows = try evaluator.rows(candidate.predicate, among: rows)
            return (rows, block)
        } catch let error as StoreError {
            failures.append(error)
        } catch {
            noteDamage(to: reference, of: partition, "\(error)")
        }
        return nil
    }

    /// The times of a block with hits; counting needs none.
    func times(of block: Block, _ candidate: BlockCursor.Candidate) -> [Int64]? {
        do { return try block.times() } catch {
            noteDamage(to: candidate.reference, of: candidate.partition, "\(error)")
            return nil
        }
    }

    func noteDamage(
        to reference: Partition.BlockReference, of partition: Partition, _ reason: String
    ) {
        failures.append(
            .damaged(path: partition.path, reason: "block \(reference.id): \(reason)"))
    }
}

/// Why a search could not run.
package enum SearchError: Error {
    case query(QueryError)
    case store(StoreError)
}
