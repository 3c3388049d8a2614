/// Bars of several series on top of each other, cut into the cells of a terminal.
///
/// A cell shows two colours at most: its lower part and what is behind. The height of a whole bar is
/// exact to an eighth of a cell; where more series meet in a cell than it can show, small ones give
/// way to their larger neighbours.
struct StackedBars {
    /// One cell: what of it is filled, in which colours.
    struct Cell: Equatable {
        var glyph: Unicode.Scalar
        /// The series of the glyph, and the one behind it.
        var series: Int?
        var behind: Int?
    }

    private let scale: ValueScale
    private let steps: Int
    private let glyphs: Glyphs
    /// For each column the steps that each series takes, from the first, which is lowest.
    private let units: [[Int]]

    /// - Parameter series: the values of each series, as many for each.
    init(_ series: [[Double]], scale: ValueScale, glyphs: Glyphs) {
        self.scale = scale
        self.glyphs = glyphs
        let steps = glyphs.steps
        self.steps = steps
        units = (0..<(series.first?.count ?? 0)).map { column in
            let values = series.map { $0[column] }
            return Self.share(scale.units(of: values.reduce(0, +), steps: steps), among: values)
        }
    }

    /// Shares `units` out in proportion to `values`, and at least one to each value above zero while
    /// another has more than one to give.
    static func share(_ units: Int, among values: [Double]) -> [Int] {
        let total = values.reduce(0, +)
        guard total > 0 else { return values.map { _ in 0 } }
        var (sum, given) = (0.0, 0)
        var shares = values.map { value in
            sum += value
            let end = Int((sum / total * Double(units)).rounded())
            defer { given = end }
            return end - given
        }
        for index in shares.indices where values[index] > 0 && shares[index] == 0 {
            let largest = shares.indices.max { shares[$0] < shares[$1] }
            guard let largest, shares[largest] > 1 else { break }
            shares[largest] -= 1
            shares[index] = 1
        }
        return shares
    }

    /// The cell of `column` in `row`, counted from 0 below.
    func cell(column: Int, row: Int) -> Cell {
        var parts: [(series: Int, units: Int)] = []
        var low = 0
        let (from, to) = (row * steps, (row + 1) * steps)
        for (series, height) in units[column].enumerated() {
            let inside = min(to, low + height) - max(from, low)
            if inside > 0 { parts.append((series, inside)) }
            low += height
        }
        let filled = parts.reduce(0) { $0 + $1.units }
        guard glyphs == .blocks else {
            return Cell(glyph: glyphs.column(filled), series: Self.largest(parts), behind: nil)
        }
        // A full cell shows two parts, and always its lowest: the worst of levels is never hidden.
        let isFull = filled == steps
        while parts.count > (isFull ? 2 : 1) { Self.dropSmallest(&parts, from: isFull ? 1 : 0) }
        guard let lowest = parts.first else { return Cell(glyph: " ", series: nil, behind: nil) }
        return Cell(
            glyph: glyphs.column(lowest.units), series: lowest.series,
            behind: parts.count > 1 ? parts[1].series : nil)
    }

    private static func largest(_ parts: [(series: Int, units: Int)]) -> Int? {
        var best = parts.first
        for part in parts where part.units > (best?.units ?? 0) { best = part }
        return best?.series
    }

    /// Gives the smallest part from `first` on, of equal ones the last, to its larger neighbour there.
    private static func dropSmallest(
        _ parts: inout [(series: Int, units: Int)], from first: Int
    ) {
        var smallest = first
        for index in first..<parts.count where parts[index].units <= parts[smallest].units {
            smallest = index
        }
        let below = smallest > first ? parts[smallest - 1].units : 0
        let above = smallest + 1 < parts.count ? parts[smallest + 1].units : 0
        let heir = above > below ? smallest + 1 : smallest - 1
        guard parts.indices.contains(heir) else { return }
        parts[heir].units += parts[smallest].units
        parts.remove(at: smallest)
    }
}
