internal import Glibc
package import LogModel
package import LogQuery
package import LogStore

/// Writes what a search finds as plain gzip files, one for each path of a source and day.
///
/// Each file has the original lines, byte for byte, in the order of the file that they came from; of
/// generations that had the same path one after the other in the order of their times. Files are
/// shared out among as many threads as the machine runs at once. An interrupted export leaves whole
/// files, which the next one keeps. Nothing of the store is changed.
package struct Export: Sendable {
    private let request: SearchRequest
    private let store: String
    private let directory: String

    /// Makes `directory`, which must not lie in the store.
    package init(
        _ request: SearchRequest, of store: String, to directory: String
    ) throws(StoreError) {
        self.request = request
        self.store = store
        try Self.makeDirectory(directory)
        self.directory = try Self.absolute(directory)
        let own = try Self.absolute(store)
        guard self.directory != own, !self.directory.hasPrefix(own + "/") else {
            throw .system(
                action: "export to", path: directory,
                reason: "it is in the store; name a directory outside of it")
        }
    }

    /// Writes all files; `progress` is told by several threads how many bytes of original text are done,
    /// and of how many at most.
    package func run(
        progress: @escaping @Sendable (_ done: Int64, _ total: Int64) -> Void
    ) throws(SearchError) -> ExportReport {
        let start = Clock.monotonic()
        let search = try Search(request, in: Store(sharing: store))
        var report = ExportReport()
        let parts = try plan(search, &report)
        report.failures += search.failures
        do throws(StoreError) {
            try write(parts, &report, progress)
        } catch {
            throw .store(error)
        }
        report.nanoseconds = Clock.monotonic() - start
        return report
    }

    private func write(
        _ parts: [ExportPart], _ report: inout ExportReport,
        _ progress: @escaping @Sendable (Int64, Int64) -> Void
    ) throws(StoreError) {
        let total = parts.reduce(0) { $0 + $1.rawBytes }
        let done = SharedCount { progress($0, total) }
        var index = try ExportIndex(of: directory)
        let work = OrderedWork(count: parts.count, threads: OrderedWork<Bool>.availableThreads) {
            [self, index] in
            let writer = ExportWriter(request, store: store, directory: directory, index)
            return { writer.write(parts[$0]) { done.add($0) } }
        }
        defer { work.stop() }
        var number = 0
        while let written = work.next() {
            report.failures += written.failures
            if let file = written.file {
                report.add(file)
                index.add(file)
            }
            number += 1
            // What an interrupted export has listed need not be made again.
            let isLastOfDay = number == parts.count || parts[number].day != parts[number - 1].day
            let failure = written.failures.first(where: \.isOfWriting)
            if isLastOfDay || failure != nil { try index.write() }
            if let failure { throw failure }
        }
    }

    /// The files to make, day by day.
    private func plan(
        _ search: Search, _ report: inout ExportReport
    ) throws(SearchError) -> [ExportPart] {
        var parts: [ExportPart] = []
        let store = Store(sharing: store)
        let days: [Day]
        do { days = try store.days(in: search.window) } catch { throw .store(error) }
        for day in days {
            if let path = store.damagedPart(of: day) {
                report.failures.append(.damaged(path: path, reason: "set aside earlier"))
            }
            do throws(StoreError) {
                var sizes: [EventSource: Int64] = [:]
                for block in try search.selection(of: store.partition(day)) {
                    sizes[ExportPart.place(block.source), default: 0] +=
                        Int64(block.reference.rawBytes)
                }
                parts += sizes.map { ExportPart(day: day, source: $0.key, rawBytes: $0.value) }
                    .sorted { $0.path < $1.path }
            } catch {
                report.failures.append(error)
            }
        }
        do { report.failures += try store.missingDays(in: search.window).map(Self.missing) } catch {
            throw .store(error)
        }
        return parts
    }

    private static func missing(_ day: Day) -> StoreError {
        .system(action: "find", path: day.name + ".db", reason: "the day has events and no file")
    }

    static func makeDirectory(_ path: String) throws(StoreError) {
        var made = path.hasPrefix("/") ? "" : "."
        for name in path.split(separator: "/") {
            made += "/" + name
            guard mkdir(made, 0o700) == 0 || errno == EEXIST else {
                throw .writing(made, action: "make")
            }
        }
    }

    private static func absolute(_ path: String) throws(StoreError) -> String {
        guard let resolved = realpath(path, nil) else { throw .writing(path, action: "find") }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}

extension StoreError {
    /// Whether no other file could be written either.
    fileprivate var isOfWriting: Bool {
        switch self {
        case .full, .system: true
        default: false
        }
    }
}

/// One file to make.
struct ExportPart: Sendable {
    let day: Day
    /// Without its generation, of which a file may have several.
    let source: EventSource
    /// At most.
    let rawBytes: Int64

    var path: String { ExportPath.path(of: source, day) }

    static func place(_ source: EventSource) -> EventSource {
        var place = source
        (place.generation, place.observedTimestamp) = ("", 0)
        return place
    }
}

/// A file of an export.
package struct ExportedFile: Sendable {
    /// In the export's directory.
    package let path: String
    package let source: EventSource
    package internal(set) var times: ClosedRange<Int64>
    package internal(set) var events: Int
    package internal(set) var rawBytes: Int64
    package internal(set) var storedBytes: Int64
    package internal(set) var sum: [UInt8]
    /// Of the blocks that its lines are from; empty where some could not be read.
    let mark: String
    /// Whether it was there already.
    package internal(set) var isKept = false
}

/// What an export wrote.
package struct ExportReport: Sendable {
    package private(set) var files = 0
    /// Files that were there already.
    package private(set) var kept = 0
    package private(set) var events = 0
    package private(set) var rawBytes: Int64 = 0
    package private(set) var storedBytes: Int64 = 0
    package internal(set) var nanoseconds: Int64 = 0
    /// What is missing in the files, and why.
    package internal(set) var failures: [StoreError] = []

    mutating func add(_ file: ExportedFile) {
        files += 1
        if file.isKept { kept += 1 }
        events += file.events
        rawBytes += file.rawBytes
        storedBytes += file.storedBytes
    }
}
