import Incidents
import LogStore
import StoreFixtures
import Testing

/// E3, E5 and E9 over random histories: pins, removals and purges against a plain model, and the chain after each.
@Suite struct PinModelTests {
    /// What the record should be.
    private struct Model {
        struct Pin {
            let uid: String
            let entry: Int
            var removed: Int?
            var isPurged = false
        }

        var entries: [Entry.Kind] = []
        var pins: [Pin] = []
        var purged: Set<Int> = []
        var revision = 1

        var shown: [Int] {
            pins.indices.filter { pins[$0].removed == nil }.map { $0 + 1 }
        }

        func number(of uid: String) -> Int? {
            pins.firstIndex { $0.uid == uid && $0.removed == nil }.map { $0 + 1 }
        }
    }

    private let directory = TemporaryDirectory(inMemory: true)
    private let store: IncidentStore
    private let id: IncidentID
    private var model = Model()
    private var random: SeededRandom
    private let seed: UInt64

    init() throws {
        seed = UInt64.random(in: 0...UInt64.max)
        random = SeededRandom(seed: seed)
        store = try IncidentStore(writing: directory("store"))
        id = try store.create(Incident(), by: "a", at: 1)
        model.entries = [.new]
    }

    private func event(_ uid: Int) -> Pin {
        var pin = Pin()
        pin.event.uid = "g-\(uid)"
        pin.originals.event = Array("line \(uid)\n".utf8)
        return pin
    }

    private mutating func pinSome() throws {
        let uids = (0..<random.number(1...4)).map { _ in random.number(0...15) }
        var new: [Int] = []
        var known: [Int] = []
        for uid in uids {
            if let number = model.number(of: "g-\(uid)") {
                known.append(number)
                continue
            }
            model.entries.append(.pin)
            model.pins.append(Model.Pin(uid: "g-\(uid)", entry: model.entries.count))
            new.append(model.pins.count)
        }
        let result = try store.pin(uids.map(event), to: id, by: "b", at: 2)
        #expect(result.new.map(\.number) == new && result.known.map(\.number) == known)
    }

    private mutating func unpinOne() throws {
        let number = random.number(1...max(1, model.pins.count + 1))
        let change = IncidentChange.unpin(number, reason: "r")
        guard model.shown.contains(number) else {
            #expect(throws: IncidentError.self) {
                try store.append([change], to: id, by: "c", at: 3)
            }
            return
        }
        try store.append([change], to: id, by: "c", at: 3)
        model.entries.append(.unpin)
        model.pins[number - 1].removed = model.entries.count
    }

    private mutating func revise() throws {
        var incident = Incident()
        incident.title = "title \(random.number(0...999))"
        try store.append([.revision(incident, .edit)], to: id, by: "d", at: 4)
        model.entries.append(.edit)
        model.revision = model.entries.count
    }

    private mutating func purgeSome() throws {
        let pins = model.pins.isEmpty ? [] : [random.number(1...model.pins.count)]
        let entries = random.isTrue(oneIn: 2) ? [random.number(1...model.entries.count)] : []
        let wanted = Set(entries + pins.map { model.pins[$0 - 1].entry })
            .subtracting(model.purged)
        let isRefused = wanted.contains {
            $0 == model.revision || model.entries[$0 - 1] == .purge
        }
        func purge() throws -> [Int] {
            let result = try store.purge(
                pins: pins, entries: entries, of: id, because: "p", by: "e", at: 5)
            #expect(result.isGone)
            return result.purged.map(\.entry)
        }
        guard !isRefused else {
            #expect(throws: IncidentError.self) { try purge() }
            return
        }
        #expect(try purge() == wanted.sorted())
        guard !wanted.isEmpty else { return }
        model.entries.append(.purge)
        model.purged.formUnion(wanted)
        for index in model.pins.indices where wanted.contains(model.pins[index].entry) {
            (model.pins[index].removed, model.pins[index].isPurged) = (model.entries.count, true)
        }
    }

    private func compare(_ place: Comment) throws {
        let store = try IncidentStore(reading: directory("store"))
        #expect(try store.pins(of: id).map(\.number) == model.shown, place)
        let removals = try store.removals(of: id)
        let gone = model.pins.indices.filter { model.pins[$0].removed != nil }
        #expect(removals.map(\.number) == gone.map { $0 + 1 }, place)
        #expect(removals.map(\.entry) == gone.compactMap { model.pins[$0].removed }, place)
        #expect(removals.map(\.isPurged) == gone.map { model.pins[$0].isPurged }, place)
        let entries = try store.entries(of: id)
        #expect(entries.map(\.entry.kind) == model.entries, place)
        let holes = entries.filter { $0.content == nil }.map(\.entry.number)
        #expect(Set(holes) == model.purged, place)
        #expect(try store.check(id).problems == [], place)
    }

    @Test mutating func randomHistoriesAreWhatAModelSays() throws {
        for step in 0..<60 {
            switch random.number(0...9) {
            case 0...3: try pinSome()
            case 4...5: try unpinOne()
            case 6...7: try revise()
            default: try purgeSome()
            }
            try compare("seed \(seed), step \(step)")
        }
    }
}
