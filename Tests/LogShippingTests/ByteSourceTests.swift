import StoreFixtures
import Testing

@testable import LogShipping

@Suite struct ByteSourceTests {
    private let directory = TemporaryDirectory()

    private func content(
        _ bytes: [UInt8], name: String = "a.log", pieces limit: Int = 1 << 18
    ) throws -> (bytes: [UInt8], warning: String?) {
        let source = try ByteSource(directory.write(bytes, to: name))
        var content: [UInt8] = []
        while true {
            let more = try source.next(upTo: limit)
            if more.isEmpty { break }
            #expect(more.count <= limit)
            content += more
        }
        // The end stays the end.
        #expect(try source.next().isEmpty)
        #expect(source.fileSize == Int64(bytes.count))
        #expect(source.warning != nil || source.fileBytesRead == Int64(bytes.count))
        return (content, source.warning)
    }

    private static let text = Array(
        (0..<5_000).map { "2026-11-20 10:00:00 line \($0 * 7_919 % 5_000) 订单\n" }.joined().utf8)

    @Test(arguments: [0, 1, 2, 3, 4, 17, 240_000])
    func plainFileComesAsItIs(count: Int) throws {
        let bytes = Array(Self.text.prefix(count))
        let found = try content(bytes)
        #expect(found.bytes == bytes)
        #expect(found.warning == nil)
    }

    @Test(arguments: [1, 100, 1 << 18])
    func gzipIsKnownByItsBytesWhateverItsName(limit: Int) throws {
        let bytes = Array(Self.text.prefix(limit == 1 ? 3_000 : Self.text.count))
        for name in ["a.log.gz", "a.log"] {
            let found = try content(gzip(bytes), name: name, pieces: limit)
            #expect(found.bytes == bytes)
            #expect(found.warning == nil)
        }
        #expect(try content(Array("plain\n".utf8), name: "b.gz").bytes == Array("plain\n".utf8))
    }

    @Test func membersFollowOneAnother() throws {
        let parts = [Self.text[..<10], Self.text[10..<90_000], Self.text[90_000...]].map {
            Array($0)
        }
        let found = try content(parts.flatMap { gzip($0) })
        #expect(found.bytes == Self.text)
        #expect(found.warning == nil)
        // An empty member between others, and zeros after the last.
        let padded = try content(
            gzip(parts[0]) + gzip([]) + gzip(parts[1]) + Array(repeating: 0, count: 700))
        #expect(padded.bytes == parts[0] + parts[1])
        #expect(padded.warning == nil)
    }

    @Test(
        arguments: [[0x78], Array("garbage".utf8), [0x1F], [0x1F, 0x8B, 0], [0, 0, 0x20]]
            as [[UInt8]])
    func garbageAfterTheEndIsWarnedOf(garbage: [UInt8]) throws {
        let found = try content(gzip(Self.text) + garbage)
        #expect(found.bytes == Self.text)
        #expect(found.warning != nil)
    }

    @Test func whatACutFileHasIsRead() throws {
        let whole = gzip(Self.text)
        for count in [
            3, 10, 11, 100, whole.count / 2, whole.count - 9, whole.count - 8, whole.count - 1,
        ] {
            let found = try content(Array(whole[..<count]))
            #expect(Self.text.starts(with: found.bytes), "\(count) bytes")
            #expect(found.warning == "the gzip data end too early", "\(count) bytes")
        }
        #expect(try content(Array(whole[..<(whole.count / 2)])).bytes.count > Self.text.count / 3)
    }

    @Test func damageInsideIsWarnedOfAndNeverEndless() throws {
        let whole = gzip(Self.text)
        var random = SeededRandom(seed: 1)
        for _ in 0..<300 {
            var bytes = whole
            bytes[random.number(10...bytes.count - 9)] ^= UInt8(random.number(1...255))
            let found = try content(bytes)
            #expect(found.warning != nil || found.bytes == Self.text)
        }
        // A wrong checksum.
        var bytes = whole
        bytes[bytes.count - 6] ^= 1
        #expect(try content(bytes).warning?.hasPrefix("the gzip data are damaged") == true)
    }

    @Test func plainFilesCanBeMovedIn() throws {
        let path = directory.write(Self.text, to: "a.log")
        let source = try ByteSource(path)
        _ = try source.next()
        #expect(try source.seek(to: 1_000))
        #expect(try source.next(upTo: 50) == Array(Self.text[1_000..<1_050]))
        let compressed = try ByteSource(directory.write(gzip(Self.text), to: "b"))
        #expect(try !compressed.seek(to: 0))
    }

    @Test func missingFilesAndDirectoriesAreErrors() {
        let missing = #expect(throws: ReadError.self) { _ = try ByteSource(directory("none")) }
        #expect(missing?.description == "\(directory("none")): No such file or directory")
        let folder = #expect(throws: ReadError.self) { _ = try ByteSource(directory.path) }
        #expect(folder?.description == "\(directory.path): is a directory")
    }
}
