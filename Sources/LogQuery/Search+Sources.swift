package import LogModel
package import LogStore

// What a search tells of sources, apart from their events.
extension Search {
    /// The window, as the query's own times narrow it.
    package var window: Range<Int64> { times }

    /// Whether the query can match events of a source, by its host, service, environment and file.
    package func canMatch(_ source: EventSource) -> Bool {
        if case .none = predicate.resolved(for: source) { return false }
        return true
    }

    /// What is known to be missing in the window, or may be, of sources that the query can match.
    package func gaps() throws(StoreError) -> [Gap] {
        try store.gaps(in: times).filter { gap in
            canMatch(
                EventSource(
                    host: gap.generation.host, service: gap.generation.service,
                    environment: gap.generation.environment, path: gap.generation.path,
                    generation: gap.generation.name))
        }
    }

    /// Files that are behind, and of which events may be missing in the window therefore, of those that
    /// the query can match. Costs a statement, and a `stat` for each file that is followed.
    package func lags() throws(StoreError) -> [FileLag] {
        let contents = try store.followedContents()
        guard !contents.isEmpty else { return [] }
        let state = try store.shipperState()?.state
        let isAtWork = state == "running" && store.isShipperRunning()
        return contents.lazy.filter {
            $0.file.generation != nil && self.times.upperBound > $0.lastTime
                && self.canMatch(
                    EventSource(host: $0.host, service: $0.service, path: $0.file.path))
        }.map { FileLag($0, isAtWork: isAtWork, now: self.request.now) }.filter(\.isBehind)
    }
}
