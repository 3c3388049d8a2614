/// Which of several tests to believe so that, on average, at most the share `q` of them is wrong.
///
/// The step-up procedure of Benjamini and Hochberg (1995), which holds for independent tests and
/// for those that depend on each other positively. A p-value that is no number counts as 1.
package func benjaminiHochberg(_ pValues: [Double], q: Double) -> [Bool] {
    falseDiscoveryRates(pValues).map { $0 <= q }
}

/// For each test the least `q` at which `benjaminiHochberg` believes it: its adjusted p-value.
package func falseDiscoveryRates(_ pValues: [Double]) -> [Double] {
    let values = pValues.map { $0.isNaN ? 1 : max(0, min(1, $0)) }
    let order = values.indices.sorted { values[$0] > values[$1] }
    var rates = values
    var least = 1.0
    for (position, index) in order.enumerated() {
        let rank = Double(values.count - position)
        least = min(least, values[index] * Double(values.count) / rank)
        rates[index] = least
    }
    return rates
}
