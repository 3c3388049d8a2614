import Configuration
import Glibc
import LogModel
import LogParsing
import LogShipping
import LogStore
import StoreFixtures
import Testing

/// Whatever happens to the files, whenever the shipper looks, stops or dies: each content that a file
/// had is in the store, whole and once.
///
/// `LOGQ_SEQUENCES` asks for more of them, `LOGQ_SEED` for those from one seed on.
@Suite struct ShipperModelTests {
    @Test func randomSequencesLeaveEachLineOnce() throws {
        let seed = Self.number("LOGQ_SEED") ?? UInt64.random(in: 0..<1_000_000_000)
        let count = Self.number("LOGQ_SEQUENCES") ?? 300
        for offset in 0..<count {
            let model = RotationModel(seed: seed + offset)
            try model.run()
            let (missing, extra) = try model.difference()
            if missing.isEmpty, extra.isEmpty { continue }
            Issue.record(
                """
                LOGQ_SEED=\(seed + offset) LOGQ_SEQUENCES=1
                \(model.steps.joined(separator: "\n"))
                missing: \(missing.map(RotationModel.shown)), extra: \(extra.map(RotationModel.shown))
                """)
            return
        }
        print("\(count) sequences from seed \(seed)")
    }

    private static func number(_ name: String) -> UInt64? {
        getenv(name).flatMap { UInt64(String(cString: $0)) }
    }
}

/// One log with its rotation, a shipper, and what must be in the store of it.
private final class RotationModel {
    private(set) var steps: [String] = []
    private var random: SeededRandom
    private let bench = IngestBench(inMemory: true)
    private var shipper: Shipper?
    /// What each file's content was, from its beginning to its rotation.
    private var contents: [[UInt8]] = [[]]
    /// The rotated files that are there: their names and which content they have.
    private var rotated: [(name: String, content: Int)] = []
    private var active = 0
    private var lines = 0
    private var names = 0
    private var pending: [UInt8] = []

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    func run() throws {
        bench.directory.write([], to: "logs/app.log")
        let count = Int.random(in: 8...40, using: &random)
        for _ in 0..<count { try step() }
        note("end")
        append(pending)
        try restart(isKill: false)
        try look(isFinal: true)
        stop(isKill: false)
    }

    private func step() throws {
        switch Int.random(in: 0..<100, using: &random) {
        case ..<40: write()
        case ..<62: try look(isFinal: false)
        case ..<68: try look(isFinal: true)
        case ..<76: rename()
        case ..<82: copyTruncate()
        case ..<89: compress()
        case ..<92: try delete()
        case ..<96: try restart(isKill: true)
        default: try restart(isKill: false)
        }
    }

    private func note(_ text: String) { steps.append(text) }

    // MARK: The log

    /// Some lines, cut anywhere; the rest comes with the next write.
    private func write() {
        let count = Int.random(in: 1...(Bool.random(using: &random) ? 3 : 60), using: &random)
        var text = pending
        for _ in 0..<count { text += Array(line().utf8) }
        let keep = Bool.random(using: &random) ? 0 : Int.random(in: 0...50, using: &random)
        let cut = max(0, text.count - keep)
        pending = Array(text[cut...])
        append(Array(text[..<cut]))
        note("write \(cut) bytes, \(pending.count) are to come")
    }

    private func line() -> String {
        lines += 1
        let second = lines % 60
        let time = "10:\(lines / 60 % 60 + 100):\(second + 100)".replacing(":1", with: ":")
        let level = ["INFO ", "WARN ", "ERROR"][lines % 3]
        let text = "2026-11-20 \(time).\(lines % 900 + 100) [main] \(level) c.e.Job - 订单 \(lines)\n"
        return lines % 17 == 0
            ? text + "java.lang.Error: \(lines)\n\tat c.e.Job.run(Job.java:1)\n" : text
    }

    private func append(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        contents[active] += bytes
        bench.directory.append(bytes, to: "logs/app.log")
    }

    private func newName() -> String {
        names += 1
        return "logs/app.log.\(names)"
    }

    /// The line that is being written ends in the file that it began in.
    private func finishLine() {
        append(pending)
        pending = []
    }

    private func rename() {
        finishLine()
        let name = newName()
        guard Glibc.rename(path("logs/app.log"), path(name)) == 0 else { return }
        rotated.append((name, active))
        begin()
        bench.directory.write([], to: "logs/app.log")
        note("rename to \(name)")
    }

    private func copyTruncate() {
        finishLine()
        let name = newName()
        bench.directory.write(TemporaryDirectory.read(path("logs/app.log")), to: name)
        bench.directory.write([], to: "logs/app.log")
        rotated.append((name, active))
        begin()
        note("copy to \(name), truncate")
    }

    private func begin() {
        contents.append([])
        active = contents.count - 1
    }

    private func compress() {
        let plain = rotated.indices.filter { !rotated[$0].name.hasSuffix(".gz") }
        guard let index = plain.randomElement(using: &random) else { return }
        let name = rotated[index].name
        let bytes = gzip(TemporaryDirectory.read(path(name)))
        if Bool.random(using: &random) {
            // Seen while it is being written.
            bench.directory.write(
                Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &random))),
                to: name + ".gz")
            try? look(isFinal: Bool.random(using: &random))
        }
        bench.directory.write(bytes, to: name + ".gz")
        if Bool.random(using: &random) { try? look(isFinal: false) }
        unlink(path(name))
        rotated[index].name = name + ".gz"
        note("compress \(name)")
    }

    /// A file goes once it was read.
    private func delete() throws {
        guard let index = rotated.indices.randomElement(using: &random) else { return }
        try look(isFinal: true)
        unlink(path(rotated[index].name))
        note("delete \(rotated[index].name)")
        rotated.remove(at: index)
    }

    // MARK: The shipper

    private func look(isFinal: Bool) throws {
        note("look\(isFinal ? ", all of it" : "")")
        let shipper = try running()
        if isFinal { return try shipper.readAll() }
        _ = shipper.wait(milliseconds: 0)
        try shipper.turn()
    }

    private func running() throws -> Shipper {
        if let shipper { return shipper }
        var source = SourceConfiguration(
            name: "app", files: [path("logs/*")], host: "h", zone: .utc)
        source.service = "app"
        var configuration = ShipperConfiguration(sources: [source])
        configuration.descriptors = Int.random(in: 1...4, using: &random)
        configuration.rescan = 0
        let writer = try StoreWriter(directory: bench.store)
        writer.release()
        let shipper = Shipper(into: writer, configuration, formats: .builtIn) {
            [weak self] _, message in self?.note("  " + message)
        }
        self.shipper = shipper
        return shipper
    }

    private func restart(isKill: Bool) throws {
        note(isKill ? "kill" : "stop")
        stop(isKill: isKill)
    }

    private func stop(isKill: Bool) {
        if !isKill { try? shipper?.finish() }
        shipper?.stop()
        shipper = nil
    }

    private func path(_ name: String) -> String { bench.directory(name) }

    // MARK: The comparison

    /// Contents that the store lacks, and those that it has and that were never written.
    func difference() throws -> (missing: [[UInt8]], extra: [[UInt8]]) {
        var extra: [[UInt8]] = []
        var missing = contents.filter { !$0.isEmpty }
        for stored in try bench.stored() {
            let isWhole = stored.isOnce && stored.isWithoutGap
            if isWhole, let index = missing.firstIndex(of: stored.bytes) {
                missing.remove(at: index)
            } else {
                extra.append(stored.bytes)
            }
        }
        return (missing, extra)
    }

    static func shown(_ bytes: [UInt8]) -> String {
        "\(bytes.count) bytes: \(String(decoding: bytes.prefix(60), as: UTF8.self))…"
    }
}
