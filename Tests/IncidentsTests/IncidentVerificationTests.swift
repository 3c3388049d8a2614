import LogModel
import LogStore
import SQLite
import StoreFixtures
import Testing

@testable import Incidents

@Suite struct IncidentVerificationTests {
    private let directory = TemporaryDirectory(inMemory: true)
    private var path: String { directory("store/incidents.db") }

    /// A store with two records and nothing beside its file; the first one is then changed by a statement.
    private func store(after sql: String = "") throws -> IncidentStore {
        do {
            let store = try IncidentStore(writing: directory("store"))
            try RecordFixture.add(to: store)
            try RecordFixture.add(to: store, title: "another")
            try store.connection.execute(sql)
        }
        return try IncidentStore(reading: directory("store"))
    }

    private let first = IncidentID(year: 2026, number: 1)
    private let second = IncidentID(year: 2026, number: 2)

    @Test func recordsAreWholeAndWhatWasRemovedIsTold() throws {
        let store = try store()
        #expect(try store.brokenPages() == [])
        let check = try store.check(first)
        #expect(check.problems == [])
        #expect(
            check.notes.map { $0.text(at: RFC3339.text($0.time)) } == [
                "P3 was removed by bob kind: forged, 2026-11-23T02:15:00.000000001Z: of another fault"
            ])
        #expect(check.entryCount == 6 && check.pins.count == 3)
        #expect(check.root == (try store.record(first).root))
    }

    @Test(arguments: [
        (
            "UPDATE entry SET content = replace(content, 'evil', 'good') WHERE number = 1",
            ["the content of entry 1 is not what its header says"]
        ),
        (
            "DELETE FROM entry WHERE incident % 10 = 1 AND number = 2",
            [
                "entry 2 is missing: entry 3 is in its place",
                "entry 3 does not follow from the one before: it names",
            ]
        ),
        (
            "UPDATE entry SET header = CAST(replace(header, 'alice', 'alibi') AS BLOB) WHERE number = 1",
            ["entry 2 does not follow from the one before: it names"]
        ),
        (
            "UPDATE entry SET header = header || x'20' WHERE number = 4",
            ["the header of entry 4 is not as it was written"]
        ),
        (
            "UPDATE entry SET header = (SELECT header FROM entry e WHERE e.number = 1 "
                + "AND e.incident % 10 = 2) WHERE number = 1 AND incident % 10 = 1",
            ["entry 1 is one of INC-2026-0002"]
        ),
        (
            "UPDATE pin SET event = x'66' WHERE number = 1",
            ["the lines of P1 (event) are not those that were pinned: their"]
        ),
        (
            "UPDATE pin SET before = x'' WHERE number = 1",
            ["the lines of P1 (before) are not those that were pinned: their"]
        ),
        (
            "UPDATE pin SET event = NULL WHERE number = 2",
            ["the lines of P2 are missing, and no purge tells of it"]
        ),
        (
            "UPDATE entry SET content = NULL WHERE number = 1",
            ["the content of entry 1 is missing, and no purge tells of it"]
        ),
        (
            "UPDATE incident SET title = 'x'",
            ["the table 'incident' does not have what follows from its entries"]
        ),
        (
            "UPDATE incident SET pins = 3",
            ["the table 'incident' does not have what follows from its entries"]
        ),
        (
            "UPDATE pin SET removed = NULL",
            ["the table 'pin' does not have what follows from its entries"]
        ),
        (
            "DELETE FROM label WHERE value = 'control'",
            ["the table 'label' does not have what follows from its entries"]
        ),
        (
            "UPDATE action SET state = 'done'",
            ["the table 'action' does not have what follows from its entries"]
        ),
        ("DELETE FROM entry WHERE incident % 10 = 1", ["it has no entries"]),
    ])
    func whatWasChangedPastLogqIsNamed(sql: String, problems: [String]) throws {
        let found = try store(after: sql).check(first).problems
        for problem in problems {
            #expect(found.contains { $0.hasPrefix(problem) }, "\(found)")
        }
    }

    @Test func whatWasPurgedIsToldByItsReceipt() throws {
        let store = try IncidentStore(writing: directory("store"))
        try RecordFixture.add(to: store)
        _ = try store.purge(
            pins: [1], entries: [2, 1], of: first, because: "a customer's right", by: "dpo",
            at: RecordFixture.time + 60_000_000_000)
        let check = try store.check(first)
        #expect(check.problems == [])
        #expect(
            check.notes.last.map { $0.text(at: RFC3339.text($0.time)) }
                == "entry 1, P1 (entry 2) were purged by dpo, 2026-11-23T02:16:00.000000000Z: "
                + "a customer's right")
        // An archive of it has the hole too, and so has the store that takes it in.
        let parcel = try Parcel(archive: Parcel(store.chain(of: first)).archive())
        let other = try IncidentStore(writing: directory("other"))
        #expect(
            try other.take(parcel, by: "x", at: RecordFixture.time) == .taken(first))
        #expect(try other.check(first).problems == [])
        #expect(try other.record(first).root == store.record(first).root)
        #expect(try other.pins(of: first).map(\.number) == [2])
    }

    @Test func aPurgeReachesTheStoreThatHasAnEarlierState() throws {
        let store = try IncidentStore(writing: directory("store"))
        try RecordFixture.add(to: store)
        let other = try IncidentStore(writing: directory("other"))
        _ = try other.take(Parcel(store.chain(of: first)), by: "x", at: RecordFixture.time)
        _ = try store.purge(
            pins: [1], entries: [], of: first, because: "law", by: "dpo", at: RecordFixture.time)
        #expect(
            try other.take(Parcel(store.chain(of: first)), by: "x", at: RecordFixture.time)
                == .extended(first, entries: 1))
        #expect(try other.chain(of: first).originals[1] == nil)
        #expect(try other.check(first).problems == [])
    }

    @Test func aDamagedRecordLeavesTheOtherOneWhole() throws {
        let store = try store(after: "UPDATE entry SET content = 'x' WHERE incident % 10 = 1")
        #expect(try !store.check(first).problems.isEmpty)
        #expect(try store.check(second).problems == [])
    }

    @Test func aRecordWithoutItsRowIsStillLookedAt() throws {
        let store = try store(after: "DELETE FROM incident WHERE key % 10 = 1")
        #expect(try store.allIDs() == [first, second])
        #expect(try !store.check(first).problems.isEmpty)
    }

    /// Whatever byte of the file is another: it is noticed, or nothing that is kept is.
    @Test func everyChangedByteIsNoticedOrMeansNothing() throws {
        let whole = try Kept(of: store())
        let bytes = TemporaryDirectory.read(path)
        directory.write(bytes, to: "changed/incidents.db")
        #expect(try Kept(of: IncidentStore(reading: directory("changed"))).chains == whole.chains)
        let seed = UInt64.random(in: 0...9_999)
        var random = SeededRandom(seed: seed)
        for _ in 0..<150 {
            var changed = bytes
            let place = random.number(0...bytes.count - 1)
            changed[place] ^= UInt8(random.number(1...255))
            directory.write(changed, to: "changed/incidents.db")
            guard let store = try? IncidentStore(reading: directory("changed")),
                let problems = try? store.brokenPages(), problems.isEmpty,
                let kept = try? Kept(of: store), kept.problems.isEmpty
            else { continue }
            #expect(kept.chains == whole.chains, "seed \(seed), byte \(place)")
        }
    }

    /// All that a store keeps, and what is wrong with it.
    private struct Kept {
        var chains: [EntryChain] = []
        var problems: [String] = []

        init(of store: IncidentStore) throws {
            for id in try store.allIDs() {
                chains.append(try store.chain(of: id))
                problems += try store.check(id).problems
            }
        }
    }
}
