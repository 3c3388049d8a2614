internal import LogModel

extension Stage {
    /// What the rows are behind the stage, from what they are before it.
    func shape(from shape: PipeShape) -> PipeShape {
        switch kind {
        case .stats(let stats):
            return .table(stats.keys.map(\.column) + stats.aggregates.map(\.column))
        case .top(let top):
            let share = FieldReference(name: "share", written: "share", type: .number)
            return .table(
                top.keys.map(\.column) + [
                    Aggregate.countAll.column, PipeColumn(field: share, isShare: true),
                ])
        case .timechart(let chart):
            return .table(
                [PipeColumn(field: .time)] + (chart.key.map { [$0.column] } ?? [])
                    + [chart.aggregate.column])
        case .patterns: return .table(PatternCount.columns)
        case .diff: return .table(DiffStage.columns)
        case .fields(let columns): return .table(columns)
        case .extract(let extraction):
            guard case .table(let columns) = shape else { return .events }
            return .table(columns + extraction.names.map { PipeColumn(field: $0) })
        case .filter, .sort, .head, .tail, .dedup, .context: return shape
        }
    }
}

extension GroupKey {
    var column: PipeColumn { PipeColumn(field: field) }
}

extension Aggregate {
    var column: PipeColumn {
        PipeColumn(field: FieldReference(name: name, written: name, type: type))
    }

    private var type: FieldType {
        let own: FieldType = field?.type == .nanoseconds ? .duration : field?.type ?? .any
        switch function {
        case .count, .distinct: return .integer
        case .values: return .text
        case .sum: return own == .duration || own == .bytes ? own : .number
        case .average, .quantile, .deviation:
            return own == .duration || own == .bytes ? own : .number
        case .minimum, .maximum, .first, .last: return own
        }
    }
}
