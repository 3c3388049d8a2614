import LogModel
import SQLite
import StoreFixtures
import Testing

@testable import LogStore

@Suite struct DigestTests {
    /// NIST's examples for SHA-256.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func givesWhatTheStandardGives(text: String, expected: String) {
        #expect(Digest.hex(Digest.sha256(text.utf8)) == expected)
        var digest = Digest()
        for byte in text.utf8 { withUnsafeBytes(of: byte) { digest.update($0) } }
        #expect(Digest.hex(digest.finish()) == expected)
    }

    /// `printf 'one\ntwo\r\n' | sha256sum`
    @Test func aBlockHasTheDigestOfItsLines() throws {
        let blocks = try Self.stored(["one\n", "two\r\n"])
        #expect(
            Digest.hex(blocks[0].digest)
                == "b290d982bf516a47624017d0b66e591396efe4403c73c908ad63b278a8709f01")
    }

    private static func stored(_ lines: [String]) throws -> [Partition.BlockReference] {
        let store = try HandmadeStore()
        var builder = BatchBuilder()
        for line in lines {
            let text = Array(line.utf8.prefix { $0 != 0x0D && $0 != 0x0A })
            builder.add(
                [text], .unparsed, at: StoreWriterFixture.noon, flags: .isUnparsed,
                terminator: Array(line.utf8.dropFirst(text.count)))
        }
        try store.add(builder.batch, from: EventSource(host: "h", service: "s", path: "/a"))
        let partition = try Store(directory: store.path).partition(
            Day(of: StoreWriterFixture.noon))
        return try partition.blocks(Partition.Criteria())
    }

    @Test func rowsThatAreNotAllOfABatchAreDigestedInTheirOrder() {
        var builder = BatchBuilder()
        for line in ["one", "two", "three", "four"] { builder.add(line: line, at: 0) }
        #expect(
            builder.batch.digest(ofRows: [3, 0, 1])
                == Digest.sha256("four\none\ntwo\n".utf8))
    }

    /// The block is a whole and valid one, of other lines.
    @Test func linesThatWereNotTakenInAreNotMerged() throws {
        let fixture = StoreWriterFixture()
        let day = Day(of: StoreWriterFixture.noon)
        do {
            let writer = try StoreWriter(directory: fixture.path)
            let generation = try writer.add(StoreWriterFixture.generation())
            let end = try StoreWriterFixture.insert(["one"], into: writer, generation, at: 0)
            try StoreWriterFixture.insert(["two"], into: writer, generation, at: end)
            try writer.commit()
        }
        let path = StoreLayout.partition(fixture.path, day)
        try Connection(path, mode: .readWrite).execute(
            "UPDATE content SET data = (SELECT data FROM content WHERE block = 1) WHERE block = 2")
        let partition = try Store(directory: fixture.path).partition(day)
        let block = try #require(
            try partition.blocks(Partition.Criteria()).first { $0.id == 2 })
        let error = #expect(throws: StoreError.self) { try partition.batch(of: block) }
        #expect(
            error?.description.contains("block 2: its lines are not those that were taken in")
                == true)
    }
}
