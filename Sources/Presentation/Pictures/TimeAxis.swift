internal import LogModel

/// The line below the bars with its ticks, and the local times below it.
///
/// Times stand in one line, their date (or year) in a second where it changes.
struct TimeAxis {
    private let columns: TimeColumns
    private let zone: Zone
    private let width: Int
    /// Where ticks stand: the cell and the time.
    let ticks: [(cell: Int, time: Int64)]
    private let step: Int64

    /// - Parameter width: the cells that labels may take, at least those of the columns.
    init(_ columns: TimeColumns, width: Int, zone: Zone) {
        self.columns = columns
        self.zone = zone
        self.width = width
        let spans = TimeSpans.round.filter { $0 >= columns.span }
        // A label and two blanks must fit between two ticks.
        step =
            spans.first { span in
                let cells = Double(span) / Double(columns.span) * Double(columns.cells)
                return cells >= Double(Self.labelWidth(span) + 3)
            } ?? TimeSpans.round[TimeSpans.round.count - 1]
        ticks = Self.ticks(columns, step: step, zone: zone)
    }

    private static func labelWidth(_ step: Int64) -> Int {
        step >= TimeSpans.minute ? 5 : step >= TimeSpans.second ? 8 : 12
    }

    private static func ticks(
        _ columns: TimeColumns, step: Int64, zone: Zone
    ) -> [(cell: Int, time: Int64)] {
        var ticks: [(cell: Int, time: Int64)] = []
        var previous: Int64?
        for column in 0..<columns.count {
            let time = columns.start(of: column)
            // A tick stands where a round time falls into the column.
            let round = TimeSpans.floor(time &+ columns.span &- 1, to: step, in: zone)
            guard round >= time, round != previous else { continue }
            previous = round
            let part = Double(round &- time) / Double(columns.span) * Double(columns.cells)
            ticks.append((column * columns.cells + min(columns.cells - 1, Int(part)), round))
        }
        if ticks.isEmpty && columns.count > 0 { ticks = [(0, columns.start)] }
        return ticks
    }

    /// The line itself: as wide as the bars, with ticks.
    func line(_ glyphs: Glyphs) -> String {
        var text = ""
        var next = 0
        let lines = glyphs.horizontal
        for cell in 0..<max(1, columns.width) {
            let isTick = next < ticks.count && ticks[next].cell == cell
            if isTick { next += 1 }
            text += isTick ? lines.tick : lines.plain
        }
        return text
    }

    /// The times, and the dates below them; the second is empty where nothing fits.
    func labels() -> (times: String, dates: String) {
        var (times, dates) = (LabelRow(width: width), LabelRow(width: width))
        var previous = ""
        for tick in ticks {
            let local = LocalTime(tick.time, in: zone)
            let isDay = step >= TimeSpans.day
            let upper = isDay ? local.monthAndDay : local.clock
            let lower = isDay ? local.year : local.monthAndDay
            guard times.add(upper, at: tick.cell) else { continue }
            if lower != previous, dates.add(lower, at: tick.cell) { previous = lower }
        }
        return (times.text, dates.text)
    }

    /// Labels that neither touch each other nor pass the end.
    private struct LabelRow {
        let width: Int
        var text = ""

        mutating func add(_ label: String, at cell: Int) -> Bool {
            let used = text.utf8.count
            guard cell >= (used == 0 ? 0 : used + 1), cell + label.utf8.count <= width else {
                return false
            }
            text += String(repeating: " ", count: cell - used) + label
            return true
        }
    }
}
