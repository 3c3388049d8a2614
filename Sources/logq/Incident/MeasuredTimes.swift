internal import Incidents
internal import LogStore

/// What the logs say of a record's time, taken while they are there.
enum MeasuredTimes {
    /// A measurement that the record, with pins that it gets, lacks; nil where it has one of the same time, or the logs say no more than that.
    /// A change is made without it too, so what goes wrong is only told.
    static func measurement(
        of record: StoredIncident, and pins: [Pin] = [], in store: IncidentStore, at now: Int64
    ) -> Measurement? {
        do {
            let pins = try store.pins(of: record.id) + pins
            guard let logs = try? Store(directory: store.directory),
                let times = Measurement.window(of: record.incident, pins: pins)
            else { return nil }
            let known = try store.measurement(of: record.id)
            if let known, known.times.clamped(to: times) == times { return nil }
            let measured = try Measurement(logs, times: times, at: now)
            // Where all of it is gone already, that is what there is to say.
            let isFirst = known == nil && !measured.missing.isEmpty
            return isFirst || events(of: measured) > (known.map(events) ?? 0) ? measured : nil
        } catch {
            CommandLineTool.report("what the logs say could not be measured: \(error)")
            return nil
        }
    }

    private static func events(of measurement: Measurement) -> Int {
        measurement.series.reduce(0) { $0 + $1.eventCount }
    }
}
