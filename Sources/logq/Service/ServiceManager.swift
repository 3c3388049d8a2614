internal import Glibc
internal import LogModel
internal import Presentation

/// Tells the service manager how the process is, by the protocol of sd_notify(3).
///
/// Datagrams to the socket that `NOTIFY_SOCKET` names, a path or, behind an `@`, an abstract name.
/// Without one nothing is sent, and nothing that goes wrong here stops the program.
final class ServiceManager {
    private let descriptor: Int32
    private let address: SocketAddress?
    /// Nanoseconds between two signs of life: half of what the manager waits for one.
    private let watchdogInterval: Int64?
    private var lastSign: Int64 = .min

    /// Takes `NOTIFY_SOCKET`, `WATCHDOG_USEC` and `WATCHDOG_PID` from the environment.
    init(environment: (String) -> String? = Environment.variable) {
        address = environment("NOTIFY_SOCKET").flatMap(SocketAddress.init)
        descriptor = address == nil ? -1 : Self.openSocket()
        let isForUs = environment("WATCHDOG_PID").map { Int32($0) == getpid() } ?? true
        let limit = isForUs ? environment("WATCHDOG_USEC").flatMap { Int64($0) } : nil
        watchdogInterval = limit.flatMap { limit in
            limit > 0 && limit < Int64.max / 1_000 ? limit * 500 : nil
        }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// The longest time in nanoseconds that may pass between two calls of `keepAlive`; nil: any.
    var longestPause: Int64? { descriptor < 0 ? nil : watchdogInterval }

    /// The service does its work, for the first time or after `reloading`.
    func ready() { send("READY=1") }

    /// The end has begun.
    func stopping() { send("STOPPING=1") }

    /// The configuration is being read anew; to be followed by `ready`.
    func reloading(monotonic: Int64 = Clock.monotonic()) {
        send("RELOADING=1\nMONOTONIC_USEC=\(monotonic / 1_000)")
    }

    /// A line for people, in `systemctl status`.
    func status(_ text: String) { send("STATUS=" + SafeText.escaped(text)) }

    /// Gives a sign of life when it is time for one; costs next to nothing otherwise.
    func keepAlive(monotonic: Int64 = Clock.monotonic()) {
        guard let longestPause else { return }
        // Half of it, so that a caller who is as slow as `longestPause` allows is never late.
        guard monotonic &- longestPause / 2 >= lastSign else { return }
        lastSign = monotonic
        send("WATCHDOG=1")
    }

    private func send(_ text: String) {
        guard let address, descriptor >= 0 else { return }
        let bytes = Array(text.utf8)
        address.withPointer { pointer, length in
            _ = sendto(
                descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), pointer, length)
        }
    }

    private static func openSocket() -> Int32 {
        socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    }
}

/// The address of a Unix socket, unix(7).
private struct SocketAddress {
    private var address = sockaddr_un()
    private let length: Int

    /// Nil for what is neither a path nor an abstract name, or too long for an address.
    init?(_ text: String) {
        var name = Array(text.utf8)
        let offset = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? 2
        let room = MemoryLayout<sockaddr_un>.size - offset
        guard name.count > 1, name.count < room else { return nil }
        // An abstract name begins with a NUL and has no other end than the address's length.
        switch name[0] {
        case UInt8(ascii: "/"): name.append(0)
        case UInt8(ascii: "@"): name[0] = 0
        default: return nil
        }
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        length = offset + name.count
    }

    func withPointer(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Void) {
        withUnsafePointer(to: address) { pointer in
            // Every address begins with its family, as a `sockaddr` does.
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                body(pointer, socklen_t(length))
            }
        }
    }
}
