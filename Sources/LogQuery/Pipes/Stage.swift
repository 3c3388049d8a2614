/// One stage of a query's pipes, read and checked, with all names resolved.
///
/// Filters are numbered: `condition` is the place of one among the compiled conditions of a search.
struct Stage: Equatable, Sendable {
    let kind: Kind
    /// Where the stage stands in the query, in UTF-8 offsets.
    let range: Range<Int>

    enum Kind: Equatable, Sendable {
        case stats(Stats)
        case top(Top)
        case timechart(Timechart)
        /// The most frequent so many.
        case patterns(Int)
        /// The good window as written; nil to choose one.
        case diff(good: StageParser.Name?)
        case filter(condition: Int)
        /// The columns that are kept, in order.
        case fields([PipeColumn])
        case sort([SortKey])
        case head(Int)
        case tail(Int)
        case dedup([FieldReference])
        case context(before: Int, after: Int)
        case extract(Extraction)
    }
}

/// `stats FUNCTION… by KEY…`.
struct Stats: Equatable, Sendable {
    let aggregates: [Aggregate]
    let keys: [GroupKey]
}

/// `top N by …` and `rare N by …`.
struct Top: Equatable, Sendable {
    let limit: Int
    let keys: [GroupKey]
    let isRare: Bool
}

/// `timechart SPAN FUNCTION by FIELD`.
struct Timechart: Equatable, Sendable {
    /// Nanoseconds; nil to choose one for the window.
    let span: Int64?
    let aggregate: Aggregate
    let key: GroupKey?
}

/// A function over the values of a group.
struct Aggregate: Equatable, Sendable {
    enum Function: Equatable, Sendable {
        case count, distinct, sum, average, deviation, minimum, maximum, first, last, values
        /// 0 to 1.
        case quantile(Double)
    }

    let function: Function
    let field: FieldReference?
    /// For `count(FILTER)`: the rows that count.
    let condition: Int?
    let name: String
}

/// What rows are grouped by: a field's value, or the bin it falls into.
struct GroupKey: Equatable, Sendable {
    enum Bin: Equatable, Sendable {
        /// Nanoseconds.
        case time(Int64)
        case number(Double)
    }

    let field: FieldReference
    let bin: Bin?
}

struct SortKey: Equatable, Sendable {
    let field: FieldReference
    let isDescending: Bool
}

/// `parse` and `extract`: new fields out of the text of another.
struct Extraction: Equatable, Sendable {
    let field: FieldReference
    let pattern: ExtractionPattern
    /// The fields that the pattern's captures become.
    let names: [FieldReference]
}

/// A column of a table that a stage makes.
struct PipeColumn: Equatable, Sendable {
    /// How filters name the column and compare its values.
    let field: FieldReference
    /// Whether the values are parts of a whole.
    var isShare = false

    var name: String { field.written }
}

/// What the rows are that come out of a stage.
enum PipeShape: Equatable, Sendable {
    case events
    case table([PipeColumn])
}

/// What takes the new fields out of a text.
enum ExtractionPattern: Equatable, Sendable {
    case literals(LiteralPattern)
    case regex(RegexPattern)
}
