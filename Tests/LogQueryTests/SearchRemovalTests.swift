import Glibc
import LogModel
import LogQuery
import LogStore
import StoreFixtures
import Testing

/// What a search says of days and events that are not there any more.
@Suite struct SearchRemovalTests {
    private static let day = 24 * SampleStore.hour
    private static let last = Day(of: SampleStore.noon)
    private static let days = (0..<4).map { Day(number: last.number - 3 + $0) }

    /// Two sources with an error and a debug line on each of four days; the writer is gone.
    private static func store() throws -> HandmadeStore {
        let store = try HandmadeStore()
        for service in ["a", "b"] {
            let source = EventSource(host: "h", service: service, path: "/\(service).log")
            var offset: Int64 = 0
            for day in days {
                var builder = BatchBuilder(offset: offset)
                builder.add(line: "\(service) failed", at: day.start + 1, severity: 17)
                builder.add(line: "\(service) looked", at: day.start + 2, severity: 5)
                offset = builder.offset
                try store.add(builder.batch, from: source, commits: false)
            }
        }
        try store.commit()
        store.close()
        return store
    }

    private static func search(
        _ store: HandmadeStore, _ query: String = "*", since: Int64 = .min, until: Int64 = .max
    ) throws -> Search {
        var request = SearchRequest(query: query, now: SampleStore.noon)
        request.times = since..<until
        return try Search(request, in: Store(directory: store.path))
    }

    private static func rewrite(
        _ store: HandmadeStore, _ day: Day,
        _ placements: @escaping @Sendable (EventSource, String) -> SeverityPlacements
    ) throws {
        _ = try Maintenance(directory: store.path).rewrite(
            day, to: DayTarget(placements: placements))
    }

    @Test func missingDayMakesTheAnswerIncompleteWhereTheWindowHasIt() throws {
        let store = try Self.store()
        for ending in ["", "-wal", "-shm"] {
            unlink("\(store.path)/partitions/2026-11-18.db" + ending)
        }
        let all = try Self.search(store)
        #expect(try all.count() == 12)
        #expect(
            all.failures.map(\.description) == [
                "\(store.path)/partitions/2026-11-18.db is missing, and the day had events; bring it "
                    + "back with 'logq restore', or give it up with "
                    + "'logq purge --day 2026-11-18 --reason TEXT'"
            ])
        let listed = try Self.search(store)
        var count = 0
        try listed.run { _ in
            count += 1
            return true
        }
        #expect(count == 12 && listed.failures.count == 1)
        let later = try Self.search(store, since: Self.days[2].start)
        #expect(try later.count() == 8)
        #expect(later.failures.isEmpty)
        let earlier = try Self.search(store, until: Self.days[1].start)
        #expect(try earlier.count() == 4)
        #expect(earlier.failures.isEmpty)
    }

    @Test func followerTellsOfADayThatGoesMissing() throws {
        let store = try Self.store()
        let follower = try EventFollower(
            SearchRequest(query: "*", now: SampleStore.noon), in: Store(directory: store.path))
        #expect(try follower.next() == nil)
        #expect(follower.failures.isEmpty)
        for ending in ["", "-wal", "-shm"] {
            unlink("\(store.path)/partitions/2026-11-18.db" + ending)
        }
        #expect(try follower.next() == nil)
        #expect(follower.failures.count == 1)
        _ = try Maintenance(directory: store.path).remove(Self.days[2], because: .expired)
        #expect(try follower.next() == nil)
        #expect(follower.failures.count == 1)
    }

    /// A crash may leave it for hours.
    @Test func aDayThatIsBeingRemovedIsNotMissing() throws {
        let store = try Self.store()
        let path = "\(store.path)/partitions/2026-11-18.db"
        #expect(rename(path, path + ".removed.77.expired") == 0)
        let search = try Self.search(store)
        #expect(try search.count() == 12)
        #expect(search.failures.isEmpty)
    }

    @Test func removedDaysAreToldWhereTheWindowHasThem() throws {
        let store = try Self.store()
        let maintenance = try Maintenance(directory: store.path)
        for day in Self.days[..<2] { _ = try maintenance.remove(day, because: .expired) }
        _ = try maintenance.remove(Self.days[2], because: .purged)
        let since = Self.days[0].start
        let search = try Self.search(store, since: since)
        #expect(try search.count() == 4)
        #expect(search.failures.isEmpty)
        func sums(_ search: Search) throws -> [String] {
            Dictionary(grouping: try search.removals()) { "\($0.day.name) \($0.reason)" }
                .mapValues { $0.reduce(0) { $0 + $1.events } }.map { "\($0) \($1)" }.sorted()
        }
        #expect(
            try sums(search) == [
                "2026-11-17 expired 4", "2026-11-18 expired 4", "2026-11-19 purged 4",
            ])
        // Of one service only.
        let one = try Self.search(store, "service:a", since: since)
        #expect(
            try sums(one) == [
                "2026-11-17 expired 2", "2026-11-18 expired 2", "2026-11-19 purged 2",
            ])
        #expect(try sums(Self.search(store, since: Self.days[3].start)) == [])
        // All time is what the store keeps.
        #expect(try sums(Self.search(store)) == ["2026-11-19 purged 4"])
    }

    @Test func partsOfDaysThatWereRemovedAreTold() throws {
        let store = try Self.store()
        try Self.rewrite(store, Self.days[1]) { source, _ in
            var placements = SeverityPlacements(.indexed)
            if source.service == "a" { placements[5] = .removed }
            return placements
        }
        for (query, removed) in [("*", 1), ("service:a failed", 1), ("service:b", 0)] {
            let search = try Self.search(store, query, since: Self.days[0].start)
            _ = try search.count()
            let expected = [DayRemoval(day: Self.days[1], reason: .expired, events: 1)]
            #expect(try search.removals() == Array(expected.prefix(removed)), "\(query)")
            let listed = try Self.search(store, query, since: Self.days[0].start)
            try listed.run { _ in true }
            #expect(try listed.removals() == Array(expected.prefix(removed)), "\(query)")
        }
        let later = try Self.search(store, since: Self.days[2].start)
        _ = try later.count()
        #expect(try later.removals() == [])
    }

    @Test func archiveCostIsWhatTheSearchHasToRead() throws {
        let store = try Self.store()
        #expect(try Self.search(store).archiveCost() == nil)
        for day in Self.days[..<2] {
            try Self.rewrite(store, day) { _, _ in SeverityPlacements(.archived) }
        }
        let search = try Self.search(store, "nothing")
        let cost = try #require(try search.archiveCost())
        #expect(cost.days == 2 && cost.bytes == 72 && cost.newest == Self.days[1])
        // From noon of the 20th back to the end of the 18th.
        #expect(cost.daysLeft(at: SampleStore.noon) == 1)
        #expect(search.statistics.days == 0 && search.statistics.blocksNamed == 0)
        #expect(try search.count() == 0)
        #expect(search.statistics.archivedBytesDecoded == 72)
        #expect(search.statistics.rawBytesDecoded == 72)
        #expect(try Self.search(store, "service:a nothing").archiveCost()?.bytes == 36)
        #expect(try Self.search(store, "level:FATAL").archiveCost() == nil)
        #expect(try Self.search(store, since: Self.days[2].start).archiveCost() == nil)
        let part = try Self.search(store, since: Self.days[1].start)
        #expect(try part.archiveCost()?.days == 1)
    }
}
