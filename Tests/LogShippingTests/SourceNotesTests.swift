import Glibc
import LogModel
import LogQuery
import LogStore
import StoreFixtures
import Testing

@testable import logq

/// What a search and `logq status` say of files that are behind, and of gaps.
@Suite struct SourceNotesTests {
    private let bench = IngestBench()
    private let now = IngestBench.now

    /// Takes 100 lines in and follows their file, which was read to its end a minute ago.
    private func follow(_ name: String = "control.log") throws -> Generation {
        bench.directory.write(IngestBench.log(0..<100), to: name)
        try bench.ingest([name], host: "control-1")
        let generation = try #require(try Store(directory: bench.store).generations().first)
        var status = stat()
        #expect(stat(bench.directory(name), &status) == 0)
        try write { writer in
            writer.note([
                FollowedFile(
                    path: bench.directory(name), source: "s", generation: generation.id,
                    size: Int64(status.st_size), readAt: now - 60_000_000_000,
                    inode: Int64(status.st_ino), device: Int64(status.st_dev))
            ])
        }
        return generation
    }

    private func write(_ body: (StoreWriter) throws -> Void) throws {
        let writer = try StoreWriter(directory: bench.store)
        try body(writer)
        try writer.commit()
    }

    private func notes(_ query: String, _ times: Range<Int64> = .min ..< .max) throws -> [String] {
        let store = try Store(directory: bench.store)
        var request = SearchRequest(query: query, now: now)
        request.times = times
        return try SourceNotes(Search(request, in: store), zone: request.zone).lines
    }

    @Test func aFileThatHasMoreThanTheStoreIsBehind() throws {
        let generation = try follow()
        #expect(try notes("") == [])
        bench.directory.append(String(repeating: "x", count: 1_999) + "\n", to: "control.log")
        let line = "control.log on control-1 is 2.0 kB (1 min) behind"
        #expect(try notes("") == [line])
        #expect(try notes("host:control-1 anything") == [line])
        // Another host, and a window that ends before what is not read.
        #expect(try notes("host:web-1") == [])
        #expect(try notes("", .min..<generation.lastTime) == [])
    }

    @Test func whatCameSinceTheLastLookIsAsOldAsTheLastWrite() throws {
        _ = try follow()
        bench.directory.append("more\n", to: "control.log")
        let content = try #require(try Store(directory: bench.store).followedContents().first)
        let written = Clock.now()
        let lag = FileLag(content, isAtWork: true, now: written)
        #expect(lag.bytes == 5)
        #expect(!lag.isBehind)
        #expect(FileLag(content, isAtWork: true, now: written + 6_000_000_000).isBehind)
    }

    @Test func aRotatedFileCountsAsItWasAtTheLastLook() throws {
        let size = try follow().position
        rename(bench.directory("control.log"), bench.directory("control.1.log"))
        bench.directory.write(String(repeating: "y", count: 9_000), to: "control.log")
        let content = try #require(try Store(directory: bench.store).followedContents().first)
        let lag = FileLag(content, isAtWork: true, now: now)
        #expect(lag.size == size)
        #expect(lag.bytes == 0)
    }

    @Test func aCompressedFileIsUnknownUntilItIsRead() {
        var file = FollowedFile(path: "/nowhere/a.log.gz", source: "s", generation: 1, size: 500)
        func lag() -> FileLag {
            FileLag(
                FollowedContent(file: file, host: "h", service: "s", position: 0, lastTime: 0),
                isAtWork: true, now: now)
        }
        #expect(lag().bytes == nil)
        #expect(lag().nanoseconds == nil)
        file.readAt = now
        #expect(lag().bytes == 0)
    }

    @Test func aGapIsNotedInItsWindowOnly() throws {
        let generation = try follow()
        let cut = generation.lastTime + 2_000_000_000
        try write { $0.mark(generation.id, cutAt: cut) }
        let line =
            "known gap: control.log on control-1: lines written between 2026-10-02 00:01:38 and "
            + "00:01:40 may be lost: it was truncated while it was read"
        #expect(try notes("") == [line])
        #expect(try notes("", .min..<generation.lastTime) == [])
        #expect(try notes("", cut + 1 ..< .max) == [])
        #expect(try notes("service:other") == [])
    }
}
