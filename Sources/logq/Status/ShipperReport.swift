internal import LogStore

/// What the shipper does, and how far it is with each file.
struct ShipperReport {
    /// The files of one source of the configuration, failing and lagging ones first.
    struct Source {
        let name: String
        let files: [FileLag]

        var size: Int64 { files.reduce(0) { $0 + $1.size } }
        var bytesBehind: Int64 { files.reduce(0) { $0 + ($1.bytes ?? 0) } }
        var unread: Int { files.count { $0.bytes == nil } }
        var bytesPerSecond: Double { files.reduce(0) { $0 + $1.content.file.bytesPerSecond } }
        var failing: Int { files.count { !$0.content.file.error.isEmpty } }
        /// The worst lag of a file; nil where one was never read.
        var nanoseconds: Int64? {
            files.contains { $0.nanoseconds == nil }
                ? nil : files.lazy.compactMap(\.nanoseconds).max() ?? 0
        }
        var isBehind: Bool { files.contains(where: \.isBehind) }
    }

    let isRunning: Bool
    /// What it said last of itself; nil where there never was one.
    let state: ShipperState?
    /// By name.
    let sources: [Source]

    init(_ store: Store, now: Int64) throws(StoreError) {
        isRunning = store.isShipperRunning()
        state = try store.shipperState()
        let isAtWork = isRunning && state?.state == "running"
        var files: [String: [FileLag]] = [:]
        for content in try store.followedContents() {
            files[content.file.source, default: []].append(
                FileLag(content, isAtWork: isAtWork, now: now))
        }
        sources = files.map { name, files in
            Source(name: name, files: files.sorted(by: Self.isWorse))
        }.sorted { $0.name < $1.name }
    }

    private static func isWorse(_ first: FileLag, _ second: FileLag) -> Bool {
        func rank(_ lag: FileLag) -> (Int, Int64, Int64) {
            (
                lag.content.file.error.isEmpty ? 0 : 1, lag.bytes ?? lag.size,
                lag.content.file.readAt
            )
        }
        return rank(second) < rank(first)
    }
}
