import LogStore
import StoreFixtures
import Testing

@testable import Incidents

@Suite struct HostileArchiveTests {
    private let directory = TemporaryDirectory(inMemory: true)

    private func archive() throws -> (bytes: [UInt8], chain: EntryChain) {
        let store = try IncidentStore(writing: directory("store"))
        let chain = try store.chain(of: RecordFixture.add(to: store))
        return (try Parcel(chain).archive(), chain)
    }

    private func pack(_ names: [String]) throws -> [UInt8] {
        try ZipArchive.pack(names.map { ZipArchive.File(name: $0, bytes: [0x61]) })
    }

    @Test(arguments: [
        ("../INC-2026-0001/report.md", "it is not in a directory named as a record"),
        ("/etc/passwd", "it is not in a directory named as a record"),
        ("INC-2026-0001/../../x", "no export has a file named so"),
        ("INC-2026-0001/chain/../0001.txt", "no export has a file named so"),
        ("INC-2026-0001/chain/0001.sh", "no export has a file named so"),
        ("INC-2026-0001/evidence/P01.log", "no export has a file named so"),
        ("INC-2026-0001/evidence/P1.event.log", "no export has a file named so"),
        ("INC-2026-0001\\report.md", "it is not in a directory named as a record"),
        ("inc-2026-1/report.md", "it is not in a directory named as a record"),
    ])
    func namesThatNoExportGivesAreRefused(name: String, reason: String) throws {
        let archive = try pack([name])
        #expect(throws: ParcelError("\(name): \(reason)")) { try Parcel(archive: archive) }
    }

    @Test func namesOfControlCharactersAndVeryLongOnesAreRefused() throws {
        let error = ParcelError("it has a file whose name no export gives")
        for name in ["INC-2026-0001/\u{1B}[2J", String(repeating: "x", count: 60_000)] {
            let archive = try pack([name])
            #expect(throws: error) { try Parcel(archive: archive) }
        }
    }

    @Test func aNameThatIsThereTwiceIsRefused() throws {
        let archive = try pack(["INC-2026-0001/report.md", "INC-2026-0001/report.md"])
        #expect(throws: ParcelError("INC-2026-0001/report.md is in it twice")) {
            try Parcel(archive: archive)
        }
    }

    @Test func aLinkIsRefused() throws {
        var archive = try pack(["INC-2026-0001/report.md"])
        // The attributes stand at byte 38 of the file's entry in the directory at the end.
        let entry = try #require(
            archive.indices.last { archive[$0...].starts(with: [0x50, 0x4B, 1, 2]) })
        archive[entry + 41] = 0xA1
        #expect(throws: ParcelError("INC-2026-0001/report.md is a link")) {
            try Parcel(archive: archive)
        }
    }

    @Test func bombsAreRefusedBeforeTheyAreUnpacked() throws {
        let files = (1...20).map {
            ZipArchive.File(
                name: "INC-2026-0001/evidence/P\($0).log",
                bytes: [UInt8](repeating: 0, count: 1 << 20))
        }
        let bomb = try ZipArchive.pack(files)
        #expect(bomb.count < 50_000)
        var limits = ZipArchive.Limits()
        limits.bytes = 10 << 20
        let tooLarge = ZipArchive.Problem(
            "it is more than an export can be, 100000 files and 10 MiB")
        #expect(throws: tooLarge) {
            try ZipArchive.unpack(bomb, limits: limits, refusing: { _ in nil })
        }
        limits.files = 19
        #expect(throws: ZipArchive.Problem.self) {
            try ZipArchive.unpack(bomb, limits: limits, refusing: { _ in nil })
        }
        let many = try pack((1...10_000).map { "INC-2026-0001/\($0)" })
        #expect(throws: ParcelError("INC-2026-0001/1: no export has a file named so")) {
            try Parcel(archive: many)
        }
    }

    @Test func aFileThatHasMoreThanItSaysIsRefused() throws {
        // 5,000 bytes packed, which both headers tell to be one.
        var archive = try ZipArchive.pack([
            ZipArchive.File(
                name: "INC-2026-0001/report.md", bytes: [UInt8](repeating: 0x61, count: 5_000))
        ])
        for index in archive.indices.dropLast(2)
        where archive[index...].starts(with: [0x88, 0x13, 0, 0]) {
            (archive[index], archive[index + 1]) = (1, 0)
        }
        #expect(throws: ParcelError.self) { try Parcel(archive: archive) }
    }

    @Test func everyCutIsNoticed() throws {
        let (archive, _) = try archive()
        for length in stride(from: 0, to: archive.count, by: 37) {
            #expect(throws: ParcelError.self) {
                try Parcel(archive: Array(archive.prefix(length)))
            }
        }
    }

    /// What is not refused has the record as it was, and says that the archive is another.
    @Test func everyChangedByteIsNoticed() throws {
        let (archive, chain) = try archive()
        let seed = UInt64.random(in: 0...9_999)
        var random = SeededRandom(seed: seed)
        for _ in 0..<300 {
            var changed = archive
            let place = random.number(0...archive.count - 1)
            changed[place] ^= UInt8(random.number(1...255))
            guard let parcel = try? Parcel(archive: changed) else { continue }
            #expect(parcel.isPackedAnew && parcel.chain == chain, "seed \(seed), byte \(place)")
        }
    }

    @Test func anyBytesAreAnErrorAndNoCrash() {
        let seed = UInt64.random(in: 0...9_999)
        var random = SeededRandom(seed: seed)
        for length in [0, 1, 21, 22, 23, 500] {
            #expect(throws: ParcelError.self, "seed \(seed)") {
                try Parcel(archive: random.bytes(length))
            }
        }
    }

    @Test func aRecordThatIsMissingAnEntryIsNoticedThoughItsSumsFit() throws {
        let (_, chain) = try archive()
        var shorter = chain
        shorter.links.remove(at: 1)
        let check = ChainCheck(try Parcel(archive: Parcel(shorter).archive()).chain)
        #expect(check.problems.first == "entry 2 is missing: entry 3 is in its place")
    }
}
