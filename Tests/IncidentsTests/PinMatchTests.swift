import Incidents
import LogModel
import LogQuery
import LogStore
import StoreFixtures
import Testing

/// Which pins hold what is to be purged, whether the logs are still there or not.
@Suite struct PinMatchTests {
    private let store: HandmadeStore
    private let id: IncidentID
    private static let noon: Int64 = 1_795_176_000_000_000_000
    private static let layout = Layout(
        format: "app",
        pieces: [.field(0), .literal([0x20]), .field(1), .literal([0x20]), .field(2)],
        fields: [
            Field(FieldName.severityText, .severity), Field(FieldName.status, .integer),
            Field(FieldName.body, .body),
        ])

    /// P1 to P4, of lines 1, 4, 7 and 10, each with a neighbour on either side; P2 is removed, and no log is left.
    init() throws {
        store = try HandmadeStore()
        let source = EventSource(host: "h", service: "pay", path: "/pay.log")
        var builder = BatchBuilder()
        for line in 0..<12 {
            let level = line == 4 ? "WARN" : "ERROR"
            builder.add(
                [level, String(500 + line), "订单 order-\(line)x"].map { Array($0.utf8) },
                Self.layout, at: Self.noon + Int64(line), severity: line == 4 ? 13 : 17)
        }
        try store.add(builder.batch, from: source)
        store.close()
        let records = try IncidentStore(writing: store.path)
        id = try records.create(Incident(), by: "", at: 1)
        let pinning = Pinning(try Store(directory: store.path), zone: .utc, neighbours: 1)
        for line in [1, 4, 7, 10] {
            let request = SearchRequest(query: "order-\(line)x", now: Self.noon)
            _ = try records.pin(
                pinning.pins(request, limit: 1, note: "").pins, to: id, by: "", at: 2)
        }
        try records.append([.unpin(2, reason: "")], to: id, by: "", at: 3)
        _ = try Maintenance(directory: store.path).remove(Day(of: Self.noon), because: .purged)
    }

    private func pins(_ query: String, _ times: Range<Int64> = .min..<Int64.max) throws -> [Int] {
        var request = SearchRequest(query: query, now: Self.noon)
        request.times = times
        let opened = try Store(directory: store.path)
        #expect(try Search(request, in: opened).count() == 0)
        return try IncidentStore(reading: store.path)
            .pins(matching: Search(request, in: opened)).map(\.number)
    }

    @Test(
        arguments: [
            ("order-4x", [2]), ("order-5x", [2]), ("ORDER-11X 订单", [4]), ("order-2x", [1]),
            ("nowhere", []), ("订单", [1, 2, 3, 4]), ("level:WARN", [2]),
            ("level:>=WARN", [1, 2, 3, 4]),
            ("status:507", [3]), ("status:>=507 order", [3, 4]), ("msg:=\"订单 order-1x\"", [1]),
            ("service:pay order-7x", [3]), ("service:web order-7x", []),
            ("/order-1[0-9]x/", [4]), ("id:/pay.log-0", []),
        ] as [(String, [Int])]) func pinsAreFoundByWhatTheyHold(query: String, numbers: [Int])
        throws
    {
        #expect(try pins(query) == numbers)
    }

    @Test func theWindowAndPurgesCount() throws {
        #expect(try pins("订单", Self.noon + 2..<Self.noon + 8) == [2, 3])
        _ = try IncidentStore(writing: store.path).purge(
            pins: [3], entries: [], of: id, because: "", by: "", at: 4)
        #expect(try pins("订单") == [1, 2, 4])
    }
}
