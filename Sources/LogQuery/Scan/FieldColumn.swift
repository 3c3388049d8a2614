package import LogModel

/// One field over the matching rows of a block: values, and a code for each row.
///
/// Where the block has a dictionary, a value stands here once however many rows have it. A value may
/// stand more than once (`5` and ` 5` are two entries of a dictionary), and some for no row.
package struct FieldColumn {
    package var values: [Event.Value]
    /// An index into `values` for each row; -1 where the row has no such field.
    package var codes: [Int32]

    /// A column of one value for all rows, or of none.
    init(_ value: Event.Value?, rows: Int) {
        values = value.map { [$0] } ?? []
        codes = Array(repeating: value == nil ? -1 : 0, count: rows)
    }

    /// The value of the row at `position`.
    package func value(at position: Int) -> Event.Value? {
        let code = Int(codes[position])
        return code < 0 ? nil : values[code]
    }

    /// Gives the row at `position` a value of its own.
    mutating func set(_ value: Event.Value, at position: Int) {
        codes[position] = Int32(values.count)
        values.append(value)
    }
}
