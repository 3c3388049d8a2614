import Glibc
import Incidents
import LogStore
import StoreFixtures
import Testing

/// E5 and E9: pins in their record, removed with a reason, and purged with a receipt.
@Suite struct PinnedEventsTests {
    private let directory = TemporaryDirectory()
    private let store: IncidentStore
    private let id: IncidentID

    init() throws {
        store = try IncidentStore(writing: directory("store"))
        var incident = Incident()
        incident.title = "draft with 6222021300001234"
        id = try store.create(incident, by: "alice", at: 1)
        incident.title = "数据库连接耗尽"
        try store.append([.revision(incident, .edit)], to: id, by: "alice", at: 2)
    }

    private func pin(_ number: Int, bytes: Int = 100) -> Pin {
        var pin = Pin()
        pin.note = "note \(number)"
        pin.event.uid = "abc-\(number)"
        pin.event.fields = [Pin.Field("Body", "card 4711-\(number)")]
        pin.originals.event =
            Array("secret-\(number) ".utf8) + [UInt8](repeating: 0x2E, count: bytes) + [0x0A]
        pin.originals.before = Array("before-\(number)\n".utf8)
        return pin
    }

    /// Whether any file of the store has these bytes.
    private func has(_ text: String) -> Bool {
        ["incidents.db", "incidents.db-wal", "incidents.db-shm"].contains { name in
            let bytes = TemporaryDirectory.read(directory("store/" + name))
            let wanted = Array(text.utf8)
            return bytes.indices.contains { bytes[$0...].starts(with: wanted) }
        }
    }

    private func chainHolds() throws -> Bool {
        var previous = Entry.noDigest
        for (entry, content) in try store.entries(of: id) {
            guard entry.previous == previous,
                content.map({ Digest.sha256($0) == entry.contentDigest }) ?? true
            else { return false }
            previous = entry.digest
        }
        return try store.record(id).root == previous
    }

    @Test func anEventIsPinnedOnceInARecordAndAgainWhenItsPinWasRemoved() throws {
        let first = try store.pin([pin(1), pin(2)], to: id, by: "alice", at: 3)
        #expect(first.new.map(\.number) == [1, 2] && first.known.isEmpty)
        let second = try store.pin([pin(2), pin(3), pin(3)], to: id, by: "bob", at: 4)
        #expect(second.new.map(\.number) == [3])
        #expect(second.known.map(\.number) == [2, 3])
        #expect(try store.pins(of: id).map(\.event.uid) == ["abc-1", "abc-2", "abc-3"])
        try store.append([.unpin(2, reason: "another fault")], to: id, by: "bob", at: 5)
        #expect(try store.pin([pin(2)], to: id, by: "bob", at: 6).new.map(\.number) == [4])
        #expect(try store.places(ofEvent: "abc-2") == [PinPlace(incident: id, number: 4)])
        #expect(try store.record(id).entries == 7)
    }

    @Test func aRemovedPinLeavesATombstoneWithTheReasonAndStaysWhole() throws {
        _ = try store.pin([pin(1), pin(2)], to: id, by: "alice", at: 3)
        try store.append([.unpin(1, reason: "wrong \"node\"\n")], to: id, by: "bob", at: 4)
        #expect(try store.pins(of: id).map(\.number) == [2])
        #expect(
            try store.removals(of: id) == [
                RemovedPin(
                    number: 1, entry: 5, reason: "wrong \"node\"\n", by: "bob", time: 4,
                    isPurged: false)
            ])
        #expect(has("secret-1"))
        #expect(throws: IncidentError.self) {
            try store.append([.unpin(2, reason: ""), .unpin(1, reason: "")], to: id, by: "", at: 5)
        }
        #expect(try store.pins(of: id).map(\.number) == [2])
        #expect(try chainHolds())
    }

    @Test(arguments: [10, 100_000]) func whatIsPurgedIsInNoFileAndTheChainShowsTheHole(
        bytes: Int
    ) throws {
        _ = try store.pin([pin(1, bytes: bytes), pin(2)], to: id, by: "alice", at: 3)
        let root = try store.entries(of: id)[3].entry.digest
        #expect(has("secret-1") && has("4711-1") && has("draft with"))
        let result = try store.purge(
            pins: [1], entries: [1], of: id, because: "ticket 812", by: "carol", at: 4)
        #expect(result.isGone)
        #expect(result.purged.map(\.entry) == [1, 3])
        #expect(result.purged.map(\.kind) == [.new, .pin])
        #expect(result.purged.map(\.pin) == [nil, 1])
        for gone in ["secret-1", "4711-1", "before-1", "note 1", "draft with"] {
            #expect(!has(gone), "\(gone)")
        }
        #expect(has("secret-2") && has("4711-2"))
        #expect(try chainHolds())
        let entries = try store.entries(of: id)
        #expect(entries.map(\.entry.kind) == [.new, .edit, .pin, .pin, .purge])
        #expect(entries.map { $0.content == nil } == [true, false, true, false, false])
        #expect(entries[4].entry.author == "carol" && entries[4].entry.previous == root)
        let receipt = try #require(entries[4].content)
        let text = String(decoding: receipt, as: UTF8.self)
        #expect(
            text == """
                {"reason":"ticket 812","purged":[{"entry":1,"kind":"new",\
                "content":"\(Digest.hex(entries[0].entry.contentDigest))",\
                "bytes":\(result.purged[0].bytes)},{"entry":3,"kind":"pin","pin":"P1",\
                "content":"\(Digest.hex(entries[2].entry.contentDigest))",\
                "bytes":\(result.purged[1].bytes)}]}
                """)
        #expect(try store.pins(of: id).map(\.number) == [2])
        #expect(
            try store.removals(of: id) == [
                RemovedPin(
                    number: 1, entry: 5, reason: "ticket 812", by: "carol", time: 4, isPurged: true)
            ])
    }

    @Test func whatTheRecordStandsOnAndReceiptsAreNotPurged() throws {
        _ = try store.pin([pin(1)], to: id, by: "alice", at: 3)
        func purge(_ pins: [Int], _ entries: [Int]) throws -> Int {
            try store.purge(
                pins: pins, entries: entries, of: id, because: "x", by: "carol", at: 4
            ).purged.count
        }
        #expect(throws: IncidentError.self) { try purge([1], [2]) }
        #expect(throws: IncidentError.self) { try purge([2], []) }
        #expect(throws: IncidentError.self) { try purge([], [9]) }
        #expect(try store.record(id).entries == 3)
        #expect(try purge([1], [3]) == 1)
        #expect(throws: IncidentError.self) { try purge([], [4]) }
        // Again, nothing is left to purge and no receipt is written.
        #expect(try purge([1], []) == 0)
        #expect(try store.record(id).entries == 4)
    }

    @Test func whatWasRemovedCanBePurgedAndItsReasonToo() throws {
        _ = try store.pin([pin(1)], to: id, by: "alice", at: 3)
        try store.append([.unpin(1, reason: "shows 4711")], to: id, by: "bob", at: 4)
        let result = try store.purge(
            pins: [1], entries: [4], of: id, because: "erasure", by: "carol", at: 5)
        #expect(result.purged.map(\.kind) == [.pin, .unpin])
        #expect(!has("4711"))
        #expect(try store.removals(of: id).map(\.reason) == ["erasure"])
        #expect(try chainHolds())
    }
}
