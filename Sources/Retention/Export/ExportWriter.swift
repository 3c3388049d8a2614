internal import Glibc
internal import LogModel
internal import LogQuery
internal import LogStore

/// Makes files of an export; one for each thread that does.
final class ExportWriter {
    private let request: SearchRequest
    private let store: Store
    private let directory: String
    private let index: ExportIndex
    private var search: Search?
    /// The day that was worked on last, and its blocks by the place that they are from.
    private var open: (day: Day, blocks: [EventSource: [SelectedBlock]])?

    struct Written: Sendable {
        var file: ExportedFile?
        var failures: [StoreError] = []
    }

    init(_ request: SearchRequest, store: String, directory: String, _ index: ExportIndex) {
        self.request = request
        self.store = Store(sharing: store)
        self.directory = directory
        self.index = index
    }

    /// Makes one file, or finds that it is there. Blocks that cannot be read are left out and told of.
    func write(_ part: ExportPart, progress: (Int64) -> Void) -> Written {
        let written = attempt(part, mayLack: false, progress)
        guard !written.failures.isEmpty else { return written }
        // Blocks may have been merged or taken back while they were read.
        open = nil
        return attempt(part, mayLack: true) { _ in }
    }

    private func attempt(
        _ part: ExportPart, mayLack: Bool, _ progress: (Int64) -> Void
    ) -> Written {
        var written = Written()
        do throws(StoreError) {
            try write(part, mayLack: mayLack, &written, progress)
        } catch {
            written.failures.append(error)
        }
        return written
    }

    private func write(
        _ part: ExportPart, mayLack: Bool, _ written: inout Written,
        _ progress: (Int64) -> Void
    ) throws(StoreError) {
        let generations = Self.inOrder(try blocks(of: part))
        guard !generations.isEmpty else { return }
        let path = part.path
        // A file that lacks something is made again the next time.
        let mark = mayLack ? "" : mark(of: generations)
        if !mayLack, let file = try kept(part, path, mark) {
            progress(part.rawBytes)
            written.file = file
            return
        }
        try Export.makeDirectory(directory + "/" + path.prefix(upTo: Self.nameStart(path)))
        let file = try GzipFile(directory + "/" + path)
        var merge = LineMerge()
        for blocks in generations {
            for block in blocks {
                try merge.write(before: block.reference.firstOffset, to: file)
                do throws(StoreError) {
                    guard let search else { continue }
                    let (batch, rows) = try search.events(of: block)
                    merge.add(batch, rows: rows)
                } catch {
                    written.failures.append(error)
                }
                progress(Int64(block.reference.rawBytes))
            }
            try merge.endGeneration(to: file)
        }
        guard let times = merge.times, mayLack || written.failures.isEmpty else { return }
        let sum = try file.finish()
        written.file = ExportedFile(
            path: path, source: part.source, times: times, events: merge.events,
            rawBytes: merge.rawBytes, storedBytes: file.storedBytes, sum: sum, mark: mark)
    }

    private static func nameStart(_ path: String) -> String.Index {
        path.lastIndex(of: "/") ?? path.startIndex
    }

    private func blocks(of part: ExportPart) throws(StoreError) -> [SelectedBlock] {
        if let open, open.day == part.day { return open.blocks[part.source] ?? [] }
        let found = try openSearch().selection(of: store.partition(part.day))
        let blocks = Dictionary(grouping: found) { ExportPart.place($0.source) }
        open = (part.day, blocks)
        return blocks[part.source] ?? []
    }

    private func openSearch() throws(StoreError) -> Search {
        if let search { return search }
        do {
            let made = try Search(request, in: store)
            search = made
            return made
        } catch {
            switch error {
            case .store(let error): throw error
            case .query(let error):
                throw .system(action: "read", path: "the query", reason: error.problem)
            }
        }
    }

    /// Generations in the order of their times, each with its blocks in the order of the file.
    private static func inOrder(_ blocks: [SelectedBlock]) -> [[SelectedBlock]] {
        let generations = Dictionary(grouping: blocks) { $0.source.generation }
        return generations.values.sorted { left, right in
            (start(left), left[0].source.generation) < (start(right), right[0].source.generation)
        }.map { blocks in
            blocks.sorted {
                ($0.reference.firstOffset, $0.reference.id)
                    < ($1.reference.firstOffset, $1.reference.id)
            }
        }
    }

    private static func start(_ blocks: [SelectedBlock]) -> Int64 {
        blocks.reduce(.max) { min($0, $1.reference.firstTime) }
    }

    /// What a file is made of: the same mark, the same lines.
    private func mark(of generations: [[SelectedBlock]]) -> String {
        var bytes = Array("logq export 1\0".utf8)
        for block in generations.joined() {
            bytes += block.reference.digest
            guard !block.isWhole else { continue }
            let times = request.times
            bytes += Array(
                "\(times.lowerBound) \(times.upperBound) \(request.query)\0".utf8)
        }
        return Digest.hex(Digest.sha256(bytes).prefix(16))
    }

    /// The file, if an earlier export has made it and it is as it was then.
    private func kept(
        _ part: ExportPart, _ path: String, _ mark: String
    ) throws(StoreError) -> ExportedFile? {
        let place = directory + "/" + path
        guard let line = index.figures(of: path), line.mark == mark, access(place, R_OK) == 0
        else { return nil }
        let (sum, bytes) = try FileDigest.of(place)
        guard Digest.hex(sum) == index.sum(of: path) else { return nil }
        return ExportedFile(
            path: path, source: part.source, times: line.times, events: line.events,
            rawBytes: line.rawBytes, storedBytes: bytes, sum: sum, mark: mark, isKept: true)
    }
}
