internal import LogModel
package import LogStore

/// Proves that the store has what is in a file: each byte in one event, in none by decision, or not
/// read yet.
///
/// What is indexed is told by the blocks, not by the place that the catalogue knows: each event is
/// rebuilt and compared with the file's bytes. Reads beside whoever writes: what others change
/// meanwhile is looked at again. Costs reading the file once and decoding its blocks; memory is 4 MiB
/// of the file and the blocks that reach into them. Used by one thread.
package final class Audit {
    private let store: Store
    private let pieceBytes: Int
    /// The days that have events of a generation.
    private var daysByGeneration: [String: [Day]]?
    /// Days that could not be looked into for generations.
    package private(set) var unreadable: [StoreError] = []

    /// How often a file is compared while it, or what the store has of it, changes.
    private static let attempts = 5

    package convenience init(_ store: Store) { self.init(store, pieceBytes: 4 << 20) }

    /// - Parameter pieceBytes: how much of a file is compared at a time.
    init(_ store: Store, pieceBytes: Int) {
        self.store = store
        self.pieceBytes = pieceBytes
    }

    /// Compares a file with the generation whose content it has.
    ///
    /// - Parameters:
    ///   - preferred: the generation to choose where several have this content.
    ///   - progress: called with the bytes of the file on disk that are done with, now and then.
    package func check(
        _ path: String, preferring preferred: Int64? = nil, progress: (Int64) -> Void = { _ in }
    ) throws(IngestError) -> AuditedFile {
        var attempt = 1
        var before: Generation?
        while true {
            let explanation = try FileExplanation(path, in: store, preferring: preferred)
            guard let id = explanation.generation?.id, explanation.kind == nil else {
                return try Self.unknown(explanation)
            }
            let pass = try AuditPass(store, id, try days(), path)
            let audited = try pass.run(pieceBytes: pieceBytes, progress)
            if audited.holds && audited.unreadable.isEmpty || attempt == Self.attempts {
                return audited
            }
            // Which days have the generation was looked up before its place was: only the second time
            // that this place is met, all of them are known.
            if pass.generation == before, try !pass.isOutdated() { return audited }
            before = pass.generation
            attempt += 1
            daysByGeneration = nil
        }
    }

    /// The names of the generations with events in a window.
    package func generations(in times: Range<Int64>) throws(StoreError) -> Set<String> {
        var names: Set<String> = []
        for day in try store.days(in: times) {
            do throws(StoreError) {
                let partition = try store.partition(day)
                var criteria = Partition.Criteria()
                criteria.times = times
                for source in Set(try partition.blocks(criteria).map(\.source)) {
                    names.insert(try partition.source(source).generation)
                }
            } catch {
                note(error)
            }
        }
        return names
    }

    /// Nothing of the file is stored: all of it is pending.
    private static func unknown(_ explanation: FileExplanation) throws(IngestError) -> AuditedFile {
        var audited = AuditedFile(path: explanation.path)
        audited.warning = explanation.kind.map { "left out, it is \($0)" }
        audited.size = explanation.size
        if explanation.isCompressed, explanation.kind == nil {
            audited.size = 0
            do throws(ReadError) {
                let source = try ByteSource(explanation.path)
                while case let piece = try source.next(), !piece.isEmpty {
                    audited.size += Int64(piece.count)
                }
            } catch {
                throw .read(error)
            }
        }
        audited.pending = audited.size
        return audited
    }

    private func days() throws(IngestError) -> [String: [Day]] {
        if let daysByGeneration { return daysByGeneration }
        var found: [String: [Day]] = [:]
        let all: [Day]
        do throws(StoreError) { all = try store.days() } catch { throw .store(error) }
        for day in all {
            if let path = store.damagedPart(of: day) {
                note(.damaged(path: path, reason: "set aside earlier"))
            }
            do throws(StoreError) {
                let sources = try store.partition(day).allSources()
                for name in Set(sources.values.map(\.generation)) {
                    found[name, default: []].append(day)
                }
            } catch {
                note(error)
            }
        }
        daysByGeneration = found
        return found
    }

    private func note(_ error: StoreError) {
        if !unreadable.contains(where: { $0.description == error.description }) {
            unreadable.append(error)
        }
    }
}
