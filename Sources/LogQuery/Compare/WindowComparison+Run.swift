internal import Glibc
package import LogStore

extension WindowComparison {
    /// A component's traffic is told from this ratio on.
    private static let toldTraffic = 1.5
    /// So many changes get an example, each at the price of a look into the store.
    private static let mostExamples = 30

    /// Reads both windows and compares them.
    ///
    /// Costs the reading of all events of both windows; memory grows with the combinations of what
    /// is compared.
    package static func run(
        _ request: ComparisonRequest, in store: Store
    ) throws(SearchError) -> WindowComparison {
        var reader = ComparisonReader(request, in: store)
        try reader.read()
        let detection = ChangeDetection(reader.tally, request)
        let (found, tests) = detection.changes()
        let ordered = ChangeOrder(bucketWidth: reader.tally.bucketWidth).ordered(found)
        var changes: [Change] = []
        for (position, detected) in ordered.enumerated() {
            var change = change(detected, reader.tally)
            if position < mostExamples, detected.isRise {
                change.example = try reader.example(
                    detected.feature.kind, detected.feature.code,
                    component: detected.feature.component, from: change.onset)
            }
            changes.append(change)
        }
        return WindowComparison(
            changes: changes, traffic: traffic(detection), goodEvents: reader.goodEvents,
            badEvents: reader.badEvents, tests: tests, notes: notes(reader),
            failures: reader.failures)
    }

    private static func change(_ detected: DetectedChange, _ tally: ComparisonTally) -> Change {
        let feature = detected.feature
        let component = tally.value(feature.component, .service)
        let service = String(decoding: component.dropLast(), as: UTF8.self)
        let value =
            feature.kind == .service
            ? Array(component.dropLast()) : tally.value(feature.code, feature.kind)
        return Change(
            sign: detected.sign, kind: feature.kind, service: service, value: value,
            good: feature.good, bad: feature.bad, ratio: exp(detected.logRatio),
            onset: tally.bad.lowerBound + Int64(detected.onset) * tally.bucketWidth,
            q: detected.q, example: nil,
            echoes: detected.echoes.map { change($0, tally) })
    }

    private static func traffic(_ detection: ChangeDetection) -> [Traffic] {
        detection.components.filter { entry in
            let ratio = max(entry.value.factor, 1 / entry.value.factor)
            return ratio >= toldTraffic && entry.value.good + entry.value.bad >= 50
        }.sorted { (abs(log($0.value.factor)), $0.key) > (abs(log($1.value.factor)), $1.key) }
            .map { entry in
                let name = detection.tally.value(entry.key, .service)
                return Traffic(
                    service: String(decoding: name.dropLast(), as: UTF8.self),
                    isRequests: name.last == 1, ratio: entry.value.factor)
            }
    }

    private static func notes(_ reader: ComparisonReader) -> [String] {
        var notes: [String] = []
        if reader.goodEvents == 0 { notes.append("the good window has no events") }
        if reader.badEvents == 0 { notes.append("the bad window has no events") }
        if reader.tally.isCut {
            notes.append("too many different values: the rarest are not compared; narrow the query")
        }
        return notes
    }
}
