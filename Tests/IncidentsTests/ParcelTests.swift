import Glibc
import LogStore
import StoreFixtures
import Testing

@testable import Incidents

@Suite struct ParcelTests {
    private let directory = TemporaryDirectory(inMemory: true)

    /// An archive of a record, and the parcel in it.
    private func parcel() throws -> (parcel: Parcel, archive: [UInt8]) {
        let store = try IncidentStore(writing: directory("store"))
        var parcel = Parcel(try store.chain(of: RecordFixture.add(to: store)))
        parcel.reports = ["report.md": Array("# report\n".utf8)]
        return (parcel, try parcel.archive())
    }

    /// Runs a shell's lines in the directory, and returns what they say.
    private func run(_ lines: String, in place: String = "") -> (output: String, code: Int32) {
        let script = directory.write(
            "cd '\(directory(place))' && {\n\(lines)\n} 2>&1", to: "run.sh")
        guard let stream = popen("sh \(script)", "r") else { return ("no shell", -1) }
        var output: [UInt8] = []
        while case let byte = fgetc(stream), byte != EOF { output.append(UInt8(byte)) }
        return (String(decoding: output, as: UTF8.self), pclose(stream))
    }

    /// The lines of the instructions that are for a shell.
    private func instructions() -> String {
        let text = TemporaryDirectory.read(directory("INC-2026-0001/HOW-TO-CHECK.txt"))
        return String(decoding: text, as: UTF8.self).split(separator: "\n")
            .filter { $0.hasPrefix("    ") && !$0.hasPrefix("     - ") }.joined(separator: "\n")
    }

    @Test func theSameRecordGivesTheSameBytesAndComesBackFromThem() throws {
        let (parcel, archive) = try parcel()
        #expect(try parcel.archive() == archive)
        let read = try Parcel(archive: archive)
        #expect(read.chain == parcel.chain)
        #expect(read.reports == parcel.reports)
        #expect(!read.isPackedAnew)
        let check = ChainCheck(read.chain)
        #expect(check.problems == [])
        #expect(check.root == parcel.chain.root)
    }

    @Test func unzipAndSha256sumFindAllFilesWhole() throws {
        let (_, archive) = try parcel()
        directory.write(archive, to: "x.zip")
        let names = run("unzip -q x.zip && cd INC-2026-0001 && find . -type f | LC_ALL=C sort")
        #expect(
            names.output == """
                ./HOW-TO-CHECK.txt
                ./SHA256SUMS
                ./chain/0001.json
                ./chain/0001.txt
                ./chain/0002.json
                ./chain/0002.txt
                ./chain/0003.json
                ./chain/0003.txt
                ./chain/0004.json
                ./chain/0004.txt
                ./chain/0005.json
                ./chain/0005.txt
                ./chain/0006.json
                ./chain/0006.txt
                ./evidence/P1.after.log
                ./evidence/P1.before.log
                ./evidence/P1.log
                ./evidence/P2.after.log
                ./evidence/P2.before.log
                ./evidence/P2.log
                ./evidence/P3.after.log
                ./evidence/P3.before.log
                ./evidence/P3.log
                ./report.md

                """)
        let sums = run("sha256sum --strict --quiet -c SHA256SUMS", in: "INC-2026-0001")
        #expect(sums.output == "" && sums.code == 0)
        #expect(
            TemporaryDirectory.read(directory("INC-2026-0001/evidence/P2.log"))
                == Array("second \u{1B}]0;title\u{7} \u{0}\n".utf8))
        directory.append(" ", to: "INC-2026-0001/evidence/P1.log")
        #expect(run("sha256sum --quiet -c SHA256SUMS", in: "INC-2026-0001").code != 0)
    }

    @Test func theInstructionsInTheArchiveCheckTheChainInAShell() throws {
        let (parcel, archive) = try parcel()
        let root = Digest.hex(try #require(parcel.chain.root))
        directory.write(archive, to: "x.zip")
        _ = run("unzip -q x.zip")
        let whole = run(instructions(), in: "INC-2026-0001")
        #expect(!whole.output.contains("BROKEN") && !whole.output.contains("left out"))
        // Once in each language.
        #expect(whole.output.split(separator: "\n").count { $0 == "root: \(root)" } == 2)
        for (change, says) in [
            ("sed -i s/first/worst/ evidence/P1.log", "BROKEN: evidence/P1.log"),
            ("sed -i s/bob/eve/ chain/0005.txt", "BROKEN before 0006.txt"),
            ("sed -i s/evil/good/ chain/0006.json", "BROKEN: 0006.json"),
            ("rm chain/0002.txt", "BROKEN before 0003.txt"),
            ("rm chain/0006.json", "left out: 0006.json"),
        ] {
            _ = run("rm -rf INC-2026-0001 && unzip -q x.zip && cd INC-2026-0001 && \(change)")
            #expect(run(instructions(), in: "INC-2026-0001").output.contains(says), "\(change)")
        }
    }

    @Test func anArchivePackedAnewByZipIsReadAndSaysSo() throws {
        let (parcel, archive) = try parcel()
        directory.write(archive, to: "x.zip")
        #expect(run("unzip -q x.zip && zip -q -9 -r y.zip INC-2026-0001").output == "")
        let read = try Parcel(archive: TemporaryDirectory.read(directory("y.zip")))
        #expect(read.chain == parcel.chain)
        #expect(read.isPackedAnew)
    }

    @Test func aMaskedCopyHasNoContentsAndTellsTheDigestsOfTheOriginals() throws {
        let (parcel, _) = try parcel()
        var pin = RecordFixture.pin("‹phone 1›\n")
        pin.number = 1
        let copy = Parcel(
            parcel.chain, masked: Parcel.Masked(RecordFixture.incident("‹phone 1›"), [pin]),
            digests: [1: "abc"])
        let read = try Parcel(archive: copy.archive())
        #expect(read.chain.root == parcel.chain.root)
        #expect(read.chain.links.allSatisfy { $0.content == nil })
        #expect(read.masked?.incident.title == "‹phone 1›")
        #expect(
            read.masked?.pins.map(\.note)
                == ["why it counts [masked; SHA-256 of the original: abc]"])
        #expect(read.masked?.pins.map(\.originals.event) == [Array("‹phone 1›\n".utf8)])
        #expect(ChainCheck(read.chain, isMasked: true).problems == [])
    }
}
