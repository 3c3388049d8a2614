import LogModel
import LogParsing
import LogShipping
import LogStore
import StoreFixtures
import Testing

/// Whatever log is taken in comes back from the archive byte for byte.
@Suite struct ArchiveTests {
    private let bench = IngestBench(inMemory: true)

    private static let samples =
        #filePath.split(separator: "/", omittingEmptySubsequences: false)
        .dropLast(2).joined(separator: "/") + "/Samples"

    private static let archived = DayTarget { _, _ in SeverityPlacements(.archived) }

    private func archive() throws {
        let maintenance = try Maintenance(directory: bench.store)
        for day in try maintenance.days() { _ = try maintenance.rewrite(day, to: Self.archived) }
        for day in try maintenance.days() {
            #expect(
                try Store(directory: maintenance.directory).change(of: day, to: Self.archived)
                    == nil)
        }
    }

    private func expectBlocksAreArchived() throws {
        let store = try Store(directory: bench.store)
        for day in try store.days() {
            let blocks = try store.partition(day).blocks(Partition.Criteria())
            #expect(!blocks.isEmpty && blocks.allSatisfy(\.isArchived))
        }
    }

    @Test func samplesOfAllFormatsComeBack() throws {
        var texts: [[UInt8]] = []
        for name in FormatLibrary.builtIn.names {
            let format = try #require(FormatLibrary.builtIn.format(named: name))
            let events = format.samples.flatMap(\.events)
            texts.append(events.flatMap { $0.text + [0x0A] })
            bench.directory.write(texts[texts.count - 1], to: "\(name).log")
        }
        try bench.ingest(FormatLibrary.builtIn.names.map { $0 + ".log" })
        let before = try bench.stored()
        try archive()
        try expectBlocksAreArchived()
        let after = try bench.stored()
        #expect(after.map(\.bytes) == before.map(\.bytes))
        #expect(Set(after.map(\.bytes)) == Set(texts))
        #expect(after.map(\.events) == before.map(\.events))
        #expect(after.allSatisfy { $0.isOnce && $0.isWithoutGap })
    }

    @Test func sampleLogsComeBack() throws {
        let files = Discovery.files(at: [Self.samples]).files.filter { !$0.hasSuffix(".md") }
        #expect(files.count == 7)
        try bench.ingest(files)
        let before = try bench.stored()
        try archive()
        try expectBlocksAreArchived()
        let after = try bench.stored()
        #expect(after.map(\.source) == before.map(\.source))
        #expect(after.map(\.bytes) == before.map(\.bytes))
        let control = TemporaryDirectory.read(Self.samples + "/pay-app-1/control.log")
        #expect(control.count > 10_000 && after.contains { $0.bytes == control })
    }
}
