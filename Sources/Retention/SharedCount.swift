internal import Synchronization

/// A count that several threads add to.
final class SharedCount: Sendable {
    private let total = Atomic<Int64>(0)
    private let tell: @Sendable (Int64) -> Void

    init(_ tell: @escaping @Sendable (Int64) -> Void) { self.tell = tell }

    func add(_ count: Int64) { tell(total.add(count, ordering: .relaxed).newValue) }
}
