import Configuration
import LogModel
import LogParsing
import LogShipping
import StoreFixtures
import Testing

/// The example that people start from means what it says.
@Suite struct ConfigurationExampleTests {
    private static let path =
        #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
        + "/docs/examples/payment-platform.conf"

    private static func read(home: String) throws -> ShipperConfiguration {
        try ShipperConfiguration(
            reading: path, environment: { $0 == "HOME" ? home : nil }, formats: .builtIn,
            zone: .utc, now: 0)
    }

    @Test func theExampleSaysWhatItMeans() throws {
        let configuration = try Self.read(home: "/root")
        #expect(configuration.store == "/var/lib/logq")
        #expect(configuration.reserve == 1 << 30)
        let sources = configuration.sources
        #expect(
            sources.map(\.name) == [
                "control", "node", "tomcat", "tomcat-access", "nginx-access", "nginx-error",
            ])
        #expect(sources.map(\.service) == ["control", "node", "tomcat", "tomcat", nil, nil])
        #expect(
            sources.map(\.format?.name) == [
                nil, nil, nil, "tomcat-access", "nginx-access", "nginx-error",
            ])
        #expect(sources.allSatisfy { $0.zone.name == "Asia/Shanghai" && $0.encoding == .utf8 })
        #expect(sources.allSatisfy { $0.environment == "production" && $0.start == .beginning })
        #expect(sources.allSatisfy { $0.include.isEmpty && $0.exclude.isEmpty })
        #expect(
            sources[0].files == [
                "/root/control/control.log*", "/root/control/control.*.log*",
            ])
        #expect(sources[5].files.first == "/var/log/nginx/error.log*")
    }

    @Test func everyNameThatRotationGivesIsRead() throws {
        let home = TemporaryDirectory()
        let expected: [(source: String, names: [String])] = [
            (
                "control",
                [
                    "control/control.2026-11-19.0.log.gz", "control/control.2026-11-19.log",
                    "control/control.2026-11-19.log.gz", "control/control.log",
                    "control/control.log.2026-11-19", "control/control.log471134231.tmp",
                ]
            ),
            ("node", ["node/node.2026-11-19.log", "node/node.log", "node/node.log1.tmp"]),
            (
                "tomcat",
                [
                    "tomcat/logs/catalina.2026-11-20.log", "tomcat/logs/catalina.out",
                    "tomcat/logs/catalina.out-20261120.gz", "tomcat/logs/catalina.out.1",
                    "tomcat/logs/localhost.2026-11-20.log",
                ]
            ),
            ("tomcat-access", ["tomcat/logs/localhost_access_log.2026-11-20.txt"]),
        ]
        let others = ["control/control.log~", "control/control.log.bak", "tomcat/logs/manager.log"]
        for name in expected.flatMap(\.names) + others { home.write("line\n", to: name) }
        let sources = try Self.read(home: home.path).sources
        let watcher = FileWatcher(
            sources: sources.map { ($0.files, $0.exceptFiles) }, excluding: [])
        let found = watcher.scan().files.filter { $0.path.hasPrefix(home.path) }
        for (source, names) in expected {
            let paths = found.filter { sources[$0.source].name == source }.map(\.path).sorted()
            #expect(paths == names.map { home($0) })
        }
        #expect(found.count == expected.flatMap(\.names).count)
    }

    /// Settings that are written out as comments, to be taken in by whoever needs them.
    @Test func whatIsCommentedOutCanBeTakenIn() throws {
        let text = String(decoding: TemporaryDirectory.read(Self.path), as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let isSetting = ["# host:", "# format:", "# encoding:", "# exclude:"].contains {
                line.hasPrefix($0)
            }
            return isSetting ? line.dropFirst(2) : line
        }
        let configuration = try ShipperConfiguration(
            parsing: Array(lines.joined(separator: "\n").utf8), file: "", directory: "/",
            environment: { _ in "/root" }, formats: .builtIn, zone: .utc, now: 0)
        #expect(configuration.sources.allSatisfy { $0.host == "pay-app-1" })
        let control = try #require(configuration.sources.first)
        #expect(control.encoding == .gb18030)
        #expect(control.format?.patterns.first?.text.hasSuffix("%logger{36} - %msg%n") == true)
        #expect(configuration.sources[3].exclude.map(\.text) == ["GET /health "])
    }
}
