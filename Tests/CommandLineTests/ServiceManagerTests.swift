import Glibc
import StoreFixtures
import Testing

@testable import logq

@Suite struct ServiceManagerTests {
    private let directory = TemporaryDirectory()

    /// A socket as the service manager has it, bound to a name with its NULs as they stand.
    private func listen(_ name: [UInt8]) -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        let isBound = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(2 + name.count)) == 0
            }
        }
        #expect(isBound)
        return descriptor
    }

    private func received(_ descriptor: Int32) -> [String] {
        var messages: [String] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            guard count > 0 else { return messages }
            messages.append(String(decoding: buffer[..<count], as: UTF8.self))
        }
    }

    private func manager(_ environment: [String: String]) -> ServiceManager {
        ServiceManager { environment[$0] }
    }

    @Test func statesAreToldByPath() {
        let socket = listen(Array(directory("notify").utf8) + [0])
        defer { close(socket) }
        let manager = manager(["NOTIFY_SOCKET": directory("notify")])
        manager.ready()
        manager.status("12 files,\n3 behind")
        manager.reloading(monotonic: 1_234_567_890)
        manager.stopping()
        manager.keepAlive()
        #expect(
            received(socket) == [
                "READY=1", "STATUS=12 files,\\n3 behind", "RELOADING=1\nMONOTONIC_USEC=1234567",
                "STOPPING=1",
            ])
    }

    @Test func statesAreToldByAbstractName() {
        let name = "logq-test-\(getpid())-\(UInt64.random(in: 0...UInt64.max))"
        let socket = listen([0] + Array(name.utf8))
        defer { close(socket) }
        manager(["NOTIFY_SOCKET": "@" + name]).ready()
        #expect(received(socket) == ["READY=1"])
    }

    @Test func signsOfLifeComeBeforeHalfOfTheTime() {
        let socket = listen(Array(directory("notify").utf8) + [0])
        defer { close(socket) }
        let environment = ["NOTIFY_SOCKET": directory("notify"), "WATCHDOG_USEC": "20000000"]
        let manager = manager(environment.merging(["WATCHDOG_PID": "\(getpid())"]) { $1 })
        let second: Int64 = 1_000_000_000
        #expect(manager.longestPause == 10 * second)
        for time in 0..<11 { manager.keepAlive(monotonic: Int64(time) * second) }
        #expect(received(socket) == ["WATCHDOG=1", "WATCHDOG=1", "WATCHDOG=1"])
        let other = self.manager(environment.merging(["WATCHDOG_PID": "1"]) { $1 })
        #expect(other.longestPause == nil)
    }

    @Test(arguments: [
        [:], ["NOTIFY_SOCKET": ""], ["NOTIFY_SOCKET": "vsock:2:1234"], ["NOTIFY_SOCKET": "/"],
        ["NOTIFY_SOCKET": "/nonexistent/socket", "WATCHDOG_USEC": "99999999999999999999"],
        ["NOTIFY_SOCKET": "/" + String(repeating: "x", count: 200), "WATCHDOG_USEC": "-1"],
    ])
    func whatIsNotThereIsPassedOver(environment: [String: String]) {
        let manager = manager(environment)
        manager.ready()
        manager.keepAlive()
        manager.stopping()
        #expect(manager.longestPause == nil)
    }
}
