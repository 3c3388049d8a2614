import Configuration
import Glibc
import LogModel
import LogParsing
import LogShipping
import LogStore
import StoreFixtures
import Testing

@testable import logq

/// What `logq ship --check` says, in a directory of made-up logs.
@Suite struct ConfigurationCheckTests {
    private let directory = TemporaryDirectory()

    private func line(_ second: Int) -> String {
        "2026-11-20 10:15:0\(second).000 [main] INFO  com.pay.Control - order \(second)\n"
    }

    private func configuration(_ text: String) throws -> ShipperConfiguration {
        try ShipperConfiguration(
            parsing: Array(text.utf8), file: "", directory: directory.path,
            environment: { _ in nil }, formats: .builtIn, zone: .utc, now: 0)
    }

    private func preview(_ configuration: ShipperConfiguration) throws -> ShippingPreview {
        try ShippingPreview(
            of: configuration, formats: .builtIn,
            store: try? Store(directory: directory("store")), excluding: [directory("store")])
    }

    /// The report without the directory's name.
    private func report(_ text: String) throws -> String {
        let configuration = try configuration(text)
        let report = ShipCheckReport(configuration, try preview(configuration)).text
        var result = ""
        var rest = report[...]
        while let range = rest.firstRange(of: directory.path) {
            result += rest[..<range.lowerBound] + "DIR"
            rest = rest[range.upperBound...]
        }
        return result + rest
    }

    @Test func everySourceIsToldWithItsFiles() throws {
        directory.write(line(1) + line(2), to: "control.log")
        // 连接超时 in GBK.
        let timeout: [UInt8] = [0xC1, 0xAC, 0xBD, 0xD3, 0xB3, 0xAC, 0xCA, 0xB1, 0x0A]
        directory.write(Array(line(3).utf8).dropLast() + timeout, to: "node.log")
        directory.write("", to: "empty.log")
        directory.write([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], to: "old.log")
        directory.write("free text\n", to: "notes/a.log")
        try setTimes()
        let report = try report(
            """
            ballast: 0
            source: applications
            files: *.log control.*.log
            except: *.bak
            host: app-1
            service: pay
            env: test
            zone: Asia/Shanghai
            include: order
            exclude: /GET \\/health/i
            start: 2026-11-20
            source: rest
            host: app-1
            format: logback:%d %msg%n
            encoding: gbk
            files: notes/*.log control.log notes missing/x.log
            start: end
            """)
        #expect(
            report == """
                keeps 256 MiB of its disk free, no ballast; at most 256 files open; a look at \
                everything each 10 s

                applications
                  host app-1, service pay, env test
                  format by content, zone Asia/Shanghai, encoding by content
                  what is new is read from 2026-11-20 00:00:00 on
                  without files *.bak
                  only events with 'order'
                  without events with /GET \\/health/i
                     126 B  DIR/control.log: java-logback, utf-8; new, from 2026-11-20 00:00:00 on; \
                also named by 'rest': the first source has it
                       0 B  DIR/empty.log: empty
                      71 B  DIR/node.log: java-logback, gb18030; new, from 2026-11-20 00:00:00 on
                       6 B  DIR/old.log: left out, it is compressed by xz; decompress it first
                  nothing: DIR/control.*.log: no file has such a name, or all are left out by 'except'

                rest
                  host app-1, service by format or name
                  format logback:%d %msg%n, zone UTC, encoding gb18030
                  what is new is read from its end
                      10 B  DIR/notes/a.log: inline, gb18030; new, from its end
                  nothing: DIR/notes: it is a directory; name the files in it, such as DIR/notes/*.log
                  nothing: DIR/missing/x.log: DIR/missing: No such file or directory

                5 files, 213 B

                """)
    }

    /// Files are told in the order of their times; all in the same second here.
    private func setTimes() throws {
        for name in ["control.log", "empty.log", "node.log", "old.log", "notes/a.log"] {
            var times = [
                timespec(tv_sec: 1_000, tv_nsec: 0), timespec(tv_sec: 1_000, tv_nsec: 0),
            ]
            try #require(utimensat(AT_FDCWD, directory(name), &times, 0) == 0)
        }
    }

    @Test func whatTheStoreHasIsKnown() throws {
        directory.write(line(1), to: "a.log")
        directory.write(gzip(Array((line(4) + line(5)).utf8)), to: "b.log.gz")
        let writer = try StoreWriter(directory: directory("store"))
        let options = SourceOptions(host: "h", formats: .builtIn, zone: .utc, now: 0)
        try Ingest(into: writer, options: options).run([directory("a.log"), directory("b.log.gz")])
        writer.release()
        directory.write(line(1) + line(2), to: "a.log")
        directory.write(line(1), to: "a.log.1")
        directory.write(line(7), to: "new.log")
        let known = try preview(configuration("source: s\nhost: h\nfiles: *.log*"))
        let beginnings = Dictionary(
            uniqueKeysWithValues: known.files.map { (FileName.base($0.path), $0.content) })
        func text(_ beginning: ShippingPreview.Beginning) -> ShippingPreview.Content {
            .text(format: "java-logback", encoding: "utf-8", beginning)
        }
        #expect(
            beginnings == [
                "a.log": text(.known(63)), "b.log.gz": text(.known(126)), "a.log.1": text(.whole),
                "new.log": text(.new(.beginning)),
            ])
        // The same content of another host is another log.
        let other = try preview(configuration("source: s\nhost: i\nfiles: a.log"))
        #expect(other.files.map(\.content) == [text(.new(.beginning))])
    }

    /// Application servers write the same kilobyte at each start.
    @Test func whatOnlyBeginsLikeAKnownFileIsNew() throws {
        let banner = (0..<20).map { line($0 % 10) }.joined()
        directory.write(banner + line(1), to: "a.log")
        let writer = try StoreWriter(directory: directory("store"))
        let options = SourceOptions(host: "h", formats: .builtIn, zone: .utc, now: 0)
        try Ingest(into: writer, options: options).run([directory("a.log")])
        writer.release()
        directory.write(banner + line(2) + line(3), to: "b.log")
        let preview = try preview(configuration("source: s\nhost: h\nfiles: *.log"))
        #expect(
            preview.files.map(\.content) == [
                .text(format: "java-logback", encoding: "utf-8", .whole),
                .text(format: "java-logback", encoding: "utf-8", .new(.beginning)),
            ])
    }

    @Test func theStoreIsNeverRead() throws {
        directory.write("x\n", to: "store/x.log")
        let preview = try preview(configuration("source: s\nfiles: store/*.log"))
        #expect(preview.files == [])
        #expect(preview.unmatched.map(\.glob) == [directory("store/*.log")])
        #expect(preview.unmatched.map(\.reason) == ["no file has such a name yet"])
    }
}
