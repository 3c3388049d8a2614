import LogModel
import LogStore
import StoreFixtures

/// A store into which files are shipped in random turns, and what has been committed of them.
///
/// The last event of a file may be cut: it is taken back in a later turn and comes whole, or as two.
final class GrowingStore {
    let path: String
    private var random: SeededRandom
    private let directory = TemporaryDirectory()
    private let writer: StoreWriter
    private var encoder = BatchEncoder()
    private var files: [File] = []
    private var events = 0
    /// By identity, the newest committed text of each event.
    private(set) var committed: [String: String] = [:]
    /// By identity, all texts that it has had.
    private(set) var texts: [String: Set<String>] = [:]

    private struct File {
        let generation: Generation
        var end: Int64 = 0
        /// The open event: where it begins, its time, and what will stand there.
        var open: (offset: Int64, time: Int64, whole: [String])?
    }

    private static let start = SampleStore.noon + 12 * SampleStore.hour - 2 * SampleStore.second

    init(seed: UInt64, files count: Int = 3) throws {
        path = directory("store")
        random = SeededRandom(seed: seed)
        writer = try StoreWriter(directory: path)
        for number in 0..<count {
            let name = "f\(number)"
            let added = try writer.add(
                Generation(
                    name: name, head: Array(name.utf8), host: "h", service: "s", environment: "",
                    path: "/\(name).log", format: "", zone: "UTC", fallbackTime: 0, observed: 0))
            files.append(File(generation: added))
        }
    }

    /// Some files grow, and all is committed. Returns what came, and took the place of something.
    func turn() throws {
        var changed: [(uid: String, text: String)] = []
        for number in files.indices where random.isTrue(oneIn: 2) {
            changed += try grow(number)
        }
        try writer.commit()
        for (uid, text) in changed {
            committed[uid] = text
            texts[uid, default: []].insert(text)
        }
    }

    func compact() throws -> [StoreError] { try writer.compact().problems }

    private func grow(_ number: Int) throws -> [(uid: String, text: String)] {
        var file = files[number]
        var builder = BatchBuilder(offset: file.open?.offset ?? file.end)
        var changed: [(uid: String, text: String)] = []
        func add(_ text: String, _ time: Int64, isCut: Bool = false) {
            changed.append(("\(file.generation.name)-\(builder.offset)", text))
            builder.add(
                [Array(text.utf8)], .unparsed, at: time, severity: 9, flags: .isUnparsed,
                terminator: isCut ? [] : [0x0A])
        }
        if let open = file.open, let known = try writer.generation(id: file.generation.id) {
            _ = try writer.takeBackOpenEvent(of: known)
            for text in open.whole { add(text, open.time) }
            file.open = nil
        }
        let size = random.pick([1, 1, 1, 1, 1, 20, 800])
        for _ in 0..<random.number(1...5) { add(text(words: size), time()) }
        if random.isTrue(oneIn: 2) {
            let whole = [text(words: 3), text(words: 2)]
            let (offset, time) = (builder.offset, time())
            // Cut within its only line, or within the line of the next event.
            let isOne = random.isTrue(oneIn: 2)
            add(isOne ? whole[0] + " cu" : whole[0] + "\n" + whole[1].prefix(2), time, isCut: true)
            file.open = (offset, time, isOne ? [whole[0] + " cut\n\tand more"] : whole)
        } else if random.isTrue(oneIn: 2) {
            let trace = text(words: 2)
            file.open = (builder.offset, time(), [trace + "\n\tat more"])
            add(trace, file.open?.time ?? 0)
        }
        file.end = builder.offset
        files[number] = file
        var source = EventSource(host: "h", service: "s", path: file.generation.path)
        source.generation = file.generation.name
        _ = try writer.insert(
            encoder.encode(builder.batch), from: source,
            progress: GenerationProgress(
                generation: file.generation.id,
                checkpoint: Checkpoint(position: file.end, guardHash: []),
                openOffset: file.open?.offset ?? file.end,
                openDay: file.open.map { Day(of: $0.time) },
                lastTime: 0),
            isLive: !random.isTrue(oneIn: 10))
        return changed
    }

    /// A number, and every other one a word to be searched for.
    private func text(words: Int) -> String {
        events += 1
        let kind = events % 2 == 0 ? "even" : "odd"
        return "\(kind) e\(events)" + String(repeating: " word", count: words - 1)
    }

    /// Times go on, and sometimes back; in the middle of a run the next day begins.
    private func time() -> Int64 {
        Self.start + Int64(events + random.number(-20...20)) * (SampleStore.second / 100)
    }
}
