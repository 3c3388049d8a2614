import Incidents
import LogStore
import StoreFixtures
import Testing

@Suite struct EntryTests {
    private let directory = TemporaryDirectory()

    private func chain() throws -> [Entry] {
        let store = try IncidentStore(writing: directory("store"))
        let id = try store.create(Incident(), by: "alice on web-1", at: 1_795_399_482_000_000_000)
        var pin = Pin()
        pin.originals.event = Array("ERROR x\n".utf8)
        try store.append(
            [.pin(pin), .unpin(1, reason: "wrong line")], to: id, by: "李雷\nkind: purge",
            at: 1_795_399_483_000_000_000)
        return try store.entries(of: id).map(\.entry)
    }

    @Test func aHeaderIsTextThatNamesTheOneBefore() throws {
        let entries = try chain()
        #expect(entries.map(\.kind) == [.new, .pin, .unpin])
        #expect(
            String(decoding: entries[2].header, as: UTF8.self) == """
                logq incident entry 1
                incident: INC-2026-0001
                number: 3
                time: 2026-11-23T02:04:43.000000000Z
                by: 李雷 kind: purge
                kind: unpin
                content: \(Digest.hex(Digest.sha256(#"{"pin":"P1","reason":"wrong line"}"#.utf8)))
                previous: \(Digest.hex(Digest.sha256(entries[1].header)))

                """)
        #expect(entries[0].previous == Entry.noDigest)
    }

    @Test func aHeaderReadsBackAndNoByteOfItMayDiffer() throws {
        let entry = try chain()[1]
        #expect(Entry(header: entry.header) == entry)
        for index in entry.header.indices {
            var changed = entry.header
            changed[index] ^= 0x20
            #expect(Entry(header: changed)?.digest != entry.digest, "byte \(index)")
        }
        #expect(Entry(header: entry.header + [0x0A]) == nil)
        #expect(Entry(header: Array(entry.header.dropLast())) == nil)
    }
}

@Suite struct IncidentIDTests {
    @Test(arguments: [
        ("INC-2026-0007", "INC-2026-0007"), ("inc-2026-7", "INC-2026-0007"),
        ("2026-12345", "INC-2026-12345"),
    ])
    func namesAreReadInAllTheirForms(text: String, name: String) {
        #expect(IncidentID(text)?.description == name)
    }

    @Test(arguments: [
        "", "7", "INC-26-7", "INC-2026-0", "INC-2026-", "2026-+7", "2026-7-8", "２０２６-7",
    ])
    func whatIsNoNameIsNone(text: String) { #expect(IncidentID(text) == nil) }

    @Test(arguments: ["2026-02-29", "2026-13-01", "2026-1-1", "2026-01-32", "0x26-01-01", ""])
    func whatIsNoDateIsNone(text: String) { #expect(CalendarDate(text) == nil) }

    @Test func aLeapDayIsADate() {
        #expect(CalendarDate("2028-02-29")?.description == "2028-02-29")
    }
}
