/// What the store knows of every source generation: how to recognise it and how far it is read.
package struct Generation: Sendable, Equatable {
    package var id: Int64 = 0
    /// Names the generation in event ids: hex digits of a hash of its first bytes.
    package var name: String
    /// The first bytes, up to 1024 (decompressed); grows while the file is shorter.
    package var head: [UInt8]
    package var host: String
    package var service: String
    package var environment: String
    package var path: String
    package var format: String
    package var zone: String
    /// Everything before this offset is in the partitions.
    package var position: Int64 = 0
    /// Where the last event begins that more lines could still belong to, and the number of the day
    /// it was stored in; `position`, and nil, when there is none. When the file has grown, the event
    /// is taken back and read again from here.
    package var openOffset: Int64 = 0
    package var openDay: Int64?
    /// Of a last event that was removed by decision while it could still grow: how many of its bytes
    /// count as removed. `openDay` is nil then; when it has grown, it is left out.
    package var openRemoved: Int64?
    /// The parser's last time at `openOffset`, so that reading goes on as if it had not stopped.
    package var lastTime: Int64
    /// The time of events for which none can be had, fixed when the generation was first seen.
    package var fallbackTime: Int64
    package var observed: Int64
    /// The largest decompressed size that its file was seen to have; 0 where that is not known.
    package var seenSize: Int64 = 0
    /// Since when no file has its content, nanoseconds since 1970 UTC; nil while one has.
    package var missingSince: Int64?
    /// When its file was seen to be cut short while it was read; nil where it never was.
    package var cutAt: Int64?

    package init(
        name: String, head: [UInt8], host: String, service: String, environment: String,
        path: String, format: String, zone: String, fallbackTime: Int64, observed: Int64
    ) {
        self.name = name
        self.head = head
        self.host = host
        self.service = service
        self.environment = environment
        self.path = path
        self.format = format
        self.zone = zone
        self.lastTime = fallbackTime
        self.fallbackTime = fallbackTime
        self.observed = observed
    }
}

/// A place in a generation that was reached, and a hash of the bytes before it.
package struct Checkpoint: Sendable, Equatable {
    package let position: Int64
    /// Of up to 256 bytes before `position`.
    package let guardHash: [UInt8]

    package init(position: Int64, guardHash: [UInt8]) {
        self.position = position
        self.guardHash = guardHash
    }
}

/// How far a commit brings a generation.
package struct GenerationProgress: Sendable {
    package var generation: Int64
    package var checkpoint: Checkpoint
    /// Where the last event begins that can still grow, and its day; else the checkpoint's place.
    package var openOffset: Int64
    package var openDay: Day?
    /// `Generation.openRemoved`.
    package var openRemoved: Int64?
    package var lastTime: Int64
    /// The largest decompressed size that the file was seen to have; 0 where that is not known.
    package var seenSize: Int64
    /// How many bytes before the checkpoint are in no event by decision, since the beginning.
    package var skipped: [SkipReason: Int64]

    package init(
        generation: Int64, checkpoint: Checkpoint, openOffset: Int64, openDay: Day?,
        lastTime: Int64, seenSize: Int64 = 0, skipped: [SkipReason: Int64] = [:]
    ) {
        self.generation = generation
        self.checkpoint = checkpoint
        self.openOffset = openOffset
        self.openDay = openDay
        self.lastTime = lastTime
        self.seenSize = seenSize
        self.skipped = skipped
    }
}

/// Why bytes of a file are in no event.
package enum SkipReason: String, CaseIterable, Sendable {
    /// They lie before the place where the configuration lets reading begin.
    case beforeStart = "before start"
    case excluded
    /// Nothing but NULs that were never written, as a truncated file gets them, or blank lines.
    case hole
}
