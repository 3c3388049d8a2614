import Incidents
import LogModel
import LogParsing
import LogShipping
import LogStore
import StoreFixtures

/// Three hours of logs of a small platform, from 2026-11-20 09:00 UTC on, to which a fault is added.
///
/// Usual traffic: control on two hosts, some six lines a minute, one in fifty an error; nginx on one,
/// twenty requests a minute, one in a hundred a 502.
final class FaultyLogs {
    /// 2026-11-20 09:00 UTC.
    static let start: Int64 = 1_795_165_200_000_000_000
    static let second: Int64 = 1_000_000_000
    static let minute = 60 * second
    static let length = 180 * minute

    let directory = TemporaryDirectory(inMemory: true)
    private var random: SeededRandom
    private var isTakenIn = false
    private var lines: [String: [(time: Int64, text: String)]] = [:]

    init(seed: UInt64, hasTraffic: Bool = true) {
        random = SeededRandom(seed: seed)
        guard hasTraffic else { return }
        for host in ["app-1", "app-2"] {
            control(1_080, on: host, in: 0..<180 * 60) { random in
                random.isTrue(oneIn: 50)
                    ? ("ERROR", "支付失败 order=\(random.number(1...99_999)) reason=balance")
                    : ("INFO ", "order \(random.number(1...99_999)) is created")
            }
        }
        requests(3_600, in: 0..<180 * 60) { random in
            (random.isTrue(oneIn: 100) ? 502 : 200, Double(random.number(1...200)) / 1000)
        }
    }

    /// The moment so many seconds from the start.
    static func at(_ second: Int) -> Int64 { start + Int64(second) * Self.second }

    /// Adds lines of control at random times within some seconds.
    func control(
        _ count: Int, on host: String, in seconds: Range<Int>,
        _ make: (inout SeededRandom) -> (level: String, message: String)
    ) {
        for _ in 0..<count {
            let time = moment(seconds)
            let (level, message) = make(&random)
            add(
                "\(RFC3339.clockText(time, zone: .utc)).000 [pool-1] \(level) c.e.Any - \(message)",
                time, to: host + "/control.log")
        }
    }

    /// Adds requests at random times within some seconds, each with a status and how long it took.
    func requests(
        _ count: Int, path: String = "/api/orders", in seconds: Range<Int>,
        _ make: (inout SeededRandom) -> (status: Int, seconds: Double)
    ) {
        for _ in 0..<count {
            let time = moment(seconds)
            let (status, took) = make(&random)
            let clock = RFC3339.clockText(time, zone: .utc).dropFirst(11)
            let order = random.number(1...99_999)
            add(
                "10.0.0.\(random.number(1...200)) - - [20/Nov/2026:\(clock) +0000] "
                    + "\"GET \(path)/\(order) HTTP/1.1\" \(status) 10 \"-\" \"curl/8\" \(took) \(took)",
                time, to: "web-1/access.log")
        }
    }

    /// Adds one line to a file, named with its host.
    func add(_ text: String, _ time: Int64, to file: String) {
        lines[file, default: []].append((time, text))
    }

    /// Leaves the lines of a file out that stand within some seconds.
    func remove(_ file: String, in seconds: Range<Int>) {
        let times = Self.at(seconds.lowerBound)..<Self.at(seconds.upperBound)
        lines[file]?.removeAll { times.contains($0.time) }
    }

    private func moment(_ seconds: Range<Int>) -> Int64 {
        Self.at(random.number(seconds.lowerBound...seconds.upperBound - 1))
    }

    /// What is found in the logs.
    func search(
        _ place: DraftRequest.Place = .newest, _ query: String = ""
    ) throws -> FaultSearch {
        var request = Self.request(place)
        request.query = query
        return try FaultSearch(request, in: store())
    }

    /// The logs taken in; the store is there as long as these logs are.
    func store() throws -> Store {
        let path = directory("store")
        if isTakenIn { return try Store(directory: path) }
        isTakenIn = true
        for (file, lines) in lines.sorted(by: { $0.key < $1.key }) {
            let sorted = lines.sorted { ($0.time, $0.text) < ($1.time, $1.text) }
            let parts = file.split(separator: "/").map(String.init)
            let name = parts[0] + "." + parts[1]
            directory.write(sorted.map { $0.text + "\n" }.joined(), to: name)
            var options = SourceOptions(
                host: parts[0], formats: .builtIn, zone: .utc, now: Self.start + Self.length)
            options.service = parts[1] == "access.log" ? "nginx" : "control"
            try Ingest(into: StoreWriter(directory: path), options: options).run([directory(name)])
        }
        return try Store(directory: path)
    }

    static func request(
        _ place: DraftRequest.Place = .newest, _ language: Language = .english
    ) -> DraftRequest {
        DraftRequest(place, zone: .utc, now: start + length, language: language)
    }
}

/// The sample logs of the repository: a release at 10:05 leaks database connections.
final class SampleLogs {
    private let directory = TemporaryDirectory(inMemory: true)
    static let zone = Zone(name: "+08:00", offset: 8 * 3600)
    /// 2026-11-20 00:00 in the samples' zone.
    static let midnight: Int64 = 1_795_104_000_000_000_000

    init() throws {
        let folder = #filePath.dropLast("IncidentsTests/FaultyLogs.swift".count)
        for host in ["pay-app-1", "pay-web-1"] {
            let options = SourceOptions(
                host: host, formats: .builtIn, zone: Self.zone,
                now: Self.midnight + 86_400_000_000_000)
            let files = Discovery.files(at: [folder + "Samples/" + host], excluding: path).files
            try Ingest(into: StoreWriter(directory: path), options: options).run(files)
        }
    }

    private var path: String { directory("store") }

    func store() throws -> Store { try Store(directory: path) }

    func search(_ request: DraftRequest) throws -> FaultSearch {
        try FaultSearch(request, in: store())
    }

    static func request(
        _ place: DraftRequest.Place = .newest, _ language: Language = .english
    ) -> DraftRequest {
        DraftRequest(
            place, zone: zone, now: midnight + 86_400_000_000_000, language: language)
    }

    /// A moment of the day by the clock of the samples.
    static func at(_ hour: Int, _ minute: Int, _ second: Int) -> Int64 {
        midnight + Int64(hour * 3600 + minute * 60 + second) * 1_000_000_000
    }
}
