internal import Glibc

/// The machine's clocks, in nanoseconds.
package enum Clock {
    /// Of the clock that only goes forward; what it counts from means nothing.
    package static func monotonic() -> Int64 { read(CLOCK_MONOTONIC) }

    /// Since 1970 UTC.
    package static func now() -> Int64 { read(CLOCK_REALTIME) }

    /// How long ago a time since 1970 UTC was; negative for what is to come, clamped.
    package static func age(of time: Int64) -> Int64 {
        let (age, isOver) = now().subtractingReportingOverflow(time)
        return isOver ? (time < 0 ? .max : .min) : age
    }

    /// Waits; a signal ends it early.
    package static func sleep(_ nanoseconds: Int64) {
        var span = timespec(
            tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
        nanosleep(&span, nil)
    }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
