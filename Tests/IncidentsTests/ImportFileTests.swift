import LogModel
import LogStore
import StoreFixtures
import Testing

@testable import Incidents

@Suite struct ImportFileTests {
    private let directory = TemporaryDirectory(inMemory: true)

    private func records(_ bytes: [UInt8]) throws -> [(incident: Incident, origin: String)] {
        guard
            case .records(let records) = try ImportFile(
                reading: directory.write(bytes, to: "dir/wiki.json"))
        else { return [] }
        return records
    }

    @Test(arguments: [
        #"{"title":"a"}"#, #"[{"title":"a"}]"#, "\n{\"title\":\"a\"}\r\n\n",
        #" {"format":"logq incident 1","id":"INC-2026-0007","incident":{"title":"a"},"pins":[]}"#,
    ])
    func anObjectAnArrayALineAndAnExportAreRecords(json: String) throws {
        let sum = Digest.hex(Digest.sha256(json.utf8))
        let records = try records(Array(json.utf8))
        #expect(records.map(\.incident.title) == ["a"])
        #expect(records.map(\.origin) == ["wiki.json, SHA-256 \(sum)"])
    }

    @Test func linesOfTextAreARecordEach() throws {
        let records = try records(Array("{\"title\":\"a\"}\n{\"title\":\"b\"}\n".utf8))
        #expect(records.map(\.incident.title) == ["a", "b"])
        #expect(records.allSatisfy { $0.origin.hasPrefix("wiki.json, SHA-256 ") })
        #expect(records[1].origin.hasSuffix(", record 2"))
    }

    /// No crash, and no record that is not one.
    @Test(arguments: [
        [], [0xFF, 0xFE, 0], Array("[]".utf8), Array("null".utf8), Array("{\"title\":".utf8),
        Array("PK".utf8), Array("[{\"title\":\"a\"},7]".utf8),
        Array("{\"origin\":\"forged\"}".utf8),
        [UInt8](repeating: 0x5B, count: 100_000),
        [UInt8](repeating: 0x5B, count: 1_500) + [UInt8](repeating: 0x5D, count: 1_500),
    ])
    func whatIsNoRecordIsAnError(bytes: [UInt8]) {
        #expect(throws: ParcelError.self) { try records(bytes) }
    }

    @Test func whatARecordJSONSaysOfItsPinsIsLeftOut() throws {
        let store = try IncidentStore(writing: directory("store"))
        let id = try RecordFixture.add(to: store)
        let root = Digest.hex(try store.record(id).root)
        let records = try records(Report.json(IncidentDocument(id, in: store)))
        let results = try store.take(records, by: "bob", at: RecordFixture.time)
        guard case .copied(let copy, let origin) = results[0] else {
            Issue.record("it was not copied")
            return
        }
        #expect(origin.hasSuffix("; \(id), root \(root), without its evidence"))
        let record = try store.record(copy)
        #expect(
            record.incident.title == RecordFixture.incident("../../../tmp/evil: 数据库连接耗尽!").title)
        #expect(record.incident.steps[0].pins == [])
        #expect(try store.check(copy).problems == [])
    }
}
