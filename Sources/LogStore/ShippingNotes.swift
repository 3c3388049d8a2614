/// What the shipper tells of a path that it follows.
package struct FollowedFile: Sendable, Equatable {
    package var path: String
    /// The name of the source in the configuration.
    package var source: String
    /// The generation whose content it has; nil where there is none yet (empty, unreadable).
    package var generation: Int64?
    /// Bytes on disk at the last look.
    package var size: Int64
    /// When it was last read to its end, nanoseconds since 1970 UTC; 0 for never.
    package var readAt: Int64
    /// Over the last minute in which it was read.
    package var bytesPerSecond: Double
    /// What went wrong at the last look; empty for nothing.
    package var error: String
    package var inode: Int64
    package var device: Int64

    package init(
        path: String, source: String, generation: Int64? = nil, size: Int64 = 0, readAt: Int64 = 0,
        bytesPerSecond: Double = 0, error: String = "", inode: Int64 = 0, device: Int64 = 0
    ) {
        self.path = path
        self.source = source
        self.generation = generation
        self.size = size
        self.readAt = readAt
        self.bytesPerSecond = bytesPerSecond
        self.error = error
        self.inode = inode
        self.device = device
    }
}

/// A followed file, and how far its content is in the store; where it has none yet, empty and 0.
package struct FollowedContent: Sendable, Equatable {
    package var file: FollowedFile
    package var host: String
    package var service: String
    package var position: Int64
    /// The time of the last event that is stored, nanoseconds since 1970 UTC.
    package var lastTime: Int64

    package init(
        file: FollowedFile, host: String, service: String, position: Int64, lastTime: Int64
    ) {
        self.file = file
        self.host = host
        self.service = service
        self.position = position
        self.lastTime = lastTime
    }
}

/// Why the content at a path was taken for that of a generation; times are nanoseconds since 1970.
package struct Recognition: Sendable, Equatable {
    package var generation: Int64
    package var path: String
    package var firstSeen: Int64
    package var lastSeen: Int64
    package var reason: String

    package init(
        generation: Int64, path: String, firstSeen: Int64, lastSeen: Int64, reason: String
    ) {
        self.generation = generation
        self.path = path
        self.firstSeen = firstSeen
        self.lastSeen = lastSeen
        self.reason = reason
    }
}

/// What the shipper says of itself; whether it lives is told by its lock (`ShipperLock`), not by this.
package struct ShipperState: Sendable, Equatable {
    package var process: Int64
    package var started: Int64
    /// `running`, `waiting: …` or `stopped`.
    package var state: String
    package var changed: Int64

    package init(process: Int64, started: Int64, state: String, changed: Int64) {
        self.process = process
        self.started = started
        self.state = state
        self.changed = changed
    }
}

/// Events that were written and that the store does not have, as far as that can be known.
package struct Gap: Sendable, Equatable {
    package var generation: Generation
    /// A lower bound; 0 where something may be lost, or nothing.
    package var missingBytes: Int64
    /// From the last event stored to when the file went missing or was cut.
    package var times: Range<Int64>
    package var isCut: Bool

    /// The gap of a generation: its file is gone with more in it than was read, or was cut short.
    init?(of generation: Generation) {
        let missing = generation.seenSize - generation.position
        let isGone = generation.missingSince != nil && missing > 0
        let end = max(isGone ? generation.missingSince ?? .min : .min, generation.cutAt ?? .min)
        guard isGone || generation.cutAt != nil else { return nil }
        self.generation = generation
        missingBytes = max(0, missing)
        times = min(generation.lastTime, end)..<(end == .max ? end : end + 1)
        isCut = generation.cutAt != nil
    }
}

/// What a shipper noted since the last commit.
struct ShippingNotes {
    /// By path; nil for a file that is not followed any more.
    private(set) var files: [String: FollowedFile?] = [:]
    private(set) var recognitions: [Recognition] = []
    /// When the generations went missing, and nil for those that are there again.
    var missing: [Int64: Int64?] = [:]
    /// When the generations were cut, and nil for those of which nothing was lost after all.
    var cuts: [Int64: Int64?] = [:]

    var isEmpty: Bool {
        files.isEmpty && recognitions.isEmpty && missing.isEmpty && cuts.isEmpty
    }

    mutating func add(_ file: FollowedFile) { files[file.path] = .some(file) }
    mutating func add(_ recognition: Recognition) { recognitions.append(recognition) }
    mutating func forget(_ path: String) { files[path] = .some(nil) }
}
