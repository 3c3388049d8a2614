package import LogModel

/// A batch packed into a block a day.
package struct EncodedBatch: Sendable {
    let batch: EventBatch
    let days: [DayBlock]

    struct DayBlock {
        let day: Day
        let rows: [Int]
        let block: EncodedBlock
    }

    package var events: Int { batch.rows.count }
}

/// Packs batches; one for each thread that does. Costs 5 to 8 s of CPU a GB of logs.
package struct BatchEncoder: ~Copyable {
    private var encoder = BlockEncoder()

    package init() {}

    package mutating func encode(_ batch: EventBatch) -> EncodedBatch {
        var rowsByDay: [Day: [Int]] = [:]
        var lastDay: Day?
        var lastRows: [Int] = []
        for (index, row) in batch.rows.enumerated() {
            let day = Day(of: row.timestamp)
            if day != lastDay {
                if let lastDay { rowsByDay[lastDay] = lastRows }
                lastRows = rowsByDay.removeValue(forKey: day) ?? []
                lastDay = day
            }
            lastRows.append(index)
        }
        if let lastDay { rowsByDay[lastDay] = lastRows }
        var days: [EncodedBatch.DayBlock] = []
        for day in rowsByDay.keys.sorted() {
            for rows in Self.pieces(rowsByDay[day] ?? [], of: batch) {
                days.append(
                    EncodedBatch.DayBlock(
                        day: day, rows: rows, block: encoder.encode(batch, rows: rows)))
            }
        }
        return EncodedBatch(batch: batch, days: days)
    }

    /// A block numbers its layouts in a byte; rows of more layouts become several blocks.
    static func pieces(_ rows: [Int], of batch: EventBatch) -> [[Int]] {
        guard batch.layouts.count > 256 else { return [rows] }
        var pieces: [[Int]] = [[]]
        var layouts: Set<UInt16> = []
        for row in rows {
            layouts.insert(batch.rows[row].layout)
            if layouts.count > 256 {
                pieces.append([])
                layouts = [batch.rows[row].layout]
            }
            pieces[pieces.count - 1].append(row)
        }
        return pieces
    }
}
