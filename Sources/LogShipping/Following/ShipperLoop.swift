internal import Glibc
internal import LogModel
package import LogStore

/// Runs a shipper until it is told to stop: paces its turns, and waits where the store cannot take
/// anything, as long as that lasts.
///
/// While it waits the files keep their data; what a writer deletes meanwhile is held open.
package final class ShipperLoop {
    /// What goes on outside, asked between turns.
    package struct Control {
        /// Readable when one of the others has news, so that no wait is longer than it has to be; -1
        /// for none.
        package var wake: Int32
        package var isStopping: () -> Bool
        /// The configuration to go on with, once after a request to read it anew.
        package var reloaded: () -> ShipperConfiguration?
        /// Called at least every second or so with what the shipper is doing; a turn with a large
        /// backlog lasts about half a second.
        package var beat: (_ state: String) -> Void

        package init(
            wake: Int32 = -1, isStopping: @escaping () -> Bool,
            reloaded: @escaping () -> ShipperConfiguration?,
            beat: @escaping (String) -> Void
        ) {
            self.wake = wake
            self.isStopping = isStopping
            self.reloaded = reloaded
            self.beat = beat
        }
    }

    private let shipper: Shipper
    private let control: Control
    private let started = Clock.now()
    private var state = ""
    private var lastTurn: Int64 = 0
    private var disk: DiskGuard
    private var nextLookAtDisk: Int64 = 0
    private var isFull = false

    /// How long is waited before the store is tried again.
    private static let retry: Int64 = 2_000_000_000
    private static let diskInterval: Int64 = 5_000_000_000

    package init(_ shipper: Shipper, _ control: Control) {
        self.shipper = shipper
        self.control = control
        disk = shipper.diskGuard()
    }

    /// Returns when it is told to stop, with all that was read stored; throws only what no waiting
    /// can change.
    package func run() throws(StoreError) {
        var retryAt = Int64.min
        while !control.isStopping() {
            control.beat(state)
            if let configuration = control.reloaded() {
                shipper.reload(configuration)
                disk = shipper.diskGuard()
            }
            if let reason = lookAtDisk() {
                enter("waiting: \(reason)")
                retryAt = Clock.monotonic() + Self.retry
            }
            guard pause(until: retryAt) else { continue }
            do throws(StoreError) {
                lastTurn = Clock.monotonic()
                try shipper.turn()
                enter("running")
            } catch {
                guard error.mayPass else { throw error }
                if case .full = error { isFull = true }
                enter("waiting: \(error)")
                nextLookAtDisk = 0
                retryAt = Clock.monotonic() + Self.retry
            }
        }
        do throws(StoreError) { try shipper.finish() } catch  where error.mayPass {}
        enter("stopped")
    }

    /// Why nothing may be taken in now, asked every few seconds.
    private func lookAtDisk() -> String? {
        let now = Clock.monotonic()
        guard now >= nextLookAtDisk else { return nil }
        let reason = disk.look(isFull: isFull) { shipper.log(.warning, $0) }
        isFull = false
        nextLookAtDisk = now + (reason == nil ? Self.diskInterval : 0)
        return reason
    }

    /// Waits until a turn is due, a second at most; returns whether one is.
    private func pause(until retryAt: Int64) -> Bool {
        shipper.leaveDaysToMaintenance()
        let now = Clock.monotonic()
        if now < retryAt {
            Clock.sleep(min(retryAt - now, 200_000_000))
            return false
        }
        guard shipper.wait(milliseconds: 1_000, orReadable: control.wake) else { return false }
        // What comes until then is taken in the same turn. A backlog is not waited for.
        let next = lastTurn + Shipper.turnSpacing
        let spacing = next - Clock.monotonic()
        if spacing > 0, spacing <= Shipper.turnSpacing, !shipper.hasBacklog { Clock.sleep(spacing) }
        return true
    }

    private func enter(_ new: String) {
        guard new != state else { return }
        let goesOnWaiting = new.hasPrefix("waiting") && state.hasPrefix("waiting")
        if !goesOnWaiting { shipper.log(new.hasPrefix("waiting") ? .warning : .info, new) }
        state = new
        try? shipper.note(
            ShipperState(
                process: Int64(getpid()), started: started, state: new, changed: Clock.now()))
    }
}

extension StoreError {
    /// Whether waiting may help: space may be freed, another writer end, a damaged day is set aside. A damaged
    /// catalogue waits for a person.
    fileprivate var mayPass: Bool {
        switch self {
        case .full, .locked, .maintaining, .busy, .database, .system, .changed: true
        case .damaged(let path, _): !path.hasSuffix("/catalog.db")
        case .missing, .newerFormat, .olderFormat, .notAStore, .missingDay, .shipping: false
        }
    }
}
