internal import Glibc

/// A job that worked on the whole store: what kind, when, and how it ended.
package struct JobRecord: Sendable, Equatable {
    package let id: Int64
    /// `retention`, `backup`, `restore`, `purge` or `verify`.
    package let kind: String
    /// In nanoseconds UTC.
    package let started: Int64
    /// 0 if it did not end.
    package let ended: Int64
    package let process: Int64
    /// In a word or two: `done`, `stopped`; empty if it did not end.
    package let outcome: String
    /// In a line.
    package let summary: String
    /// Whether it has not ended and its process is there.
    package let isRunning: Bool
}

/// A part of a job: what it did to a day.
package struct JobStep: Sendable, Equatable {
    /// The job's id, and the step's number in it from 1 on; 0 until it is kept.
    package var job: Int64
    package var number: Int64
    /// Nil where it was about no day, or about all of them.
    package var day: Day?
    /// In a word, such as `archived`.
    package var action: String
    /// In nanoseconds UTC.
    package var started: Int64
    package var ended: Int64
    /// Events that it is about, and the bytes of their original text.
    package var events: Int64
    package var rawBytes: Int64
    /// Of files on the disk.
    package var bytesBefore: Int64
    package var bytesAfter: Int64
    /// What else there is to say, such as what went wrong.
    package var note: String

    package init(
        job: Int64, number: Int64 = 0, day: Day?, action: String, started: Int64, ended: Int64,
        events: Int64 = 0, rawBytes: Int64 = 0, bytesBefore: Int64 = 0, bytesAfter: Int64 = 0,
        note: String = ""
    ) {
        self.job = job
        self.number = number
        self.day = day
        self.action = action
        self.started = started
        self.ended = ended
        self.events = events
        self.rawBytes = rawBytes
        self.bytesBefore = bytesBefore
        self.bytesAfter = bytesAfter
        self.note = note
    }
}

/// A process as the kernel knows it: the number is used again, the number and the start are not.
struct ProcessIdentity: Equatable {
    let number: Int64
    /// In clock ticks since the machine was started; 0 where the kernel does not say.
    let start: Int64

    static var current: ProcessIdentity {
        let number = Int64(getpid())
        return ProcessIdentity(number: number, start: start(of: number) ?? 0)
    }

    var isThere: Bool { Self.start(of: number) == start }

    /// Field 22 of proc_pid_stat(5); the name in field 2 may have anything in it.
    private static func start(of number: Int64) -> Int64? {
        guard let bytes = try? SmallFile.read("/proc/\(number)/stat", limit: 1 << 12),
            let name = bytes.lastIndex(of: UInt8(ascii: ")"))
        else { return nil }
        let fields = bytes[(name + 1)...].split(separator: UInt8(ascii: " "))
        return fields.count > 19 ? Int64(String(decoding: fields[19], as: UTF8.self)) : nil
    }
}
