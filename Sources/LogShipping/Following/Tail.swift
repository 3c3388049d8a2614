internal import Glibc
internal import LogModel
internal import LogStore

/// A file that is followed, under whatever name it has.
final class Tail {
    /// A hint: the number comes to another file once this one is deleted and closed.
    let identity: FileStatus.Identity
    private(set) var path: String
    /// The index of its source in the configuration.
    private(set) var source: Int
    /// As of the last look: bytes on disk, nanoseconds since 1970 UTC.
    private(set) var size: Int64
    private(set) var modified: Int64
    /// Holds the file open while it is read, and as long as descriptors last.
    var reader: LogReader?
    /// It had a turn since it was opened.
    var isServed = false
    /// How far it was read when its reader was given up.
    var reached: Int64 = 0
    /// Whose content it has; nil while that is not known.
    var generation: Int64?
    /// Another file with the same content is read instead.
    var isCopy = false
    /// It was taken for a copy by less than all of its content: to be looked at again.
    var isUnproven = false
    /// Generations that this file had before it was truncated: its content is none of them again.
    var cutGenerations: Set<Int64> = []
    /// No name that is asked for leads to it any more.
    private(set) var isGone = false
    /// It could not be opened, or had another name by then: each look at the directory tries again.
    var isUnread = false
    /// It waits in the queue for its turn, from `notBefore` on (monotonic nanoseconds).
    var isQueued = false
    var notBefore: Int64 = 0
    /// It is to be recognised in the next turn.
    var isPostponed = false
    /// Monotonic nanoseconds of the last growth that was seen.
    var grewAt: Int64
    /// Nanoseconds since 1970 UTC when its end was last reached.
    var readAt: Int64 = 0
    var error = ""
    var rate = ReadingRate()
    /// What is to be told of it has changed.
    var isChanged = true

    init(_ found: FoundFile, monotonic: Int64) {
        identity = FileStatus.Identity(device: found.device, inode: found.inode)
        path = found.path
        source = found.source
        size = found.size
        modified = found.modified
        grewAt = monotonic
    }

    /// Notes what a look at the directory found; returns whether there may be something to read.
    func update(_ found: FoundFile) -> Bool {
        let hasContent = found.size != size || found.modified != modified || isGone
        if found.path != path || found.source != source { isChanged = true }
        path = found.path
        source = found.source
        size = found.size
        modified = found.modified
        isGone = false
        return hasContent
    }

    func lose() {
        isGone = true
        isChanged = true
    }

    /// Asks the open file for its size; without one, or with one that cannot be asked, nothing changes.
    func refresh() {
        guard let status = reader?.source.status() else { return }
        size = status.size
        modified = status.modified
    }

    /// Bytes of text that are known to be there and are not in the store; nil where only reading tells.
    var pendingBytes: Int64? {
        guard let reader, !reader.source.isCompressed else { return nil }
        return max(0, size - reader.generation.position)
    }

    /// Whether what there is to read is less than a share, as far as that is known.
    var isNearlyRead: Bool { pendingBytes.map { $0 < Shipper.share } ?? false }

    /// Whether it was written to in the last minute, by its own date.
    var isActive: Bool { Clock.age(of: modified) < 60_000_000_000 }

    /// Whether nothing was written to it for a while, by its own date.
    var isLongQuiet: Bool {
        Clock.age(of: modified) > Shipper.quiet
    }

    /// What `status` shows of it.
    func followed(_ sourceName: String) -> FollowedFile {
        FollowedFile(
            path: path, source: sourceName, generation: generation, size: size, readAt: readAt,
            bytesPerSecond: rate.bytesPerSecond, error: error, inode: identity.inode,
            device: identity.device)
    }
}

/// Bytes a second, over about the last minute of reading.
struct ReadingRate {
    private(set) var bytesPerSecond = 0.0
    private var last: Int64?

    private static let memory = 60e9

    mutating func add(_ bytes: Int, at monotonic: Int64) {
        defer { last = monotonic }
        guard let last, monotonic > last else { return }
        let span = Double(monotonic - last)
        let weight = 1 - exp(-span / Self.memory)
        bytesPerSecond += weight * (Double(bytes) / span * 1e9 - bytesPerSecond)
    }
}
