internal import Incidents
internal import LogModel
internal import LogQuery
internal import Retention

/// Fault records that keep copies of what is purged from the logs.
struct PinnedCopies {
    private let lines: [String]

    private static let mostRecords = 10

    /// Looks at every pin of the store, removed ones too.
    init(of request: SearchRequest, in directory: String) throws {
        guard IncidentStore.exists(in: directory) else {
            lines = []
            return
        }
        let pins = try IncidentStore(reading: directory).pins(
            matching: Purge.search(request, in: directory))
        let records = Dictionary(grouping: pins, by: \.incident).sorted { $0.key < $1.key }
        var lines = records.prefix(Self.mostRecords).map { id, pins in
            let names = pins.map { "P\($0.number)" }
            return "\(id) keeps copies of what matches in \(names.joined(separator: ", ")); "
                + "'logq incident purge \(id) \(names.joined(separator: " ")) --reason TEXT' removes "
                + "them"
        }
        if records.count > Self.mostRecords {
            lines.append("and \(records.count - Self.mostRecords) more records keep such copies")
        }
        self.lines = lines
    }

    /// Says so on standard error.
    func tell() {
        for line in lines { CommandLineTool.report(line) }
    }
}
