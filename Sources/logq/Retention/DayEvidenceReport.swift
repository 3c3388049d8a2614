internal import Incidents
internal import LogStore
internal import Presentation
internal import Retention

/// What fault records have of the days that lose events, and what they have not.
struct DayEvidenceReport {
    private var kept: [Day: [DayEvidence]] = [:]
    private var lacking: [(day: Day, records: [IncidentID])] = []
    /// Why nothing is known of the records.
    private var problem: String?

    static let none = DayEvidenceReport()

    private init() {}

    /// Of the plan's days; records that cannot be read are a warning, as the plan holds without them.
    init(of plan: RetentionPlan, in directory: String) {
        let losing = plan.days.filter { $0.losesEvents }
        guard IncidentStore.exists(in: directory), !losing.isEmpty else { return }
        do {
            let records = try IncidentStore(reading: directory)
            for day in losing {
                let times = day.day.start..<day.day.end
                kept[day.day] = try records.records(withPinsIn: times)
                let open = try records.openRecords(withoutPinsIn: times)
                if !open.isEmpty { lacking.append((day.day, open)) }
            }
        } catch {
            problem = "what fault records keep of these days is not known: \(error)"
        }
    }

    func kept(of day: PlannedDay) -> [DayEvidence] { kept[day.day] ?? [] }

    /// `INC-2026-0007 (3 pins kept)`, the first records of a day.
    func text(of day: PlannedDay) -> String {
        let kept = kept(of: day)
        let named = kept.prefix(3).map {
            "\($0.id) (\($0.pins) \($0.pins == 1 ? "pin" : "pins") kept)"
        }
        let rest = kept.count - named.count
        return named.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
    }

    /// A line for each record and day, for the days that lose events.
    var warnings: [String] {
        let lines = lacking.flatMap { day, records in
            records.map {
                "\($0) is open and has no evidence pinned from \(day.name), which loses events; "
                    + "'logq incident pin \($0)' keeps some"
            }
        }
        return lines + (problem.map { [$0] } ?? [])
    }

    func write(_ day: PlannedDay, to json: inout JSONWriter) {
        json.key("pinned_by")
        json.beginArray()
        for record in kept(of: day) {
            json.beginObject()
            json.member("record", record.id.description)
            json.members([("pins", Int64(record.pins))])
            json.endObject()
        }
        json.endArray()
        let open = lacking.first { $0.day == day.day }?.records ?? []
        json.member("open_without_pins", open.map(\.description))
    }
}

extension PlannedDay {
    fileprivate var losesEvents: Bool { action == .removed || eventsRemoved > 0 || mayRemoveMore }
}
