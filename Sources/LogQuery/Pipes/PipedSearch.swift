package import LogModel
internal import LogStore

/// A search whose query has pipes, run once.
///
/// Where the first stage aggregates (`stats`, `top`, `rare`, `timechart`, `patterns`) or is `diff`, it
/// works on the columns of the blocks, with several threads. Otherwise events go through the stages one by one, in the
/// search's order; behind an aggregation, its rows do.
package final class PipedSearch {
    package enum Output: Equatable {
        case events
        case table([ResultTable.Column])
        case timeline
    }

    package let search: Search
    /// What must be said of the answer; complete when it has been given.
    package private(set) var notes: [String] = []
    /// Whether the answer leaves something out that was too much to keep.
    package private(set) var isIncomplete = false
    private let stages: [Stage]
    private let zone: Zone

    /// A search that has stages.
    package init(_ search: Search) {
        self.search = search
        stages = search.stages
        zone = search.request.zone
    }

    /// Whether events come with neighbours, which `ContextMark` tells from matches.
    package var hasContext: Bool {
        stages.contains { if case .context = $0.kind { true } else { false } }
    }

    package var output: Output {
        if case .timechart? = stages.last?.kind { return .timeline }
        switch search.shape {
        case .events: return .events
        case .table(let columns):
            return .table(
                columns.map { ResultTable.Column(name: $0.name, isNumeric: $0.isNumeric) })
        }
    }

    // MARK: Answers

    /// Gives the events that come out of the last stage, until `emit` returns false.
    package func events(_ emit: (Event) -> Bool) throws(SearchError) -> Int {
        try run { row in
            guard case .event(let event) = row else { return true }
            return emit(event)
        }
    }

    /// Gives the rows that come out of the last stage, until `emit` returns false.
    package func rows(
        _ emit: ([ResultTable.Value]) -> Bool
    ) throws(SearchError) -> Int {
        guard case .table(let columns) = search.shape else { return 0 }
        return try run { row in
            guard case .values(let values) = row else { return true }
            return emit(zip(columns, values).map { $0.cell($1) })
        }
    }

    /// The rows that come out of the last stage, as a table.
    package func table() throws(SearchError) -> ResultTable {
        guard case .table(let columns) = output else { return ResultTable(columns: []) }
        var table = ResultTable(columns: columns)
        var rows: [[ResultTable.Value]] = []
        _ = try self.rows {
            rows.append($0)
            return true
        }
        table.rows = rows
        table.notes = notes
        return table
    }

    /// What a `timechart` at the end gives.
    package func timeline() throws(SearchError) -> ResultTimeline? {
        guard let last = stages.last, case .timechart(let chart) = last.kind else { return nil }
        let span = try automaticSpan(for: last)
        var done: AggregateStage?
        try aggregate(through: stages.count - 1, span: span) { done = $0 }
        guard let done else { return nil }
        note(done.timelineNotes, isOverfull: done.isOverfull)
        let window = TimelineWindow(
            bins: TimeBins(span: span, zone: zone), times: search.times)
        do {
            var timeline = try done.timeline(of: chart, in: window)
            timeline.notes = notes
            return timeline
        } catch {
            throw .query(
                fault(
                    last, "\(error.buckets) buckets are too many",
                    help: "choose a longer span or a shorter window; "
                        + "\(TimelineWindow.mostBuckets) are the most"))
        }
    }

    /// About 60 buckets of the window, or of what the blocks have where that is less.
    private func automaticSpan(_ extent: ClosedRange<Int64>?) -> Int64 {
        guard let extent else { return TimeBins.span(for: 0) }
        let times = search.times
        let start = times.lowerBound == .min ? extent.lowerBound : times.lowerBound
        let end = times.upperBound == .max ? extent.upperBound : times.upperBound
        let length = end.subtractingReportingOverflow(start)
        return TimeBins.span(for: length.overflow ? .max : length.partialValue)
    }

    // MARK: Running

    /// Runs all stages; returns how many rows came out.
    private func run(_ emit: (PipeRow) -> Bool) throws(SearchError) -> Int {
        try withoutActuallyEscaping(emit) { (emit) throws(SearchError) in
            let last = LastSink(limit: search.request.limit, emit)
            try run(into: last)
            return last.count
        }
    }

    private func run(into last: LastSink) throws(SearchError) {
        if case .diff(let good)? = stages.first?.kind {
            let diff = try DiffStage(search, stages[0].range, good: good)
            let (rows, notes, failures) = try diff.rows(in: search.store)
            self.notes += notes
            search.failures += failures
            try give(rows, to: chain(1..<stages.count, into: last))
        } else if stages.first?.isAggregating == true {
            var done: AggregateStage?
            try aggregate(through: 0, span: automaticSpan(for: stages[0])) { done = $0 }
            if let done { try give(done, to: chain(1..<stages.count, into: last)) }
        } else {
            try runEvents(into: chain(0..<stages.count, into: last))
        }
    }

    private func automaticSpan(for stage: Stage) throws(SearchError) -> Int64 {
        guard case .timechart(let chart) = stage.kind else { return 0 }
        if let span = chart.span { return span }
        return automaticSpan(try search.extent())
    }

    private func give(_ stage: AggregateStage, to next: any PipeSink) throws(SearchError) {
        let (rows, notes) = stage.rows()
        note(notes, isOverfull: stage.isOverfull)
        try give(rows, to: next)
    }

    private func give(_ rows: [[Event.Value?]], to next: any PipeSink) throws(SearchError) {
        for row in rows {
            guard try next.take(.values(row)) else { break }
        }
        try next.finish()
    }

    private func note(_ notes: [String], isOverfull: Bool) {
        self.notes += notes
        if isOverfull { isIncomplete = true }
    }

    /// Feeds the first aggregating stage, number `index`, and hands it out.
    private func aggregate(
        through index: Int, span: Int64, _ done: @escaping (AggregateStage) -> Void
    ) throws(SearchError) {
        guard let stage = AggregateStage(stages[index], zone: zone, span: span) else { return }
        if index == 0 {
            let parts = try search.scan(
                { stage }, { (part, matches) throws(BlockError) in try part.add(matches) })
            var total = stage
            for part in parts { total.merge(part) }
            return done(total)
        }
        let sink = AggregateSink(
            stage, shape(before: index), conditions: search.conditions,
            done: { (stage) throws(SearchError) in done(stage) })
        try runEvents(into: chain(0..<index, into: sink))
    }

    private func runEvents(into first: any PipeSink) throws(SearchError) {
        var failure: SearchError?
        try search.run { event in
            do throws(SearchError) {
                return try first.take(.event(event))
            } catch {
                failure = error
                return false
            }
        }
        if let failure { throw failure }
        try first.finish()
    }

    private func shape(before index: Int) -> PipeShape {
        stages[..<index].reduce(.events) { $1.shape(from: $0) }
    }

    /// The stages of `range` as sinks, the last of which feeds `last`.
    private func chain(_ range: Range<Int>, into last: any PipeSink) throws(SearchError)
        -> any PipeSink
    {
        var next = last
        for index in range.reversed() { next = try sink(index, next: next) }
        return next
    }

    private func sink(_ index: Int, next: any PipeSink) throws(SearchError) -> any PipeSink {
        let stage = stages[index]
        let shape = shape(before: index)
        switch stage.kind {
        case .filter(let condition):
            return FilterSink(search.conditions[condition], shape, next: next)
        case .fields(let columns): return FieldsSink(columns, shape, next: next)
        case .head(let count): return HeadSink(count, next: next)
        case .tail(let count): return TailSink(count, next: next)
        case .dedup(let fields):
            let fault = fault(
                stage, "more than \(DedupSink.mostValues) different values",
                help: "narrow the filter, or ask for figures: stats dc(…), top 100 by …")
            return DedupSink(fields, shape, fault: fault, next: next)
        case .sort(let keys):
            var limit = search.request.limit.flatMap { index + 1 == stages.count ? $0 : nil }
            if index + 1 < stages.count, case .head(let count) = stages[index + 1].kind {
                limit = count
            }
            let most = shape == .events ? SortSink.mostEvents : SortSink.mostRows
            let fault = fault(
                stage, "more than \(most) rows to sort",
                help: "put head N behind it, or narrow the filter")
            return SortSink(keys, shape, limit: limit, fault: fault, next: next)
        case .diff: return next
        case .stats, .top, .timechart, .patterns:
            let span = try automaticSpan(for: stage)
            guard let aggregate = AggregateStage(stage, zone: zone, span: span) else { return next }
            return AggregateSink(
                aggregate, shape, conditions: search.conditions,
                done: { (stage) throws(SearchError) in try self.give(stage, to: next) })
        case .extract(let extraction): return ExtractSink(extraction, shape, next: next)
        case .context(let before, let after):
            let fault = fault(
                stage, "more than \(ContextSink.mostMatches) matches to show neighbours of",
                help: "put head N before it, or narrow the filter")
            return ContextSink(
                before: before, after: after, store: search.store, fault: fault, next: next)
        }
    }

    /// A mistake in the query that shows only when it runs.
    private func fault(_ stage: Stage, _ problem: String, help: String) -> QueryError {
        QueryError(
            problem: problem, query: search.request.query, range: stage.range, help: help)
    }
}

extension Stage {
    /// Whether the stage gives no row before it has had all.
    var isAggregating: Bool {
        switch kind {
        case .stats, .top, .timechart, .patterns: true
        default: false
        }
    }
}

extension PipeColumn {
    /// Whether values are numbers of some kind.
    var isNumeric: Bool {
        switch field.type {
        case .integer, .number, .bytes, .duration, .nanoseconds, .time: true
        case .text, .severity, .address, .file, .any: false
        }
    }

    /// The value in the units of the column.
    func cell(_ value: Event.Value?) -> ResultTable.Value {
        guard let value else { return .none }
        if isShare, let number = value.number { return .share(number) }
        switch (value, field.type) {
        case (.integer(let time), .time): return .time(time)
        case (.integer(let count), .bytes): return .bytes(count)
        case (.number(let count), .bytes):
            return Int64(exactly: count.rounded()).map { .bytes($0) } ?? .number(count)
        case (.integer(let seconds), .duration), (.integer(let seconds), .nanoseconds):
            return .duration(Double(seconds))
        case (.number(let seconds), .duration), (.number(let seconds), .nanoseconds):
            return .duration(seconds)
        case (.integer(let integer), _): return .integer(integer)
        case (.number(let number), _): return .number(number)
        case (.text(let text), _): return .text(text)
        case (.list, _): return .text(value.bytes)
        }
    }
}
