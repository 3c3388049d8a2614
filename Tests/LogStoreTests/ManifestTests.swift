import Glibc
import LogModel
import StoreFixtures
import Testing

@testable import LogStore

@Suite struct ManifestTests {
    private static let sum = String(repeating: "0a", count: 32)

    private static let text = """
        # logq manifest 1
        # day 2026-10-21
        # made 2026-11-21T02:30:11.000000005Z
        # version 812 400 9f86
        # bytes 41943040
        # blocks 400
        # events 7
        # raw 700
        # source 3\t300\ta1\tpay-1\tnode\t\t/logs/a.log
        # source 4\t400\tb2\tpay-1\tngi\\\\nx\t生产\t/logs/\\u{9}\\u{1b}[31m\\u{202e}
        \(sum)  2026-10-21.db

        """

    @Test func readsBackWhatItWrites() throws {
        let manifest = try ManifestReader.read(Array(Self.text.utf8))
        #expect(manifest.day.name == "2026-10-21")
        #expect(manifest.made == 1_795_228_211_000_000_005)
        #expect(manifest.version == "812 400 9f86")
        #expect((manifest.bytes, manifest.blocks) == (41_943_040, 400))
        #expect((manifest.events, manifest.rawBytes) == (7, 700))
        #expect(manifest.sum == [UInt8](repeating: 10, count: 32))
        #expect(manifest.sources.map(\.events) == [3, 4])
        #expect(manifest.sources[1].source.service == "ngi\\nx")
        #expect(manifest.sources[1].source.environment == "生产")
        #expect(manifest.sources[1].source.path == "/logs/\t\u{1B}[31m\u{202E}")
        #expect(manifest.text == Self.text)
    }

    @Test(arguments: [
        ("manifest 1", "manifest 2", "line 1: not '# logq manifest 1'"),
        ("# day 2026-10-21", "# day 2026-10-32", "line 2: '2026-10-32' is no day"),
        ("11.000000005Z", "11", "line 3: '2026-11-21T02:30:11' is no time"),
        ("# bytes 41943040\n", "", "line 5: not '# bytes …'"),
        ("bytes 41943040", "bytes +41943040", "line 5: '+41943040' is no number"),
        ("bytes 41943040", "bytes -1", "line 5: '-1' is no number"),
        ("blocks 400", "blocks 0400", "line 6: '0400' is no number"),
        ("blocks 400", "blocks 9223372036854775808", "line 6: '9223372036854775808' is no number"),
        ("events 7", "events 8", "its counts do not add up"),
        ("\t/logs/a.log", "", "line 9: not seven fields"),
        ("\\u{9}", "\\t", "line 10: '/logs/\\t\\u{1b}[31m\\u{202e}' has an escape that is none"),
        ("pay-1\tnode", "pay\\u{02d}1\tnode", "line 9: 'pay\\u{02d}1' has an escape that is none"),
        ("0a0a  ", "0A0A  ", "line 11: not 'SHA256  2026-10-21.db'"),
        ("0a0a  ", "0a  ", "line 11: not 'SHA256  2026-10-21.db'"),
        ("  2026-10-21.db", "  2026-10-22.db", "line 11: not 'SHA256  2026-10-21.db'"),
        ("21.db\n", "21.db", "line 11: the line has no end"),
        ("21.db\n", "21.db\n\n", "line 11: more lines than it should have"),
    ])
    func namesWhatIsWrong(old: String, new: String, reason: String) throws {
        let range = try #require(Self.text.firstRange(of: old))
        let text = Self.text[..<range.lowerBound] + new + Self.text[range.upperBound...]
        let error = #expect(throws: ManifestError.self) {
            try ManifestReader.read(Array(text.utf8))
        }
        #expect(error?.reason == reason)
    }

    @Test func saysWhatADayHolds() throws {
        let fixture = StoreWriterFixture()
        let writer = try StoreWriter(directory: fixture.path)
        let first = try writer.add(StoreWriterFixture.generation("a"))
        let second = try writer.add(StoreWriterFixture.generation("b"))
        try StoreWriterFixture.insert(["one", "two"], into: writer, first, at: 0)
        try StoreWriterFixture.insert(["three"], into: writer, second, at: 0)
        try writer.commit()
        _ = try writer.compact()
        let store = try Store(directory: fixture.path)
        let day = try #require(try store.days().first)
        let manifest = try Manifest(of: store.partition(day), made: 5)
        #expect((manifest.blocks, manifest.events, manifest.rawBytes) == (2, 3, 14))
        #expect(manifest.sources.map(\.source.generation) == ["a", "b"])
        #expect(manifest.sources.map(\.events) == [2, 1])
        #expect(manifest.version == (try store.partition(day).version().text))

        let path = Manifest.path(fixture.path, day)
        try manifest.write(to: path)
        #expect(try Manifest(reading: path) == manifest)
        #expect(path.hasSuffix("/partitions/2026-11-20.sha256"))
        #expect(TemporaryDirectory.permissions(path) == 0o600)
        let check = "cd '\(fixture.path)/partitions' && sha256sum --strict --status -c *.sha256"
        #expect(Self.status(of: check) == 0)
        fixture.directory.append("x", to: "store/partitions/\(day.name).db")
        #expect(Self.status(of: check) == 1)
    }

    @Test func changesWithEachCommit() throws {
        let fixture = StoreWriterFixture()
        let writer = try StoreWriter(directory: fixture.path)
        let generation = try writer.add(StoreWriterFixture.generation())
        let end = try StoreWriterFixture.insert(["one"], into: writer, generation, at: 0)
        try writer.commit()
        let store = try Store(directory: fixture.path)
        let day = try #require(try store.days().first)
        let before = try store.partition(day).version().text
        #expect(try store.partition(day).version().text == before)
        try StoreWriterFixture.insert(["two"], into: writer, generation, at: end)
        try writer.commit()
        #expect(try store.partition(day).version().text != before)
    }

    private static func status(of command: String) -> Int32 {
        guard let process = popen(command, "r") else { return -1 }
        return pclose(process) >> 8
    }
}
