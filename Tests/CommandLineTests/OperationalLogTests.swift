import Glibc
import LogParsing
import Presentation
import Testing

@testable import logq

@Suite struct OperationalLogTests {
    /// What comes out of `body`, a string a line.
    private func lines(
        lowest: OperationalLog.Level = .info, perMinute: Int = 2,
        _ body: (OperationalLog) -> Void
    ) -> [String] {
        var ends: [Int32] = [-1, -1]
        pipe(&ends)
        defer { close(ends[0]) }
        let log = OperationalLog(
            descriptor: ends[1], lowest: lowest, color: .never, perMinute: perMinute)
        body(log)
        close(ends[1])
        return text(of: ends[0]).split(separator: "\n").map(String.init)
    }

    private func text(of descriptor: Int32) -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += buffer[..<count]
        }
    }

    private static let second: Int64 = 1_000_000_000
    /// 2026-11-21T15:02:42.123Z
    private static let now: Int64 = 1_795_273_362_123_456_789

    @Test func aLineHasTimeLevelPartAndMessage() {
        let lines = lines { log in
            log.write(.debug, "ship", "not shown", now: Self.now)
            log.write(.info, "ship", "a.log: reading begins at 0", now: Self.now)
            log.write(.warning, "ship", "对账\n\u{1B}[31m.log: 拒绝", now: Self.now)
            log.write(.error, "store", "full", now: Self.now)
        }
        #expect(
            lines == [
                "2026-11-21T15:02:42.123Z INFO  ship: a.log: reading begins at 0",
                #"2026-11-21T15:02:42.123Z WARN  ship: 对账\n\x1b[31m.log: 拒绝"#,
                "2026-11-21T15:02:42.123Z ERROR store: full",
            ])
    }

    @Test func linesAreRecognisedByTheFormatOfThatName() {
        var text = lines(lowest: .debug) { log in
            log.write(.debug, "ship", "one")
            log.write(.info, "store", "two: three - four [five]")
        }.joined(separator: "\n")
        let detection = text.withUTF8 { FormatLibrary.builtIn.detect(head: $0, fileName: "-") }
        #expect(detection.format?.name == "logq")
        #expect(detection.candidates.first?.matched == 2)
    }

    @Test func whatIsSaidTooOftenIsCounted() {
        let lines = lines { log in
            for second in 0..<5 {
                log.write(
                    .info, "ship", "again", now: Self.now, monotonic: Int64(second) * Self.second)
                log.write(
                    .info, "ship", "other \(second)", now: Self.now,
                    monotonic: Int64(second) * Self.second)
            }
            log.flush(now: Self.now, monotonic: 59 * Self.second)
            log.write(.info, "ship", "again", now: Self.now, monotonic: 60 * Self.second)
            log.flush(all: true, now: Self.now)
        }
        #expect(
            lines.map { $0.dropFirst(31) } == [
                "ship: again", "ship: other 0", "ship: again", "ship: other 1", "ship: other 2",
                "ship: other 3", "ship: other 4", "ship: again (… 3 more like this)", "ship: again",
            ])
    }

    @Test func aLongLineIsCutBetweenCharacters() {
        let lines = lines { log in
            log.write(.info, "ship", String(repeating: "错", count: 5_000), now: Self.now)
            log.write(.info, "ship", "x" + String(repeating: "错", count: 5_000), now: Self.now)
            log.write(.info, "ship", "xy" + String(repeating: "错", count: 5_000), now: Self.now)
        }
        #expect(lines.map(\.utf8.count) == [4093, 4094, 4095])
        #expect(lines.allSatisfy { $0.hasSuffix("错…") && !$0.contains("\u{FFFD}") })
    }

    /// A pipe that nobody reads must not stop the program.
    @Test func whereNobodyReadsLinesAreDroppedAndCounted() {
        var ends: [Int32] = [-1, -1]
        pipe(&ends)
        defer { close(ends[0]) }
        let log = OperationalLog(descriptor: ends[1], color: .never, perMinute: 1)
        let filler = String(repeating: "x", count: 3_000)
        for number in 0..<100 { log.write(.info, "ship", "\(number) \(filler)") }
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        let first = read(ends[0], &buffer, buffer.count)
        #expect(first > 40_000 && first < 70_000)
        log.write(.info, "ship", "here again")
        close(ends[1])
        let rest = text(of: ends[0]).split(separator: "\n").map { $0.dropFirst(25) }
        let written = buffer[..<first].count { $0 == 0x0A }
        #expect(
            rest == [
                "WARN  log: \(100 - written) lines were lost here, as nobody read them",
                "INFO  ship: here again",
            ])
    }
}
