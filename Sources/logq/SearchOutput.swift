internal import Glibc
internal import LogModel
internal import LogQuery
internal import LogStore
internal import Presentation

/// Prints a search's answer in the mode that was asked for.
struct SearchOutput: ~Copyable {
    private let mode: OutputMode
    private let request: SearchRequest
    private let search: Search
    private let explains: Bool
    private let color: ColorMode
    private var stream = OutputStream(descriptor: STDOUT_FILENO)
    private var lines: EventLine
    private var csv: EventCSV
    private var json = EventJSON()
    private var bytes: [UInt8] = []
    /// Where the neighbourhood that is being shown ends; nil where matches have no neighbours.
    private var end: (generation: String, offset: Int64)?

    init(
        _ mode: OutputMode, request: SearchRequest, search: Search, color: ColorMode,
        unfolds: Bool, explains: Bool = false
    ) {
        self.mode = mode
        self.request = request
        self.search = search
        self.explains = explains
        self.color = color
        let highlighter = Highlighter(search)
        lines = EventLine(
            zone: request.zone, painter: Painter(isEnabled: color.isEnabled(for: STDOUT_FILENO)),
            unfolds: unfolds, highlights: { highlighter.ranges(in: $0) })
        csv = EventCSV(zone: request.zone)
    }

    /// The header: window, zone and what is searched.
    mutating func begin() {
        guard mode == .people else { return }
        note("\(window()), \(request.zone.name) · \(search.filter.description)")
    }

    /// The header of a list of events.
    mutating func header() { if mode == .csv { csv.header() } }

    /// Writes what is ready to be shown; false when nobody reads on.
    @discardableResult
    mutating func append(_ ready: [UInt8]) throws -> Bool {
        _ = try stream.write(ready.span)
        return stream.state == .open
    }

    mutating func append(_ event: Event) throws -> Bool {
        switch mode {
        case .people:
            mark(event)
            lines.append(event, to: &bytes)
        case .json:
            json.append(event)
            bytes = json.take()
        case .csv:
            csv.append(event)
            bytes = csv.take()
        case .raw:
            bytes += event.original
            bytes += event.terminator.isEmpty ? [0x0A] : event.terminator
        case .count: break
        }
        let ready = bytes
        bytes = []
        return try append(ready)
    }

    /// Tells matches from their neighbours from now on.
    mutating func markMatches() { end = ("", 0) }

    /// Marks a match, with a line between neighbourhoods that do not touch.
    private mutating func mark(_ event: Event) {
        guard let end else { return }
        if !end.generation.isEmpty, end != (event.source.generation, event.offset) {
            bytes += Array("--\n".utf8)
        }
        bytes += Array((ContextMark.isNeighbour(event) ? "  " : "> ").utf8)
        self.end = (event.source.generation, event.offset &+ Int64(event.length))
    }

    mutating func count(_ found: Int) throws {
        _ = try stream.write("\(found)\n")
        try flush()
    }

    mutating func flush() throws {
        if mode == .csv {
            let rest = csv.take()
            _ = try stream.write(rest.span)
        }
        _ = try stream.flush()
    }

    /// The footer: how much was found, in what time, and whether there is more.
    mutating func finish(found: Int, isTable: Bool = false, elapsed: Int64) {
        _ = try? stream.flush()
        if mode == .people {
            let isCut = request.limit.map { found >= $0 } ?? false
            let which = isTable ? "first" : request.order == .newest ? "newest" : "oldest"
            let more = isCut ? " (the \(which); -n 0 for all)" : ""
            let noun = isTable ? "row" : "event"
            let events = "\(HumanUnits.count(Int64(found))) \(noun)\(found == 1 ? "" : "s")"
            let archived = archived().map { " · \($0) of archived logs read" } ?? ""
            note("\(events)\(more) · \(HumanUnits.duration(nanoseconds: elapsed))\(archived)")
        }
        if explains {
            try? search.countBlocks()
            explain(elapsed)
        }
    }

    private func explain(_ elapsed: Int64) {
        let done = search.statistics
        func count(_ value: Int) -> String { HumanUnits.count(Int64(value)) }
        Standard.error(
            """
            days     \(count(done.daysInWindow)) searched, \
            \(count(done.days - done.daysInWindow)) skipped by time
            blocks   \(count(done.blocks)) in these days, \
            \(count(done.blocks - done.blocksNamed)) skipped by time, level and index, \
            \(count(done.blocksDecoded)) decoded
            bytes    \(HumanUnits.bytes(Int64(done.rawBytesDecoded))) of logs in the decoded blocks\
            \(archived().map { ", \($0) of them archived" } ?? "")
            events   \(count(done.events))
            time     \(HumanUnits.duration(nanoseconds: elapsed))

            """)
    }

    /// How much of what was read is archived; nil where nothing is.
    private func archived() -> String? {
        let bytes = Int64(search.statistics.archivedBytesDecoded)
        return bytes > 0 ? HumanUnits.bytes(bytes) : nil
    }

    private func window() -> String {
        func text(_ time: Int64) -> String { RFC3339.clockText(time, zone: request.zone) }
        let times = request.times
        switch (times.lowerBound == .min, times.upperBound == .max) {
        case (true, true): return "all time"
        case (false, true): return "since \(text(times.lowerBound))"
        case (true, false): return "until \(text(times.upperBound))"
        case (false, false): return "\(text(times.lowerBound)) – \(text(times.upperBound))"
        }
    }

    private func note(_ text: String) { CommandLineTool.note(text, color) }
}
