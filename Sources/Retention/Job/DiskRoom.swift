internal import LogStore

/// Room for the job on a disk that is full: the ballast, for as long as it works.
struct DiskRoom {
    private let directory: String
    private var freed: Int64 = 0

    /// With less than this free, or a twentieth of a smaller disk, the ballast goes.
    private static let least: Int64 = 64 << 20
    /// What has to be free besides for it to come back; the shipper pauses below that.
    private static let reserve: Int64 = 320 << 20

    init(directory: String) { self.directory = directory }

    /// Gives the ballast up where next to nothing is free, or with `always`.
    ///
    /// Returns whether that made room.
    mutating func make(always: Bool = false) -> Bool {
        guard let space = try? DiskSpace(of: directory) else { return false }
        guard always || space.available < min(Self.least, space.total / 20) else { return false }
        let bytes = Ballast(directory: directory, bytes: 0).free()
        freed += bytes
        return bytes > 0
    }

    /// Makes the ballast again, where there is room for it; where there is none, a shipper does later.
    func restore() {
        guard freed > 0, let space = try? DiskSpace(of: directory) else { return }
        let reserve = min(Self.reserve, space.total / 16)
        _ = try? Ballast(directory: directory, bytes: freed).restore(reserve: reserve)
    }
}
