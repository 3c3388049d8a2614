internal import LogStore

/// Keeps the shipper from being what fills the disk: says when to pause, and when a watermark is passed.
///
/// Taking in pauses below the reserve and goes on when a quarter more than that is free. The ballast is
/// given up when next to nothing is left, so that searches, fault records and retention have room, and
/// made again later. On small disks the reserve is a twentieth of the disk at most, the ballast a fiftieth.
struct DiskGuard {
    private let directory: String
    private let reserve: Int64
    private let ballast: Int64
    private var isPaused = false
    private var passed = 0

    /// Below this the ballast goes.
    private static let least: Int64 = 8 << 20

    init(directory: String, reserve: Int64, ballast: Int64) {
        self.directory = directory
        self.reserve = reserve
        self.ballast = ballast
    }

    /// Looks at the disk; returns why nothing may be taken in now, nil where it may.
    ///
    /// With `isFull` a write has just failed. `warn` is told of each watermark that is passed.
    mutating func look(isFull: Bool, warn: (String) -> Void) -> String? {
        guard let space = try? DiskSpace(of: directory) else { return nil }
        let reserve = min(reserve, space.total / 20)
        let ballast = Ballast(directory: directory, bytes: min(ballast, space.total / 50))
        tellWatermarks(space, warn)
        if isFull || space.available < min(Self.least, reserve) {
            if ballast.free() > 0 { warn("the ballast was given up to make room for searches") }
        }
        let needed = isPaused || isFull ? reserve + reserve / 4 : reserve
        isPaused = space.available < needed
        guard !isPaused else {
            return "\(Self.megabytes(space.available)) MB are free on the disk of \(directory), "
                + "\(Self.megabytes(needed)) MB are needed to go on; the logs keep what is not read"
        }
        // Where there is no room for it now there may be later.
        _ = try? ballast.restore(reserve: needed)
        return nil
    }

    private mutating func tellWatermarks(_ space: DiskSpace, _ warn: (String) -> Void) {
        let used = Int(space.used * 100)
        let now = space.watermark
        if now > passed {
            warn(
                "the disk of \(directory) is \(used) % full, "
                    + "\(Self.megabytes(space.available)) MB are free")
        }
        // A little below it is not told again.
        if now >= passed || used < passed - 2 { passed = now }
    }

    private static func megabytes(_ bytes: Int64) -> Int64 { bytes / 1_000_000 }
}
