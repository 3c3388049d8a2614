import LogStore
import SQLite
import StoreFixtures
import Testing

@testable import Incidents

@Suite struct ImportTests {
    private let directory = TemporaryDirectory(inMemory: true)
    private let first = IncidentID(year: 2026, number: 1)
    private let second = IncidentID(year: 2026, number: 2)

    private func store(_ name: String) throws -> IncidentStore {
        try IncidentStore(writing: directory(name))
    }

    private func parcel(_ id: IncidentID, of store: IncidentStore) throws -> Parcel {
        try Parcel(archive: Parcel(store.chain(of: id)).archive())
    }

    private func take(_ parcel: Parcel, into store: IncidentStore) throws -> ImportResult {
        try store.take(parcel, by: "carol", at: RecordFixture.time + 100)
    }

    @Test func aRecordWhoseIdIsFreeComesInByteForByte() throws {
        let (here, there) = (try store("here"), try store("there"))
        try RecordFixture.add(to: there)
        #expect(try take(parcel(first, of: there), into: here) == .taken(first))
        #expect(try here.chain(of: first) == there.chain(of: first))
        #expect(try here.record(first) == there.record(first))
        #expect(try here.pins(of: first) == there.pins(of: first))
        #expect(try here.check(first).problems == [])
        #expect(try take(parcel(first, of: there), into: here) == .present(first))
        #expect(try RecordFixture.add(to: here) == second)
    }

    @Test func aRecordThatWentOnElsewhereIsExtended() throws {
        let (here, there) = (try store("here"), try store("there"))
        try RecordFixture.add(to: there)
        let early = try parcel(first, of: there)
        _ = try take(early, into: here)
        try there.append(
            [.unpin(1, reason: "wrong host"), .revision(RecordFixture.incident("later"), .edit)],
            to: first, by: "alice", at: RecordFixture.time + 9)
        #expect(
            try take(parcel(first, of: there), into: here) == .extended(first, entries: 2))
        #expect(try here.record(first) == there.record(first))
        #expect(try here.check(first).problems == [])
        #expect(try take(early, into: here) == .present(first))
        #expect(try here.record(first).incident.title == "later")
    }

    @Test func aRecordWhoseIdIsTakenBecomesANewOneThatTellsItsOrigin() throws {
        let (here, there) = (try store("here"), try store("there"))
        try RecordFixture.add(to: there, title: "theirs")
        try there.append([.unpin(1, reason: "x")], to: first, by: "alice", at: RecordFixture.time)
        let root = Digest.hex(try there.record(first).root)
        _ = try here.create(RecordFixture.incident("mine"), by: "bob", at: RecordFixture.time)
        let origin = "INC-2026-0001, root \(root)"
        #expect(
            try take(parcel(first, of: there), into: here) == .copied(second, origin: origin))
        #expect(try here.record(first).incident.title == "mine")
        let record = try here.record(second)
        #expect(record.incident.origin == origin)
        #expect(try here.entries(of: second).map(\.entry.kind) == [.import, .pin])
        // What was P2 is P1 here, and the step refers to it.
        #expect(try here.pins(of: second).map(\.originals) == [there.pins(of: first)[0].originals])
        #expect(record.incident.steps[0].pins == [1])
        #expect(try here.check(second).problems == [])
        var edited = record.incident
        edited.title = "edited"
        try here.append([.revision(edited, .edit)], to: second, by: "bob", at: RecordFixture.time)
        #expect(try here.record(second).incident.origin == origin)
    }

    @Test func recordsThatWentApartStaySeparate() throws {
        let (here, there) = (try store("here"), try store("there"))
        try RecordFixture.add(to: there)
        _ = try take(parcel(first, of: there), into: here)
        for (store, title) in [(here, "here"), (there, "there")] {
            try store.append(
                [.revision(RecordFixture.incident(title), .edit)], to: first, by: title,
                at: RecordFixture.time + 5)
        }
        guard case .copied(second, _) = try take(parcel(first, of: there), into: here) else {
            Issue.record("it was not copied")
            return
        }
        #expect(try here.record(first).incident.title == "here")
        #expect(try here.record(second).incident.title == "there")
    }

    @Test func aNumberThatLeavesNoneBehindItIsNotTakenOver() throws {
        let (here, there) = (try store("here"), try store("there"))
        let last = IncidentID(year: 2026, number: 9_999_998)
        try there.connection.execute(
            "INSERT INTO incident(key, entries, revision, created, changed, title, status) "
                + "VALUES(20269999998, 1, 1, 0, 0, '', '')")
        let id = try there.create(RecordFixture.incident("x"), by: "eve", at: RecordFixture.time)
        #expect(id.number == last.number + 1)
        guard case .copied(first, _) = try take(parcel(id, of: there), into: here) else {
            Issue.record("it was taken over")
            return
        }
    }

    @Test func aMaskedCopyBecomesARecordOfTheMaskedText() throws {
        let (here, there) = (try store("here"), try store("there"))
        try RecordFixture.add(to: there)
        var pin = RecordFixture.pin("‹phone 1›\n")
        pin.number = 2
        let chain = try there.chain(of: first)
        let copy = Parcel(
            chain, masked: Parcel.Masked(RecordFixture.incident("‹phone 1›"), [pin]),
            digests: [2: "abc"])
        let root = Digest.hex(try #require(chain.root))
        #expect(
            try take(Parcel(archive: copy.archive()), into: here)
                == .copied(first, origin: "INC-2026-0001, root \(root), masked copy"))
        let pins = try here.pins(of: first)
        #expect(pins.map(\.originals.event) == [Array("‹phone 1›\n".utf8)])
        #expect(pins[0].note == "why it counts [masked; SHA-256 of the original: abc]")
        #expect(try here.check(first).problems == [])
    }

    @Test func anArchiveThatDoesNotHoldIsRefusedAndNothingIsWritten() throws {
        let (here, there) = (try store("here"), try store("there"))
        try RecordFixture.add(to: there)
        var parcel = try parcel(first, of: there)
        parcel.chain.originals[1]?.event = Array("forged\n".utf8)
        #expect(throws: IncidentError.self) { try take(parcel, into: here) }
        parcel.chain.originals[1] = nil
        #expect(throws: IncidentError.self) { try take(parcel, into: here) }
        #expect(try here.allIDs() == [])
    }
}
