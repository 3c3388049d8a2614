internal import Arguments
internal import Glibc
internal import LogModel
internal import LogShipping
internal import LogStore
internal import Presentation

/// `logq audit`: proves that the store has what is in the files.
enum AuditCommand {
    static let command = Command(
        declaration: CommandDeclaration(
            name: "audit",
            summary: "prove that the store has every byte of the files, once",
            discussion: """
                For each followed file that is still there, for those that were taken in by \
                'logq ingest', or for those named: bytes on disk (of .gz files decompressed) = indexed + \
                skipped by decision + removed by retention or 'logq purge' + pending. What is indexed is not believed from a position: the \
                original bytes of all events are rebuilt from their blocks and compared with the file. \
                Missing, doubled and different bytes are named with their place, the block, and the \
                times of the events around them; then the known gaps of files that are gone.
                Works beside a running shipper, and reads each file once.
                Exit status: 0 it holds, 1 it does not, 2 error, 3 a day could not be read.
                """,
            examples: [
                ("logq audit", "all files that are there"),
                ("logq audit --date 2026-11-20", "those with events of that day"),
                ("logq audit /var/log/nginx/access.log*", "some files"),
                ("logq audit --json | jq .holds", "for a program"),
            ],
            flags: [
                Flag(
                    "date", placeholder: "DATE",
                    help: "only files and gaps with events of this day"),
                Environment.zoneFlag, Environment.dataFlag, Environment.colorFlag,
                Flag("json", help: "the figures as one JSON object, times in UTC"),
            ],
            operands: Operands("FILE", help: "files to compare, instead of all that are known")),
        run: run)

    private static func run(_ arguments: ParsedArguments) throws -> ExitCode {
        let zone = try Environment.zone(arguments)
        let store = try Store(directory: Environment.dataDirectory(arguments))
        let times = try window(arguments, zone)
        let audit = Audit(store)
        let files = try AuditedPaths(
            arguments.operands, in: store, of: times.map { try audit.generations(in: $0) })
        var report = AuditReport()
        let isPrinting = !arguments.isSet("json")
        let painter = Painter(
            isEnabled: Environment.color(arguments).isEnabled(for: STDOUT_FILENO))
        var line = ProgressLine(label: "comparing", total: files.bytes)
        var done: Int64 = 0
        for file in files.paths {
            do {
                let audited = try audit.check(file.path, preferring: file.generation) {
                    line.update(done: done + $0)
                }
                line.clear()
                if isPrinting { AuditText(zone, painter).print(audited) }
                report.add(audited)
            } catch {
                line.clear()
                if case .store(let error) = error { throw error }
                // What is rotated away meanwhile is looked at under its new name the next time.
                if !file.isNamed, access(file.path, F_OK) != 0 { continue }
                CommandLineTool.report(error.description)
                report.failures += 1
            }
            done += file.size
        }
        report.gaps = try store.gaps(in: times ?? .min..<Int64.max)
        report.unreadable += audit.unreadable
        if isPrinting {
            AuditText(zone, painter).print(report)
        } else {
            Standard.output(String(decoding: report.json(), as: UTF8.self))
        }
        for failure in report.unreadable { CommandLineTool.report(failure.description) }
        return report.exitCode
    }

    private static func window(
        _ arguments: ParsedArguments, _ zone: Zone
    ) throws -> Range<Int64>? {
        guard let date = arguments.string("date") else { return nil }
        let span = try TimeExpression.interval(date, now: Clock.now(), zone: zone)
        guard !span.isEmpty else {
            throw CommandFailure("--date takes a day, such as 2026-11-20 or yesterday")
        }
        return span
    }
}

/// The files that an audit compares.
struct AuditedPaths {
    struct File {
        let path: String
        /// What the store takes it for.
        var generation: Int64?
        /// Bytes on disk.
        let size: Int64
        /// Whether the person named it.
        let isNamed: Bool
    }

    private(set) var paths: [File] = []

    var bytes: Int64 { paths.reduce(0) { $0 + $1.size } }

    /// Those in `named`, else all that are known and there; with `generations` only their files.
    init(_ named: [String], in store: Store, of generations: Set<String>?) throws {
        var known: [String: Int64] = [:]
        for generation in try store.generations() where generation.path != "-" {
            known[generation.path] = generation.id
        }
        for file in try store.followedFiles() { known[file.path] = file.generation }
        guard named.isEmpty else {
            for path in named {
                add(path, known[path] ?? Self.absolute(path).flatMap { known[$0] }, isNamed: true)
            }
            return
        }
        for (path, id) in known.sorted(by: { $0.key < $1.key }) {
            if let generations, try !generations.contains(store.generation(id: id)?.name ?? "") {
                continue
            }
            add(path, id, isNamed: false)
        }
    }

    private mutating func add(_ path: String, _ generation: Int64?, isNamed: Bool) {
        var status = stat()
        let isThere = stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        guard isThere || isNamed else { return }
        paths.append(
            File(
                path: path, generation: generation, size: isThere ? Int64(status.st_size) : 0,
                isNamed: isNamed))
    }

    private static func absolute(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
