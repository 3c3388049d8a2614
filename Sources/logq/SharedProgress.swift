internal import Presentation
internal import Synchronization

/// The line that says how far a job of several threads is.
final class SharedProgress: Sendable {
    private let line: Mutex<ProgressLine>

    init(label: String, total: Int64?) { line = Mutex(ProgressLine(label: label, total: total)) }

    func update(_ done: Int64) { line.withLock { $0.update(done: done) } }

    func end() { line.withLock { $0.clear() } }
}
