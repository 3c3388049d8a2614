import Configuration
import LogModel
import LogParsing
import LogShipping
import StoreFixtures
import Testing

/// What a configuration means.
@Suite struct ConfigurationTests {
    /// 2026-11-21 04:00 UTC, noon in Shanghai.
    private static let now: Int64 = 1_795_233_600_000_000_000

    static func read(_ text: String) throws(ConfigurationError) -> ShipperConfiguration {
        try read(Array(text.utf8))
    }

    static func read(_ bytes: [UInt8]) throws(ConfigurationError) -> ShipperConfiguration {
        let variables = ["HOME": "/home/pay", "APP": "control", "ODD": "/a*[b", "EMPTY": ""]
        return try ShipperConfiguration(
            parsing: bytes, file: "s.conf", directory: "/etc/logq", environment: { variables[$0] },
            formats: .builtIn, zone: .utc, now: now)
    }

    /// The source of a configuration with one, whose lines are `lines`.
    private static func source(_ lines: String) throws -> SourceConfiguration {
        try #require(try read("source: a\nfiles: /a.log\n" + lines).sources.first)
    }

    @Test func readsEveryKey() throws {
        let configuration = try Self.read(
            """
            # the whole shipper
            store: /var/lib/logq
            descriptors: 64
            rescan: 30s
            reserve: 1GB
            ballast: 128MiB

            source: control
              files: /logs/control.log /logs/control.*.log
              files: "/logs/my app.log"
              except: /logs/control.old.log
              host: pay-app-1
              service: control
              env: production
              format: java-logback
              zone: Asia/Shanghai
              encoding: gbk
              include: order
              exclude: /GET \\/health/
              exclude: "debug # 1"
              start: end
            """)
        #expect(configuration.store == "/var/lib/logq")
        #expect(configuration.descriptors == 64)
        #expect(configuration.rescan == 30_000_000_000)
        #expect(configuration.reserve == 1_000_000_000)
        #expect(configuration.ballast == 134_217_728)
        #expect(configuration.sources.count == 1)
        let source = try #require(configuration.sources.first)
        #expect(source.name == "control")
        #expect(source.line == 8)
        #expect(source.files == ["/logs/control.log", "/logs/control.*.log", "/logs/my app.log"])
        #expect(source.exceptFiles == ["/logs/control.old.log"])
        #expect(source.host == "pay-app-1")
        #expect(source.service == "control")
        #expect(source.environment == "production")
        #expect(source.format?.name == "java-logback")
        #expect(source.zone.name == "Asia/Shanghai")
        #expect(source.encoding == .gb18030)
        #expect(source.include.map(\.text) == ["order"])
        #expect(source.exclude.map(\.text) == ["GET \\/health", "debug # 1"])
        #expect(source.exclude.map(\.isExpression) == [true, false])
        #expect(source.start == .end)
    }

    @Test func everythingButTheFilesHasADefault() throws {
        let configuration = try Self.read("source: a\nfiles: /a.log")
        #expect(configuration.store == nil)
        #expect(configuration.descriptors == 256)
        #expect(configuration.rescan == 10_000_000_000)
        #expect(configuration.reserve == 268_435_456)
        #expect(configuration.ballast == 67_108_864)
        let source = try #require(configuration.sources.first)
        #expect(source.exceptFiles == [])
        #expect(source.host == HostName.current())
        #expect(!source.host.isEmpty)
        #expect(source.service == nil)
        #expect(source.environment == "")
        #expect(source.format == nil)
        #expect(source.zone == .utc)
        #expect(source.encoding == .utf8)
        #expect(source.include == [] && source.exclude == [])
        #expect(source.start == .beginning)
    }

    @Test func linesAboveTheSourcesHoldForAllOfThem() throws {
        let configuration = try Self.read(
            """
            host: one
            service: all
            env: test
            format: nginx-access
            zone: +08:00
            encoding: gb2312
            start: end
            include: a
            exclude: b
            except: *.bak
            source: first
            files: /x/*.log
            source: second
            files: /y/*.log
            host: two
            service: own
            env: production
            format: nginx-error
            zone: UTC
            encoding: UTF-8
            start: beginning
            include: c
            exclude: d
            except: *.old
            """)
        let first = configuration.sources[0]
        #expect(first.host == "one" && first.service == "all" && first.environment == "test")
        #expect(first.format?.name == "nginx-access" && first.zone.name == "+08:00")
        #expect(first.encoding == .gb18030 && first.start == .end)
        #expect(first.include.map(\.text) == ["a"] && first.exclude.map(\.text) == ["b"])
        #expect(first.exceptFiles == ["*.bak"])
        let second = configuration.sources[1]
        #expect(second.host == "two" && second.service == "own")
        #expect(second.environment == "production")
        #expect(second.format?.name == "nginx-error" && second.zone == .utc)
        #expect(second.encoding == .utf8 && second.start == .beginning)
        #expect(second.include.map(\.text) == ["a", "c"])
        #expect(second.exclude.map(\.text) == ["b", "d"])
        #expect(second.exceptFiles == ["*.bak", "*.old"])
    }

    @Test(arguments: [
        ("${HOME}/control/control.log", ["/home/pay/control/control.log"]),
        ("~/a.log ~/b.log", ["/home/pay/a.log", "/home/pay/b.log"]),
        ("/logs/${APP}/${APP}.*.log", ["/logs/control/control.*.log"]),
        (
            "logs/*.log ./x.log ../y.log",
            ["/etc/logq/logs/*.log", "/etc/logq/x.log", "/etc/logq/../y.log"]
        ),
        ("'/a \"b\"/c.log'", ["/a \"b\"/c.log"]),
        ("/a//b/./c.log", ["/a/b/c.log"]),
        ("/a#1.log   # the old one", ["/a#1.log"]),
        ("\"/a #1.log\"\t# quoted", ["/a #1.log"]),
        ("/price$.log /a$1.log", ["/price$.log", "/a$1.log"]),
        // What a variable holds is a name, and no glob.
        ("${ODD}/*.log", ["/a[*][[]b/*.log"]),
        ("/日志/控制.log", ["/日志/控制.log"]),
        ("\"/a,\"", ["/a,"]),
    ])
    func filesAreAbsoluteGlobs(written: String, expected: [String]) throws {
        let configuration = try Self.read("source: a\nfiles: " + written)
        #expect(configuration.sources.first?.files == expected)
    }

    @Test func aNameToExceptIsMeantEverywhere() throws {
        let source = try Self.source("except: *.gz /z/*.old b/c.log ~/x ${APP}.tmp")
        #expect(
            source.exceptFiles == [
                "*.gz", "/z/*.old", "/etc/logq/b/c.log", "/home/pay/x", "control.tmp",
            ])
    }

    @Test(
        arguments: [
            ("0", 0), ("1B", 1), ("512kB", 512_000), ("256MiB", 268_435_456),
            ("64 MiB", 67_108_864),
            ("1GB", 1_000_000_000), ("1GiB", 1_073_741_824), ("1.5GiB", 1_610_612_736),
            ("2tb", 2_000_000_000_000), ("100m", 100_000_000), ("8192TiB", 9_007_199_254_740_992),
        ] as [(String, Int64)])
    func readsSizes(written: String, expected: Int64) throws {
        let configuration = try Self.read(
            "reserve: \(written)\nballast: \(written)  # x\nsource: a\nfiles: /a")
        #expect(configuration.reserve == expected)
        #expect(configuration.ballast == expected)
    }

    @Test(arguments: [
        ("beginning", Start.beginning), ("end", .end), ("2h", .time(now - 7_200_000_000_000)),
        ("now", .time(now)), ("2026-11-20", .time(1_795_104_000_000_000_000)),
        ("2026-11-20 10:15  # a comment", .time(1_795_140_900_000_000_000)),
        ("@1700000000", .time(1_700_000_000_000_000_000)),
    ])
    func startsWhereItIsTold(written: String, expected: Start) throws {
        // The zone of the source, wherever it stands.
        #expect(try Self.source("start: \(written)\nzone: +08:00").start == expected)
    }

    @Test func aPastedPatternIsAFormatToTheEndOfTheLine() throws {
        let source = try Self.source("format: logback:%d  # %level - %msg%n")
        #expect(source.format?.patterns.map(\.text) == ["%d  # %level - %msg%n"])
        #expect(try Self.source("format: 'tomcat:%h %s'  # x").format?.title == "tomcat:%h %s")
        #expect(try Self.source("format: nginx-access # see: x").format?.name == "nginx-access")
    }

    @Test(arguments: [
        // Signs at the file's start, line ends, indentation, comments.
        "\u{FEFF}source: a\r\nfiles: /a.log\r\n", "\tsource:a\n\n   files :  /a.log\t",
        "source: 'a'\nfiles: \"/a.log\"", "#c\n  # c\nsource: a # c\nfiles: /a.log #c\n#",
        "source: a\nfiles: /a.log",
    ])
    func layoutIsFree(text: String) throws {
        let plain = try Self.read("source: a\nfiles: /a.log\n")
        #expect(try Self.read(text) == plain)
    }

    @Test func aCommentMayHoldAnyBytes() throws {
        let comment = Array("# ".utf8) + [0xFF, 0xC3, 0x00, 0x1B] + Array("\n".utf8)
        let plain = Array("source: a\nfiles: /a.log\n".utf8)
        #expect(try Self.read(comment + plain + comment) == Self.read(plain))
    }

    @Test(arguments: [
        "name: a2", "files: /b.log", "except: *.x", "host: x", "service: x", "env: x",
        "format: java-logback", "zone: +01:00", "encoding: gbk", "include: x", "exclude: x",
        "exclude: /x/", "start: 1h",
    ])
    func aChangedSourceIsAnother(line: String) throws {
        let plain = try Self.source("")
        if line == "name: a2" {
            #expect(try Self.read("source: b\nfiles: /a.log").sources.first != plain)
        } else {
            let changed = try Self.source(line)
            #expect(changed != plain)
            #expect(try Self.source("# moved down\n" + line) == changed)
        }
    }

    @Test func aStartThatIsWrittenAlikeIsTheSameLater() throws {
        func read(at now: Int64) throws -> ShipperConfiguration {
            try ShipperConfiguration(
                parsing: Array("source: a\nfiles: /a\nstart: 2h".utf8), file: "", directory: "/",
                environment: { _ in nil }, formats: .builtIn, zone: .utc, now: now)
        }
        let (early, late) = (try read(at: Self.now), try read(at: Self.now + 1_000_000_000))
        #expect(early == late)
        #expect(early.sources[0].start != late.sources[0].start)
    }

    @Test func aFileIsReadFromItsOwnDirectory() throws {
        let directory = TemporaryDirectory()
        let path = directory.write("source: a\nfiles: logs/*.log", to: "etc/ship.conf")
        let configuration = try ShipperConfiguration(
            reading: path, environment: { _ in nil }, formats: .builtIn, zone: .utc, now: Self.now)
        #expect(configuration.sources.first?.files == [directory("etc/logs/*.log")])
    }
}
