import LogModel
import LogStore
import StoreFixtures
import Testing

@testable import Incidents

@Suite struct MaskingTests {
    private let directory = TemporaryDirectory(inMemory: true)
    private let settings = ReportSettings(language: .english, zone: .utc, generated: 0)
    private let secrets = ["13800138000", "13900139000", "hunter2", "li@example.com", "8.8.8.8"]

    /// A record with a secret in each of its texts.
    private func document() throws -> (document: IncidentDocument, chain: EntryChain) {
        var incident = Incident()
        for field in IncidentField.allCases {
            switch field.shape {
            case .line(let path), .text(let path): incident[keyPath: path] = "x 13800138000 y"
            case .lines(let path): incident[keyPath: path] = ["x 13800138000", "li@example.com"]
            default: break
            }
        }
        incident.impact = [ImpactClaim("8.8.8.8", query: "password=hunter2", pins: [1])]
        incident.steps = [HandlingStep("called 13800138000", by: "li@example.com")]
        incident.actions = [PreventionAction("call 13800138000", owner: "li@example.com")]
        var pin = RecordFixture.pin("phone 13800138000\n", before: "a 13900139000\n")
        pin.note = "see 13800138000"
        pin.place.path = "/home/lilei/app.log"
        pin.finding.query = "13800138000 client:8.8.8.8"
        pin.event.fields = [Pin.Field("db.password", "hunter2"), Pin.Field("ip", "8.8.8.8")]
        pin.originals.after = Array("pwd=hunter2 \n".utf8) + [0xFF, 0]
        let store = try IncidentStore(writing: directory("store"))
        let id = try store.create(
            incident, pins: [pin, RecordFixture.pin("out\n")], by: "alice", at: RecordFixture.time)
        try store.append(
            [.unpin(2, reason: "it had 13800138000")], to: id, by: "alice", at: RecordFixture.time)
        return (try IncidentDocument(id, in: store), try store.chain(of: id))
    }

    @Test func nothingOfAMaskedArchiveHasASecret() throws {
        var (document, chain) = try document()
        let originals = document.digests
        document.mask()
        #expect(document.isMasked)
        #expect(document.digests == originals)
        #expect(document.record.root == chain.root)
        let archive = try Parcel(document, chain, settings).archive()
        let files = try ZipArchive.unpack(archive, refusing: { _ in nil })
        #expect(files.contains { $0.name == "INC-2026-0001/masked/P1.json" })
        #expect(!files.contains { $0.name == "INC-2026-0001/chain/0001.json" })
        for file in files {
            let text = String(decoding: file.bytes, as: UTF8.self)
            for secret in secrets { #expect(!text.contains(secret), "\(file.name)") }
            if file.name.hasSuffix("report.md") || file.name.hasSuffix("report.html") {
                #expect(text.contains("masked copy"))
                #expect(originals.values.allSatisfy { text.contains($0) })
            }
        }
    }

    @Test func theSameValueHasTheSameNameEverywhere() throws {
        var (document, _) = try document()
        document.mask()
        #expect(document.incident.title == "x ‹phone 1› y")
        #expect(document.incident.steps[0].text == "called ‹phone 1›")
        #expect(document.incident.impact[0].query == "password=‹password 1›")
        #expect(document.pins[0].originals.event == Array("phone ‹phone 1›\n".utf8))
        #expect(document.pins[0].originals.before == Array("a ‹phone 2›\n".utf8))
        #expect(
            document.pins[0].originals.after
                == Array("pwd=‹password 1› \n".utf8) + [0xFF, 0])
        #expect(document.pins[0].event.fields.map(\.value) == ["‹password 1›", "‹ip 1›"])
        #expect(document.pins[0].finding.query == "‹phone 1› client:‹ip 1›")
        #expect(document.pins[0].place.path == "/home/‹user 1›/app.log")
        #expect(document.removals[0].reason == "it had ‹phone 1›")
    }

    @Test func withoutMaskingAnArchiveHasWhatWasPinned() throws {
        let (document, chain) = try document()
        let parcel = Parcel(document, chain, settings)
        #expect(parcel.masked == nil)
        let read = try Parcel(archive: parcel.archive())
        #expect(read.chain == chain)
        #expect(read.reports.keys.sorted() == ["record.json", "report.html", "report.md"])
        #expect(try parcel.archive() == Parcel(document, chain, settings).archive())
    }
}
