internal import Glibc
package import LogStore

/// A directory that holds the backup of a store: in the layout of a store, so that it can be searched
/// where it lies.
///
/// ```
/// DEST/catalog.db                   the catalogue, as of one moment
/// DEST/partitions/DAY.db, .sha256   each day and its manifest, as of then or earlier where unchanged
/// DEST/backup.info                  `BackupInformation`
/// DEST/backup.lock                  held (flock) by who makes the backup, shared by who reads it
/// DEST/…                            queries, policy, receipts and what else small there is
/// ```
///
/// A day gets its names when it is whole: `DAY.db.new`, then `DAY.sha256.new`, then both are renamed in
/// this order. The catalogue comes last: it never promises what the days do not have.
package struct BackupPlace: Sendable {
    package let directory: String

    package init(_ directory: String) { self.directory = directory }

    func partition(_ day: Day) -> String { StoreLayout.partition(directory, day) }

    var information: String { directory + "/backup.info" }

    /// The days that it has, in order.
    package func days() throws(StoreError) -> [Day] {
        try Store(sharing: directory).days()
    }

    /// The manifest of a day's file; nil where there is none that can be read.
    package func manifest(of day: Day) -> Manifest? {
        let path = Manifest.path(directory, day)
        // Renaming was interrupted between the two.
        let isBehind =
            access(path + ".new", F_OK) == 0 && access(partition(day) + ".new", F_OK) != 0
        return try? Manifest(reading: isBehind ? path + ".new" : path)
    }

    /// Finishes what an interrupted backup left; to be called by the holder of the lock.
    func finishInterrupted() throws(StoreError) {
        for name in try StoreLayout.names(in: StoreLayout.partitions(directory)) {
            guard name.hasSuffix(".sha256.new"), let day = Day(name: String(name.prefix(10)))
            else { continue }
            let draft = Manifest.path(directory, day) + ".new"
            guard access(partition(day) + ".new", F_OK) != 0,
                let manifest = try? Manifest(reading: draft)
            else {
                unlink(draft)
                continue
            }
            try manifest.write(to: Manifest.path(directory, day))
        }
        for name in try StoreLayout.names(in: StoreLayout.partitions(directory))
        where name.contains(".new") {
            unlink(StoreLayout.partitions(directory) + "/" + name)
        }
    }

    /// Gives a day's finished draft and its manifest their names.
    func publish(_ day: Day, _ manifest: Manifest) throws(StoreError) {
        let path = Manifest.path(directory, day)
        try manifest.write(to: path + ".new")
        try StoreFile.rename(partition(day) + ".new", to: partition(day))
        try StoreFile.rename(path + ".new", to: path)
    }

    /// Removes a day; without its manifest first, it would be copied anew.
    func remove(_ day: Day) {
        unlink(Manifest.path(directory, day))
        unlink(partition(day))
    }
}

/// Keeps a backup to one process that makes it, or to those that read it.
final class BackupLock {
    private let descriptor: Int32

    /// Throws at once if another one makes the backup, or restores from it.
    init(making place: BackupPlace) throws(BackupError) {
        descriptor = open(
            place.directory + "/backup.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .store(.writing(place.directory, action: "open")) }
        try take(LOCK_EX, place)
    }

    /// Throws at once if one makes the backup. A backup that cannot be written to needs no lock.
    init(reading place: BackupPlace) throws(BackupError) {
        descriptor = open(place.directory + "/backup.lock", O_RDONLY | O_CLOEXEC)
        if descriptor >= 0 { try take(LOCK_SH, place) }
    }

    private func take(_ kind: Int32, _ place: BackupPlace) throws(BackupError) {
        guard flock(descriptor, kind | LOCK_NB) == 0 else {
            throw .busy(place: place.directory)
        }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }
}
