internal import Glibc

/// The scale beside bars: from zero to a round number, with round numbers between.
package struct ValueScale: Equatable {
    /// How many labels above zero, and how many rows apart.
    package struct Shape: Equatable {
        package let ticks: Int
        let rowsPerTick: Int
        var rows: Int { ticks * rowsPerTick }

        /// Eight to ten rows.
        package static let tall = [
            Shape(ticks: 5, rowsPerTick: 2), Shape(ticks: 4, rowsPerTick: 2),
            Shape(ticks: 3, rowsPerTick: 3),
        ]
        /// Always four rows, for a picture that must not jump.
        static let low = [
            Shape(ticks: 2, rowsPerTick: 2), Shape(ticks: 4, rowsPerTick: 1),
            Shape(ticks: 1, rowsPerTick: 4),
        ]
    }

    package let step: Double
    package let shape: Shape
    /// The value at the upper edge of the highest row.
    package var top: Double { step * Double(shape.ticks) }

    /// The lowest scale of `shapes` that holds `maximum`; steps are 1, 2, 2.5 and 5 times a power of
    /// ten, and whole if `isWhole`.
    package init(maximum: Double, isWhole: Bool, shapes: [Shape]) {
        let highest = maximum.isFinite ? max(0, min(maximum, 1e300)) : 0
        let lowest = highest > 0 ? log10(highest / 5).rounded(.down) - 1 : 0
        var best: (top: Double, step: Double, shape: Shape)?
        for exponent in 0...3 {
            let power = pow(10, max(isWhole ? 0 : -300, lowest) + Double(exponent))
            for factor in [1.0, 2, 2.5, 5] {
                let step = factor * power
                if isWhole, step != step.rounded() { continue }
                for shape in shapes where step * Double(shape.ticks) >= highest {
                    let top = step * Double(shape.ticks)
                    if best.map({ top < $0.top }) ?? true { best = (top, step, shape) }
                }
            }
        }
        step = best?.step ?? 1
        shape = best?.shape ?? Shape(ticks: 1, rowsPerTick: 1)
    }

    /// How many of `steps` a row the bar of `value` is high: what is above zero is seen.
    func units(of value: Double, steps: Int) -> Int {
        guard value > 0, top > 0 else { return 0 }
        let all = shape.rows * steps
        let units = (value / top * Double(all)).rounded()
        return max(1, min(all, Int(exactly: units) ?? all))
    }

    /// The label whose value is the upper edge of `row`, counted from 0 below.
    func label(above row: Int) -> String? {
        guard (row + 1) % shape.rowsPerTick == 0 else { return nil }
        return text(Double((row + 1) / shape.rowsPerTick) * step)
    }

    /// The columns of the widest label.
    var labelWidth: Int {
        (0..<shape.rows).compactMap(label).map(TextWidth.columns).max() ?? 1
    }

    /// `2,500`, `12.5k`, `0.05`: all labels in one unit, with as many decimals as the step needs.
    package func text(_ value: Double) -> String {
        let units: [(Double, String)] = [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")]
        let unit = top < 10_000 ? (1, "") : units.first { top >= $0.0 } ?? (1, "")
        let scaledStep = step / unit.0
        var digits = 0
        while digits < 9, !isWhole(scaledStep * pow(10, Double(digits))) { digits += 1 }
        return HumanUnits.decimal(value / unit.0, digits: digits) + unit.1
    }

    private func isWhole(_ value: Double) -> Bool { abs(value - value.rounded()) < 1e-6 * value }
}
