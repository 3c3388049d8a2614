package import LogModel

extension ResultTimeline {
    /// The same as a table: a row a bucket with the time at which it begins, a column a series.
    ///
    /// Whole values of counts are integers, values that are not finite are none. A series whose name
    /// is taken gets a number behind it.
    package var table: ResultTable {
        var columns = [ResultTable.Column(name: "time", isNumeric: true)]
        for (name, _) in series {
            let text =
                name.isEmpty
                ? (series.count == 1 ? valueName : "(none)")
                : String(decoding: name, as: UTF8.self)
            var unique = text
            var number = 2
            while columns.contains(where: { $0.name == unique }) {
                unique = "\(text) \(number)"
                number += 1
            }
            columns.append(ResultTable.Column(name: unique, isNumeric: true))
        }
        let rows = (0..<bucketCount).map { index in
            [.time(start(of: index))]
                + series.map {
                    $0.values.indices.contains(index) ? Self.value($0.values[index]) : .none
                }
        }
        return ResultTable(columns: columns, rows: rows, notes: notes)
    }

    private static func value(_ number: Double) -> ResultTable.Value {
        guard number.isFinite else { return .none }
        return Int64(exactly: number).map { .integer($0) } ?? .number(number)
    }
}
