import Glibc
import Incidents
import LogModel
import LogQuery
import LogStore
import StoreFixtures
import Testing

/// E1 and E2: what a pin copies, and what it says of where that comes from.
@Suite struct PinningTests {
    private let store: HandmadeStore
    private static let midnight: Int64 = 1_795_132_800_000_000_000
    private static let second: Int64 = 1_000_000_000
    private static let source = EventSource(
        host: "pay-app-1", service: "control", environment: "prod", path: "/var/log/支付.log",
        observedTimestamp: midnight + 7)
    private static let layout = Layout(
        format: "java-logback",
        pieces: [.literal(Array("[".utf8)), .field(0), .literal(Array("] ".utf8)), .field(1)],
        fields: [Field(FieldName.thread), Field(FieldName.body, .body)])
    /// 数据库 in GBK, a NUL, and bytes that are neither UTF-8 nor GBK.
    private static let hostile: [UInt8] =
        [0xCA, 0xFD, 0xBE, 0xDD, 0xBF, 0xE2, 0x00, 0x1B] + Array("[31m x".utf8)

    /// One file over two days and four blocks of two events; the lines in the order of the file.
    private let lines: [[UInt8]]

    init() throws {
        store = try HandmadeStore()
        var builder = BatchBuilder()
        var lines: [[UInt8]] = []
        for number in 0..<8 {
            if number % 2 == 0 { builder = BatchBuilder(offset: builder.offset) }
            let body = number == 3 ? Self.hostile : Array("line \(number)\n\tat c.E".utf8)
            let values = [Array("main".utf8), body]
            // Around midnight the days take turns.
            let time = Self.midnight + Int64([-9, -8, -7, 1, -2, 3, 4, 5][number]) * Self.second
            builder.add(
                values, Self.layout, at: time, severity: 17, utcOffset: 28_800,
                terminator: number == 7 ? [] : Array(number == 3 ? "\r\n".utf8 : "\n\n".utf8))
            lines.append(builder.batch.original(builder.batch.rows.count - 1))
            if number % 2 == 1 { try store.add(builder.batch, from: Self.source) }
        }
        self.lines = lines
    }

    private func request(_ query: String, _ order: SearchRequest.Order = .oldest) -> SearchRequest {
        var request = SearchRequest(query: query, now: Self.midnight)
        request.order = order
        return request
    }

    private func pinning(_ neighbours: Int = 3) throws -> Pinning {
        Pinning(try Store(directory: store.path), zone: .utc, neighbours: neighbours)
    }

    @Test func aPinHasTheOriginalBytesAndThoseOfItsNeighboursOverBlocksAndDays() throws {
        let found = try pinning(2).pins(request("main"), limit: 100, note: "why")
        #expect(found.matched == 8)
        #expect(found.pins.count == 8)
        for pin in found.pins {
            let number = try #require(lines.firstIndex(of: pin.originals.event))
            #expect(pin.place.offset == lines[..<number].reduce(0) { $0 + Int64($1.count) })
            #expect(pin.place.length == Int64(lines[number].count))
            #expect(pin.originals.before == Array(lines[max(0, number - 2)..<number].joined()))
            #expect(pin.originals.after == Array(lines[(number + 1)...].prefix(2).joined()))
            #expect(pin.note == "why")
        }
    }

    @Test func aPinSaysWhereItsEventComesFromAndHowItWasFound() throws {
        var request = request("\"line 5\"")
        request.times = Self.midnight..<Self.midnight + 60 * Self.second
        request.zone = try Zone.named("Asia/Shanghai")
        let pin = try #require(try pinning().pins(request, limit: 10, note: "").pins.first)
        #expect(pin.place.host == "pay-app-1" && pin.place.service == "control")
        #expect(pin.place.environment == "prod" && pin.place.path == "/var/log/支付.log")
        #expect(pin.event.uid == pin.place.generation + "-\(pin.place.offset)")
        #expect(pin.event.timestamp == Self.midnight + 3 * Self.second)
        #expect(pin.event.observedTimestamp == Self.midnight + 7)
        #expect(pin.event.utcOffset == 28_800 && pin.event.severityNumber == 17)
        #expect(pin.event.format == "java-logback")
        #expect(pin.event.parser == Digest.hex(LayoutDigest.of(Self.layout)))
        #expect(
            pin.event.fields == [
                Pin.Field("thread.name", "main"), Pin.Field("Body", "line 5\n\tat c.E"),
            ])
        #expect(pin.finding.query == "\"line 5\"" && pin.finding.times == request.times)
        #expect(pin.finding.zone == "Asia/Shanghai" && pin.finding.matched == 1)
    }

    @Test func bytesThatAreNoTextStayAndAreShownAsTheyAreShownElsewhere() throws {
        let pin = try #require(try pinning().pins(request("数据库"), limit: 1, note: "").pins.first)
        #expect(pin.originals.event == Array("[main] ".utf8) + Self.hostile + [0x0D, 0x0A])
        #expect(pin.value("Body") == "数据库\u{0}\u{1B}[31m x")
    }

    @Test func theFirstOnesInTheOrderAskedForAreTakenAndAllAreCounted() throws {
        let oldest = try pinning(0).pins(request("*"), limit: 3, note: "")
        #expect(oldest.matched == 8)
        #expect(oldest.pins.map(\.originals.event) == [lines[0], lines[1], lines[2]])
        #expect(oldest.pins.allSatisfy { $0.finding.matched == 8 && $0.originals.before.isEmpty })
        let newest = try pinning().pins(request("*", .newest), limit: 1, note: "")
        #expect(newest.pins.map(\.originals.event) == [lines[7]])
    }

    @Test func anEventIsFoundByItsUidAndWhatIsNotThereIsNot() throws {
        let pins = try pinning().pins(request("*"), limit: 8, note: "").pins
        for pin in pins {
            let again = try #require(
                try pinning().pin(uid: pin.event.uid, query: pin.finding.query, note: ""))
            #expect(again.place == pin.place && again.originals == pin.originals)
            #expect(again.event == pin.event)
        }
        let generation = pins[0].place.generation
        for uid in [
            "", "-", "x", "nowhere-0", generation, generation + "-1", generation + "--5",
            generation + "-99999999999999999999", generation + "-9223372036854775807",
        ] {
            #expect(try pinning().pin(uid: uid, query: "", note: "") == nil)
        }
    }

    @Test func aDayThatCannotBeReadIsToldAndTheOthersArePinned() throws {
        store.close()
        // The day after midnight has lines 3, 5, 6 and 7.
        let day = store.path + "/partitions/\(Day(of: Self.midnight).name).db"
        for ending in ["-wal", "-shm"] { unlink(day + ending) }
        store.directory.write("no store", to: "store/partitions/\(Day(of: Self.midnight).name).db")
        let pinning = try pinning()
        let pins = try pinning.pins(request("*"), limit: 10, note: "").pins
        #expect(pins.map(\.originals.event) == [lines[0], lines[1], lines[2], lines[4]])
        #expect(pins[2].originals.before == lines[0] + lines[1])
        #expect(pins[2].originals.after == lines[4])
        #expect(!pinning.failures.isEmpty)
        let uid = pins[0].event.uid
        #expect(try self.pinning().pin(uid: uid, query: "", note: "")?.originals.event == lines[0])
    }

    @Test func neighboursAreThoseOfTheFileWhereItsDaysTakeTurns() throws {
        let store = try HandmadeStore()
        var builder = BatchBuilder()
        var lines: [[UInt8]] = []
        for number in 0..<36 {
            if number % 2 == 0 { builder = BatchBuilder(offset: builder.offset) }
            // Twelve days, one after the other, three times.
            let time = Self.midnight + Int64(number / 2 % 12) * 86_400 * Self.second
            builder.add(line: "line \(number)", at: time)
            lines.append(builder.batch.original(builder.batch.rows.count - 1))
            if number % 2 == 1 { try store.add(builder.batch, from: Self.source) }
        }
        let pinning = Pinning(try Store(directory: store.path), zone: .utc)
        for pin in try pinning.pins(request("line"), limit: 100, note: "").pins {
            let number = try #require(lines.firstIndex(of: pin.originals.event))
            #expect(pin.originals.before == Array(lines[max(0, number - 3)..<number].joined()))
            #expect(pin.originals.after == Array(lines[(number + 1)...].prefix(3).joined()))
        }
    }

    @Test func queriesWithPipesAreRefused() throws {
        #expect(throws: SearchError.self) {
            try pinning().pins(request("* | stats count()"), limit: 1, note: "")
        }
    }
}
