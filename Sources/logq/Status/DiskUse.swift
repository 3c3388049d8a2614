internal import Glibc
internal import LogStore
internal import Presentation

/// What the store takes, and what its disk has left.
struct DiskUse {
    let space: DiskSpace
    /// What all files of the store take, bytes.
    let store: Int64

    init(_ directory: String) throws(StoreError) {
        space = try DiskSpace(of: directory)
        store = Store.diskBytes(directory)
    }

    var text: String {
        let mark = space.watermark > 0 ? " (over \(space.watermark) %)" : ""
        return "disk: \(HumanUnits.bytes(space.available)) free of "
            + "\(HumanUnits.bytes(space.total)), \(HumanUnits.percent(space.used)) used\(mark); "
            + "the store takes \(HumanUnits.bytes(store))"
    }

    var style: Style? {
        switch space.watermark {
        case 80: .warning
        case 90: .error
        case 95: .fatal
        default: nil
        }
    }

    /// The files of a day, its write-ahead log included.
    static func size(ofDayAt path: String) -> Int64 {
        ["", "-wal", "-shm"].reduce(0) { $0 + size(of: path + $1) }
    }

    /// What a file takes on the disk; 0 where there is none.
    private static func size(of path: String) -> Int64 {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return 0 }
        return Int64(status.st_blocks) * 512
    }
}
