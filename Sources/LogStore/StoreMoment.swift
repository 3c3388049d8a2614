internal import Glibc
internal import LogModel
internal import SQLite

/// A moment in which nothing writes to a store, so that what is opened in it is of one state.
///
/// Others wait until it is over, so it should be short: opening a day takes about 0.3 ms.
package final class StoreMoment {
    private let lock: WriterLock
    private let wasFinished: Bool

    /// Waits up to `timeout` seconds for writers to give their lock up, as a shipper does between two
    /// commits; nil where one does not.
    package init?(directory: String, timeout: Double) throws(StoreError) {
        lock = try WriterLock(directory: directory)
        do throws(StoreError) {
            wasFinished = try !lock.take(timeout: timeout)
        } catch {
            guard case .locked = error else { throw error }
            return nil
        }
    }

    // What a writer before left unfinished is still to be cleaned up by the next.
    deinit { lock.giveUp(isFinished: wasFinished) }
}

/// The catalogue as it is at one moment.
package final class CatalogSnapshot {
    private let connection: Connection

    package init(of directory: String) throws(StoreError) {
        connection = try StoreFile.openForReading(
            StoreLayout.catalog(directory), kind: .catalog, inTransaction: true)
        // The first look at the file is what makes it a snapshot.
        do { _ = try connection.integer("SELECT count(*) FROM sqlite_schema") } catch {
            throw StoreError(error)
        }
    }

    /// Copies it into a new file, which is on the disk when this returns.
    package func copy(to path: String) throws(StoreError) {
        try StoreFile.copy(connection, to: path)
    }
}

extension Partition {
    /// Copies the day into a new file that needs none beside it, and is on the disk when this returns.
    ///
    /// As it is at this moment, or at the snapshot's; every page is read, with its checksum.
    package func copy(to path: String) throws(StoreError) {
        try StoreFile.copy(connection, to: path)
    }

    /// Whether the day has all that an earlier form of it had of each generation, or knows it as
    /// removed; only what was open then may be elsewhere now.
    ///
    /// How far the days say that they are is not enough: a file that took the place of a lost one says
    /// the same. Costs reading the summaries of all blocks of both.
    package func hasAll(of earlier: Partition) throws(StoreError) -> Bool {
        let places = try earlier.reach().open.mapValues { 0..<$0.lowerBound }
        let reached = try reach(of: Set(places.keys)).open
        guard places.allSatisfy({ reached[$0]?.upperBound ?? 0 >= $1.upperBound }) else {
            return false
        }
        let had = try earlier.bytes(in: places).merging(earlier.removedBytes()) { $0 + $1 }
        let has = try bytes(in: places).merging(removedBytes()) { $0 + $1 }
        return had.allSatisfy { has[$0] ?? 0 >= $1 }
    }

    private func removedBytes() throws(StoreError) -> [String: Int64] {
        try removedEvents().counts.mapValues { $0.values.reduce(0) { $0 + $1.bytes } }
    }

    /// How many bytes the day has of each of these generations in events that begin in these places.
    func bytes(in places: [String: Range<Int64>]) throws(StoreError) -> [String: Int64] {
        let sources = try allSources()
        var found: [String: Int64] = [:]
        for block in try blocks(Criteria()) {
            guard let name = sources[block.source]?.generation, let place = places[name],
                block.endOffset > place.lowerBound, block.firstOffset < place.upperBound
            else { continue }
            if place.contains(block.firstOffset), block.endOffset <= place.upperBound {
                found[name, default: 0] += Int64(block.rawBytes)
            } else {
                for row in try batch(of: block).rows where place.contains(row.offset) {
                    found[name, default: 0] += Int64(row.length)
                }
            }
        }
        return found
    }
}

extension StoreFile {
    fileprivate static func copy(_ connection: Connection, to path: String) throws(StoreError) {
        remove(path)
        do {
            try connection.backup(to: path)
        } catch {
            remove(path)
            throw StoreError(error)
        }
    }
}

/// Copies of other databases that lie in a store.
package enum DatabaseCopy {
    /// Copies a database as it is at this moment into a new file, which is on the disk when this returns.
    package static func make(of path: String, at copy: String) throws(StoreError) {
        do {
            try StoreFile.copy(Connection(path, mode: .readOnly), to: copy)
        } catch let error as SQLiteError {
            throw StoreError(error)
        } catch let error as StoreError {
            throw error
        } catch {
            throw .damaged(path: path, reason: "\(error)")
        }
    }
}
