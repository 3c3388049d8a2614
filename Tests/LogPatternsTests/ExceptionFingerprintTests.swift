import LogPatterns
import StoreFixtures
import Testing

/// What is one exception and what is another.
struct ExceptionFingerprintTests {
    private static let trace = """
        com.example.pay.PayException: order-1001 failed after 30ms
        \tat com.example.pay.PayService.charge(PayService.java:88)
        \tat com.example.pay.PayService$$EnhancerBySpringCGLIB$$ab12cd.charge(<generated>)
        \tat org.springframework.aop.Proxy.invoke(Proxy.java:9)
        \tat com.example.pay.PayController.lambda$pay$3(PayController.java:40)
        Caused by: java.sql.SQLTransientConnectionException: no connection
        \tat com.zaxxer.hikari.HikariPool.get(HikariPool.java:7)
        \tat com.example.pay.OrderDao$1.find(OrderDao.java:21)
        \t... 12 more
        """

    @Test func aTraceGivesItsClassesMessageAndOwnFrames() throws {
        let found = try #require(fingerprint(Self.trace))
        #expect(text(found.type) == "com.example.pay.PayException")
        #expect(text(found.rootCause) == "java.sql.SQLTransientConnectionException")
        #expect(text(found.message) == "order-<num> failed after <num>")
        #expect(
            found.frames.map(text) == [
                "com.example.pay.OrderDao$.find", "com.example.pay.PayService.charge",
                "com.example.pay.PayController.lambda$pay",
            ])
        #expect(found.id == "6370f7f1")
    }

    @Test(arguments: [
        ("PayService.java:88", "PayService.java:91"), ("lambda$pay$3", "lambda$pay$17"),
        ("OrderDao$1", "OrderDao$2"), ("ab12cd.charge(<generated>)", "ff00.charge(<generated>)"),
        ("order-1001", "order-7"), ("Proxy.java:9)", "Proxy.java:9) ~[spring-aop-5.3.jar:5.3]"),
        ("org.springframework.aop.Proxy.invoke", "jdk.proxy2/com.sun.proxy.$Proxy12.pay"),
        ("at com.example.pay.PayService.charge", "at app//com.example.pay.PayService.charge"),
        ("\n", "\r\n"), ("no connection", "no connection\nfor 3 seconds"),
        (
            "Caused by",
            "\tSuppressed: com.x.Y: z\n\t\tat com.x.Z.a(Z.java:1)\n\tCaused by: com.x.W\nCaused by"
        ),
    ])
    func whatChangesFromBuildToBuildDoesNotCount(old: String, new: String) throws {
        let found = try #require(fingerprint(replace(old, by: new)))
        #expect(found.id == "6370f7f1")
    }

    @Test(arguments: [
        ("PayException", "RefundException"), ("OrderDao$1.find", "OrderDao.load"),
        ("SQLTransientConnectionException", "SQLTimeoutException"),
    ])
    func otherClassesAndMethodsAreAnotherException(old: String, new: String) throws {
        let found = try #require(fingerprint(replace(old, by: new)))
        #expect(found.id != "6370f7f1")
    }

    @Test func aTraceThatBeginsWithItsRootCauseHasTheSameChain() throws {
        let found = try #require(
            fingerprint(
                """
                java.io.IOException: broken
                \tat com.example.A.read(A.java:1)
                Wrapped by: com.example.PayException: order 5
                \tat com.example.B.call(B.java:2)
                """))
        #expect(text(found.type) == "com.example.PayException")
        #expect(text(found.rootCause) == "java.io.IOException")
        #expect(text(found.message) == "order <num>")
    }

    @Test func withoutOwnFramesTheTopmostCount() throws {
        let found = try #require(
            fingerprint(
                """
                java.lang.IllegalStateException: closed
                    at java.base/java.util.A.b(A.java:1)
                    at org.apache.C.d(C.java:2)
                    at org.apache.E.f(E.java:3)
                    at org.apache.G.h(G.java:4)
                """))
        #expect(found.frames.map(text) == ["java.util.A.b", "org.apache.C.d", "org.apache.E.f"])
    }

    @Test func withoutFramesTheMessageCounts() {
        let first = ExceptionFingerprint(type: bytes("a.BException"), message: bytes("id 5 gone"))
        let second = ExceptionFingerprint(type: bytes("a.BException"), message: bytes("id 77 gone"))
        let third = ExceptionFingerprint(type: bytes("a.BException"), message: bytes("is back"))
        #expect(first == second)
        #expect(first.id != third.id)
        #expect(fingerprint("a.b.CException: id 5 gone")?.message == bytes("id <num> gone"))
    }

    @Test(arguments: ["", "at", "no exception here", "\tat a.b.C.d(E.java:1)"])
    func whatIsNoTraceHasNone(trace: String) { #expect(fingerprint(trace) == nil) }

    @Test(arguments: [1, 2] as [UInt64])
    func damagedTracesAreTaken(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        for _ in 0..<3000 {
            var bytes = Array(Self.trace.utf8)
            bytes.removeLast(random.number(0...bytes.count))
            for _ in 0..<random.number(0...20) where !bytes.isEmpty {
                bytes[random.number(0...bytes.count - 1)] = random.pick(
                    Array("\n\t ($:a".utf8) + [0xFF])
            }
            let found = bytes.withUnsafeBufferPointer { ExceptionFingerprint(trace: $0) }
            #expect(found.map { $0.frames.count <= 5 && $0.id.count == 8 } != false, "seed \(seed)")
        }
    }

    private func replace(_ old: String, by new: String) -> String {
        var text = Self.trace[...]
        var result = ""
        while let first = text.first {
            if text.hasPrefix(old) {
                result += new
                text = text.dropFirst(old.count)
            } else {
                result.append(first)
                text = text.dropFirst()
            }
        }
        return result
    }

    private func fingerprint(_ trace: String) -> ExceptionFingerprint? {
        bytes(trace).withUnsafeBufferPointer { ExceptionFingerprint(trace: $0) }
    }

    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
