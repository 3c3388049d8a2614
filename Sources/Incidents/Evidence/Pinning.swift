package import LogModel
package import LogQuery
package import LogStore

/// Takes events out of a store as pins: their bytes, what stands around them, where they come from.
///
/// Neighbours are the events of the same content of a file, by their place in it, whatever day or block they
/// are in. Where some were removed the nearest ones that are left are taken, or fewer. Costs the search, a
/// look at the sources of each day, and decoding the blocks around each event. Used by one thread.
package final class Pinning {
    /// What could not be read: matching events or neighbours may be missing where there is something.
    package private(set) var failures: [StoreError] = []
    /// The search that `pins` made last, run to its end: it knows what is missing in its window.
    package private(set) var search: Search?

    private let store: Store
    private let zone: Zone
    private let neighbours: Int
    private var days: GenerationDays?
    /// The file that was looked at last, on some of its days.
    private var file: (generation: String, days: ArraySlice<Day>, events: FileEvents)?

    /// - Parameter neighbours: how many events before each one, and how many after it, are kept.
    package init(_ store: Store, zone: Zone, neighbours: Int = 3) {
        self.store = store
        self.zone = zone
        self.neighbours = max(0, neighbours)
    }

    /// The first `limit` events in the request's order, numbered when they are appended to a record, and how
    /// many match in all.
    ///
    /// An event that may still grow is pinned as it is now. Throws for a query with pipes.
    package func pins(
        _ request: SearchRequest, limit: Int, note: String
    ) throws(SearchError) -> (pins: [Pin], matched: Int) {
        var request = request
        request.limit = limit
        let search = try Search(request, in: store)
        guard !search.isPiped else { throw .query(Self.pipes(request.query)) }
        var found: [Event] = []
        try search.run {
            found.append($0)
            return true
        }
        failures += search.failures
        self.search = search
        let matched = found.count < limit ? found.count : try count(request)
        var finding = Pin.Finding()
        (finding.query, finding.times) = (request.query, request.times)
        (finding.zone, finding.matched) = (request.zone.name, max(matched, found.count))
        return (found.map { pin($0, finding, note) }, finding.matched)
    }

    /// The event with a uid, `GENERATION-OFFSET`, which `search --json` calls its `log.record.uid`; nil where
    /// the store does not have it, or no more.
    package func pin(uid: String, query: String, note: String) throws(SearchError) -> Pin? {
        guard let place = Self.place(uid) else { return nil }
        do {
            guard let day = try day(of: place.offset, place.generation) else { return nil }
            let around = try events(around: place.offset, of: place.generation, on: day)
            guard let event = around.first(where: { $0.event.uid == uid })?.event else {
                return nil
            }
            var finding = Pin.Finding()
            (finding.query, finding.zone, finding.matched) = (query, zone.name, 1)
            return Self.pin(event, among: around, finding, note)
        } catch {
            throw .store(error)
        }
    }

    /// How many events match, and what could not be read behind the first that are pinned.
    private func count(_ request: SearchRequest) throws(SearchError) -> Int {
        let search = try Search(request, in: store)
        let matched = try search.count()
        let known = Set(failures.map(\.description))
        failures += search.failures.filter { !known.contains($0.description) }
        self.search = search
        return matched
    }

    private static func place(_ uid: String) -> (generation: String, offset: Int64)? {
        guard let dash = uid.lastIndex(of: "-"), let offset = Int64(uid[uid.index(after: dash)...])
        else { return nil }
        return (String(uid[..<dash]), offset)
    }

    private static func pipes(_ query: String) -> QueryError {
        QueryError(
            problem: "what is pinned are events, not what pipes make of them", query: query,
            range: 0..<query.utf8.count, help: "leave out what stands behind the first '|'")
    }

    // MARK: Neighbours

    private func pin(_ event: Event, _ finding: Pin.Finding, _ note: String) -> Pin {
        do {
            let around = try events(
                around: event.offset, of: event.source.generation, on: Day(of: event.timestamp))
            return Self.pin(event, among: around, finding, note)
        } catch {
            failures.append(error)
            return Self.pin(event, among: [], finding, note)
        }
    }

    /// The events around a place. They are most often on the days next to its own, and then no other day is opened;
    /// where something is missing between them, or they are too few, all days of the file are looked at.
    private func events(
        around offset: Int64, of generation: String, on day: Day
    ) throws(StoreError) -> [FileEvents.Found] {
        let near = try days(around: day, of: generation)
        let found = try events(around: offset, of: generation, on: near)
        let all = try knownDays().days(of: generation)
        guard near.count < all.count, !isWhole(found, around: offset) else { return found }
        return try events(around: offset, of: generation, on: all[...])
    }

    private func events(
        around offset: Int64, of generation: String, on days: ArraySlice<Day>
    ) throws(StoreError) -> [FileEvents.Found] {
        var events: FileEvents
        if let file, file.generation == generation, file.days == days {
            events = file.events
        } else {
            events = try FileEvents(generation, on: days, in: store)
        }
        // Two references to its blocks would copy what is changed in one.
        file = nil
        let found = try events.events(around: offset, before: neighbours, after: neighbours)
        file = (generation, days, events)
        return found
    }

    /// Whether each event begins where the one before it ends, and there are as many as there can be.
    private func isWhole(_ found: [FileEvents.Found], around offset: Int64) -> Bool {
        let events = found.map(\.event)
        guard let own = events.firstIndex(where: { $0.offset == offset }),
            own == neighbours || events[0].offset == 0, events.count - own > neighbours
        else { return false }
        return zip(events, events.dropFirst()).allSatisfy {
            $0.offset &+ Int64($0.length) == $1.offset
        }
    }

    /// The days next to one, of those that have the file; a day costs three descriptors.
    private func days(
        around day: Day, of generation: String
    ) throws(StoreError) -> ArraySlice<Day> {
        let days = try knownDays().days(of: generation)
        guard let own = days.firstIndex(of: day) else { return days[..<0] }
        return days[max(0, own - 1)..<min(days.count, own + 2)]
    }

    /// The day that has the event at a place of a file.
    private func day(of offset: Int64, _ generation: String) throws(StoreError) -> Day? {
        guard offset >= 0, offset < .max else { return nil }
        for day in try knownDays().days(of: generation) where !store.isRemoved(day) {
            for block in try store.partition(day)
                .blocks(ofGeneration: generation, in: offset..<offset + 1)
            {
                let rows = try store.partition(day).batch(of: block).rows
                if rows.contains(where: { $0.offset == offset }) { return day }
            }
        }
        return nil
    }

    private func knownDays() throws(StoreError) -> GenerationDays {
        if let days { return days }
        let known = try GenerationDays(of: store)
        failures += known.failures
        days = known
        return known
    }

    private static func pin(
        _ event: Event, among around: [FileEvents.Found], _ finding: Pin.Finding, _ note: String
    ) -> Pin {
        let own = around.firstIndex { $0.event.uid == event.uid }
        var pin = Pin(own.map { around[$0].event } ?? event, layout: own.map { around[$0].layout })
        (pin.finding, pin.note) = (finding, note)
        if let own {
            pin.originals.before = bytes(around[..<own].reversed()) { $1 + $0 }
            pin.originals.after = bytes(around[(own + 1)...]) { $0 + $1 }
        }
        return pin
    }

    /// How many bytes of neighbours are kept on each side; the longest event has so many.
    static let mostBytes = 1 << 20

    /// The neighbours on one side, the nearest first, as far as they fit, put together.
    private static func bytes(
        _ side: some Sequence<FileEvents.Found>, _ join: ([UInt8], [UInt8]) -> [UInt8]
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        for neighbour in side {
            guard bytes.count + neighbour.event.length <= mostBytes else { break }
            bytes = join(bytes, neighbour.event.original + neighbour.event.terminator)
        }
        return bytes
    }
}
