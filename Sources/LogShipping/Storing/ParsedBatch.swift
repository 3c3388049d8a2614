internal import LogModel
internal import LogStore

/// Events read from a file, where they come from, and how far they bring it.
struct ParsedBatch {
    var batch: EventBatch
    let source: EventSource
    let progress: GenerationProgress
    /// Bytes of the file that the batch covers, those included that are in no event.
    let consumed: Int
    /// The generation as it was before its open event was read again: the batch takes its place.
    var replaced: Generation?

    /// What is needed of the batch once its events are on their way.
    func withoutEvents() -> ParsedBatch {
        var rest = self
        rest.batch = EventBatch()
        return rest
    }
}
