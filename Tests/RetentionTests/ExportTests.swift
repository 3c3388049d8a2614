import CZlib
import Glibc
import LogModel
import LogQuery
import LogStore
import SQLite
import StoreFixtures
import Testing

@testable import Retention

@Suite struct ExportTests {
    /// 2026-11-20, noon.
    private static let noon: Int64 = 1_795_176_000_000_000_000
    private static let day: Int64 = 86_400_000_000_000
    private let store: HandmadeStore
    private var target: String { store.directory("export") }

    init() throws { store = try HandmadeStore() }

    private static func source(
        _ path: String, generation: String = "", host: String = "web-1", service: String = "node",
        environment: String = ""
    ) -> EventSource {
        EventSource(
            host: host, service: service, environment: environment, path: path,
            generation: generation)
    }

    private static func batch(
        _ lines: [String], at time: Int64 = noon, offset: Int64 = 0, severities: [UInt8] = [9]
    ) -> EventBatch {
        var builder = BatchBuilder(offset: offset)
        for (index, line) in lines.enumerated() {
            let text = Array(line.utf8.prefix { $0 != 0x0A && $0 != 0x0D })
            builder.add(
                [text], .unparsed, at: time + Int64(index),
                severity: severities[index % severities.count], flags: .isUnparsed,
                terminator: Array(line.utf8.dropFirst(text.count)))
        }
        return builder.batch
    }

    @discardableResult
    private func export(
        _ query: String = "", times: Range<Int64> = .min..<Int64.max
    ) throws -> ExportReport {
        var request = SearchRequest(query: query, now: Self.noon)
        request.times = times
        return try Export(request, of: store.path, to: target).run { _, _ in }
    }

    private func text(_ file: String) -> String {
        String(decoding: gunzip(TemporaryDirectory.read(target + "/" + file)), as: UTF8.self)
    }

    @Test func eachFileHasItsLinesAsTheyWere() throws {
        let lines = ["one\n", "two\r\n", "\u{1B}[31m三\n\n"]
        try store.add(Self.batch(lines), from: Self.source("/l/a.log"))
        try store.add(
            Self.batch(["next day"], at: Self.noon + Self.day, offset: 17),
            from: Self.source("/l/a.log"))
        try store.add(Self.batch(["other\n"]), from: Self.source("/l/b.log", environment: "test"))
        let report = try export()
        #expect((report.files, report.kept, report.events) == (3, 0, 5))
        #expect(report.failures.isEmpty)
        #expect(text("web-1/node/2026-11-20/l/a.log.gz") == "one\ntwo\r\n\u{1B}[31m三\n\n")
        #expect(text("web-1/node/2026-11-21/l/a.log.gz") == "next day")
        #expect(text("web-1/node@test/2026-11-20/l/b.log.gz") == "other\n")
        let lists = ["INDEX", "SHA256SUMS"].map {
            String(decoding: TemporaryDirectory.read(target + "/" + $0), as: UTF8.self)
                .split(separator: "\n")
        }
        #expect(lists.map(\.count) == [4, 3])
        #expect(
            lists[0][1].hasPrefix(
                """
                web-1/node/2026-11-20/l/a.log.gz\tweb-1\tnode\t\t/l/a.log\t\
                2026-11-20T12:00:00.000000000Z\t2026-11-20T12:00:00.000000002Z\t3\t19\t
                """))
        let sum = Digest.sha256(
            TemporaryDirectory.read(target + "/web-1/node/2026-11-20/l/a.log.gz"))
        #expect(lists[1][0] == "\(Digest.hex(sum))  web-1/node/2026-11-20/l/a.log.gz")
        let file = target + "/web-1/node/2026-11-20/l/a.log.gz"
        #expect(TemporaryDirectory.permissions(file) == 0o600)
    }

    /// Rotated by the day, say: the later content is behind the earlier one, and begins a line.
    @Test func generationsOfAPathStandInTheOrderOfTheirTimes() throws {
        try store.add(Self.batch(["late\n"], at: Self.noon + 100), from: Self.source("/a"))
        store.close()
        let writer = try StoreWriter(directory: store.path)
        let generation = try writer.add(
            Generation(
                name: "0", head: [0x65], host: "web-1", service: "node", environment: "",
                path: "/a", format: "", zone: "UTC", fallbackTime: 0, observed: 0))
        let batch = Self.batch(["early without end"])
        var encoder = BatchEncoder()
        _ = try writer.insert(
            encoder.encode(batch), from: Self.source("/a", generation: "0"),
            progress: GenerationProgress(
                generation: generation.id, checkpoint: Checkpoint(position: 17, guardHash: []),
                openOffset: 17, openDay: nil, lastTime: Self.noon))
        try writer.commit()
        try export()
        #expect(text("web-1/node/2026-11-20/a.gz") == "early without end\nlate\n")
    }

    /// A day that is archived by level has two blocks for each stretch of a file.
    @Test func linesOfTwoBlocksStandInTheOrderOfTheFile() throws {
        let lines = (0..<200).map { "line \($0)\n" }
        try store.add(
            Self.batch(lines, severities: [5, 17, 9, 17, 17]), from: Self.source("/a"))
        store.close()
        let target = DayTarget { _, _ in
            var placements = SeverityPlacements(.archived)
            placements[17] = .indexed
            return placements
        }
        let day = Day(of: Self.noon)
        let change = try Maintenance(directory: store.path).rewrite(day, to: target)
        #expect(change?.blocksAfter == 2)
        try export()
        #expect(text("web-1/node/2026-11-20/a.gz") == lines.joined())
        try export("level:DEBUG", times: Self.noon..<Self.noon + 11)
        #expect(text("web-1/node/2026-11-20/a.gz") == "line 0\nline 5\nline 10\n")
    }

    @Test func aQueryLeavesOutWhatItDoesNotFind() throws {
        try store.add(
            Self.batch(["alpha\n", "beta\n", "alpha beta\n"]), from: Self.source("/a"))
        try store.add(Self.batch(["beta\n"]), from: Self.source("/b"))
        #expect(try export("alpha").events == 2)
        #expect(text("web-1/node/2026-11-20/a.gz") == "alpha\nalpha beta\n")
        #expect(access(target + "/web-1/node/2026-11-20/b.gz", F_OK) != 0)
        #expect(try export("gamma").files == 0)
    }

    @Test func whatIsThereAndTheSameIsKept() throws {
        try store.add(Self.batch(["one\n"]), from: Self.source("/a"))
        try store.add(Self.batch(["two\n"]), from: Self.source("/b"))
        #expect(try export().kept == 0)
        #expect(try export().kept == 2)
        try store.add(Self.batch(["more\n"], offset: 4), from: Self.source("/a"))
        store.directory.write("damage", to: "export/web-1/node/2026-11-20/b.gz")
        let report = try export()
        #expect((report.files, report.kept) == (2, 0))
        #expect(text("web-1/node/2026-11-20/a.gz") == "one\nmore\n")
        #expect(text("web-1/node/2026-11-20/b.gz") == "two\n")
        unlink(target + "/web-1/node/2026-11-20/b.gz")
        #expect(try export().kept == 1)
        // The lists have what other exports into the directory wrote.
        try export("one")
        let list = String(decoding: TemporaryDirectory.read(target + "/INDEX"), as: UTF8.self)
        #expect(list.split(separator: "\n").count == 3)
    }

    @Test func damagedBlocksAreLeftOutAndTold() throws {
        try store.add(Self.batch(["one\n"]), from: Self.source("/a"))
        try store.add(Self.batch(["two\n"], offset: 4), from: Self.source("/a"))
        store.close()
        try Connection(store.path + "/partitions/2026-11-20.db", mode: .readWrite).execute(
            "UPDATE block SET digest = zeroblob(32) WHERE id = 1")
        for _ in 0..<2 {
            let report = try export()
            #expect(report.failures.count == 1)
            #expect(report.kept == 0)
            #expect(text("web-1/node/2026-11-20/a.gz") == "two\n")
        }
    }

    @Test func theStoreIsNoPlaceToExportTo() throws {
        try store.add(Self.batch(["one\n"]), from: Self.source("/a"))
        let request = SearchRequest(query: "", now: 0)
        #expect(throws: StoreError.self) {
            try Export(request, of: store.path, to: store.path + "/partitions/x")
        }
    }

    @Test(arguments: [
        (source("/var/log/nginx/access.log"), "web-1/node/D/var/log/nginx/access.log.gz"),
        (source("app.log"), "web-1/node/D/%/app.log.gz"),
        (source("-"), "web-1/node/D/%/%2D.gz"),
        (source("/../../etc/passwd"), "web-1/node/D/%2E./%2E./etc/passwd.gz"),
        (source("/a//./b"), "web-1/node/D/a/%-/%2E/b.gz"),
        (source("/a.gz/b"), "web-1/node/D/a%2Egz/b.gz"),
        (source("/%2E/\n\u{1B}x y"), "web-1/node/D/%252E/%0A%1Bx%20y.gz"),
        (source("/日"), "web-1/node/D/%E6%97%A5.gz"),
        (source("/a", host: "", service: ".."), "%-/%2E./D/a.gz"),
        (source("/a", host: "INDEX", service: "a/b"), "%=INDEX/a%2Fb/D/a.gz"),
        (source("/a", service: "a@b", environment: "c"), "web-1/a%40b@c/D/a.gz"),
        (source("/"), "web-1/node/D/%-.gz"),
        (source(""), "web-1/node/D/%/%-.gz"),
    ])
    func namesAreSafeWhateverThePathWas(source: EventSource, expected: String) {
        let path = ExportPath.path(of: source, Day(of: Self.noon))
        #expect(path == expected.replacing("/D/", with: "/2026-11-20/"))
    }

    @Test func longNamesAreCutAndStayDifferent() {
        let day = Day(of: Self.noon)
        let long = String(repeating: "x", count: 5_000)
        let deep = String(repeating: "/dir", count: 2_000)
        var paths: Set<String> = []
        let all = ["/" + long, "/" + long + "y", deep, deep + "/z", "/\(long)/a", "/\(long)y/a"]
        for path in all {
            let path = ExportPath.path(of: Self.source(path), day)
            #expect(path.split(separator: "/").allSatisfy { $0.utf8.count <= 255 })
            #expect(path.utf8.count < 3_500)
            paths.insert(path)
        }
        #expect(paths.count == 6)
    }

    /// Different sources, different files, none of which is another one's directory.
    @Test func noTwoSourcesShareAFile() {
        var random = SeededRandom(seed: 11)
        let pieces = ["a", ".", "..", "/", "%", "-", "@", "~", "=", "gz", ".gz", "\n", "é", ""]
        func name() -> String {
            (0..<random.number(0...4)).map { _ in random.pick(pieces) }.joined()
        }
        var sources: [String: EventSource] = [:]
        for _ in 0..<20_000 {
            let source = Self.source(
                name(), host: name(), service: name(), environment: name())
            let path = ExportPath.path(of: source, Day(number: 0))
            let other = sources.updateValue(source, forKey: path)
            #expect(other == nil || other == source, "\(path)")
            #expect(!path.split(separator: "/").contains { $0 == "." || $0 == ".." || $0.isEmpty })
        }
        for path in sources.keys {
            var parent = path[...]
            while let slash = parent.lastIndex(of: "/") {
                parent = parent[..<slash]
                #expect(sources[String(parent)] == nil, "\(path)")
            }
        }
    }
}

/// The content of a gzip file of one member.
private func gunzip(_ bytes: [UInt8]) -> [UInt8] {
    var stream = z_stream()
    let size = Int32(MemoryLayout<z_stream>.size)
    guard inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, size) == Z_OK else { return [] }
    defer { inflateEnd(&stream) }
    var input = bytes
    return [UInt8](unsafeUninitializedCapacity: 1 << 20) { output, count in
        input.withUnsafeMutableBufferPointer { input in
            stream.next_in = input.baseAddress
            stream.avail_in = UInt32(input.count)
            stream.next_out = output.baseAddress
            stream.avail_out = 1 << 20
            count = inflate(&stream, Z_FINISH) == Z_STREAM_END ? Int(stream.total_out) : 0
        }
    }
}
