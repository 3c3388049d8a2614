internal import Glibc
internal import SQLite

/// Reads a day back, all of it, and compares everything that it says twice.
///
/// What is read is of one moment. A day in WAL mode is read as a snapshot. A finished day has no log, and who
/// holds a snapshot of it would keep late events out, so it is read without, and again if it has
/// changed meanwhile. Nothing is written, but for temporary tables. Used by one thread; memory is a
/// block and about 200 bytes a block.
package struct DayCheck {
    private let day: Day
    private let directory: String
    private var path: String { StoreLayout.partition(directory, day) }

    package init(_ day: Day, in directory: String) {
        self.day = day
        self.directory = directory
    }

    /// Checks the day; `progress` is told how many bytes of original text are done.
    package func run(progress: (Int64) -> Void = { _ in }) -> DayCheckResult {
        for _ in 0..<3 {
            let before = DayState(path: path)
            let (result, isSnapshot) = look(asSnapshot: false, progress)
            if isSnapshot || DayState(path: path) == before { return result }
        }
        return look(asSnapshot: true, progress).result
    }

    private func look(
        asSnapshot: Bool, _ progress: (Int64) -> Void
    ) -> (result: DayCheckResult, isSnapshot: Bool) {
        var result = DayCheckResult(day: day)
        var isSnapshot = asSnapshot
        do throws(StoreError) {
            var partition = try Partition(day: day, path: path, isSnapshot: asSnapshot)
            if !asSnapshot, try partition.hasLog() {
                isSnapshot = true
                partition = try Partition(day: day, path: path, isSnapshot: true)
            }
            try check(partition, &result, progress)
        } catch {
            result.add(error, .unreadable)
        }
        return (result, isSnapshot)
    }

    private func check(
        _ partition: Partition, _ result: inout DayCheckResult, _ progress: (Int64) -> Void
    ) throws(StoreError) {
        result.attempt { () throws(StoreError) in try partition.brokenPages() }
        let references = try partition.blocks(Partition.Criteria()).sorted { $0.id < $1.id }
        result.blocks = references.count
        do throws(StoreError) {
            try checkManifest(partition, &result)
        } catch {
            result.add(error, .manifest)
        }
        result.attempt { () throws(StoreError) in try partition.brokenReferences() }
        result.attempt { () throws(StoreError) in try partition.brokenProgress() }
        var blocks = try BlockCheck(partition)
        for reference in references {
            do throws(StoreError) {
                result.problems += try blocks.problems(of: reference)
            } catch {
                result.add(error, .block)
            }
            result.events += reference.events
            result.rawBytes += Int64(reference.rawBytes)
            progress(result.rawBytes)
        }
        do throws(StoreError) {
            if let problem = try partition.brokenIndex() { result.problems.append(problem) }
            let index = try IndexedTerms(partition.connection, segments: blocks.segments)
            result.problems += blocks.problems(in: index)
        } catch {
            result.add(error, .index)
        }
    }

    /// Compares the file with its manifest, where that is of the day as it is.
    private func checkManifest(
        _ partition: Partition, _ result: inout DayCheckResult
    ) throws(StoreError) {
        let place = Manifest.path(directory, day)
        guard access(place, F_OK) == 0 else { return }
        let manifest = try Manifest(reading: place)
        // Late events came, or the writer has made it ready for some.
        guard try manifest.version == partition.version().text, try !partition.hasLog() else {
            return
        }
        result.hasManifest = true
        let (sum, bytes) = try FileDigest.of(path)
        let found = try Manifest(of: partition, sum: sum, bytes: bytes, made: manifest.made)
        guard found != manifest else { return }
        var names: [String] = []
        if found.sum != manifest.sum { names.append("its SHA-256") }
        if found.bytes != manifest.bytes { names.append("its size") }
        if found.blocks != manifest.blocks { names.append("its blocks") }
        if found.events != manifest.events { names.append("its events") }
        if found.rawBytes != manifest.rawBytes { names.append("its bytes of logs") }
        if found.sources != manifest.sources { names.append("its sources") }
        result.problems.append(
            DayProblem(
                .manifest,
                "it is not the file of its manifest: \(names.joined(separator: ", ")) differ"))
    }
}

extension Partition {
    /// Whether the day is in WAL mode: being written to, or ready for it.
    package func hasLog() throws(StoreError) -> Bool {
        try reading { () throws(SQLiteError) in
            let statement = try Statement("PRAGMA journal_mode", on: connection)
            return try statement.step() && statement.text(0) == "wal"
        }
    }
}

extension DayCheckResult {
    /// Notes what `look` finds, or why it could not.
    fileprivate mutating func attempt(_ look: () throws(StoreError) -> [DayProblem]) {
        do throws(StoreError) { problems += try look() } catch { add(error, .unreadable) }
    }

    fileprivate mutating func add(_ error: StoreError, _ kind: DayProblem.Kind) {
        if let problem = DayProblem(error, kind) {
            if !problems.contains(problem) { problems.append(problem) }
        } else if failure == nil {
            failure = error
        }
    }
}
