import Glibc
import Testing

/// `logq search --follow` in a process of its own, while others take files in.
@Suite struct FollowTests {
    /// Ends with the reader: closing the pipe lets it go, with nothing more to write.
    @Test func eventsTakenInByOtherProcessesCome() throws {
        var template = Array("/tmp/logq-follow-XXXXXX".utf8CString)
        let directory = String(cString: try #require(mkdtemp(&template)))
        defer { _ = try? Shell.run("rm -rf '\(directory)'") }
        let prelude = """
            cd '\(directory)'; export PATH='\(GoldenFile.binaries)':"$PATH" LOGQ_DATA=store TZ=UTC\n
            """
        func takeIn(_ lines: String...) throws {
            let commands = lines.map { "echo '\(Self.line($0))' >>app.log\n" }.joined()
            #expect(try Shell.run(prelude + commands + "logq ingest -q app.log").status == 0)
        }
        try takeIn("10:00:01 one failed", "10:00:02 two failed", "10:00:03 three works")
        let follow = "exec timeout 120 logq search --follow --raw -n 1 failed"
        let pipe = try #require(popen(prelude + follow, "r"))
        #expect(Self.readLine(pipe) == Self.line("10:00:02 two failed"))
        try takeIn("10:00:04 four failed", "10:00:05 five works", "10:00:06 six failed")
        #expect(Self.readLine(pipe) == Self.line("10:00:04 four failed"))
        #expect(Self.readLine(pipe) == Self.line("10:00:06 six failed"))
        try takeIn("10:00:07 seven failed")
        #expect(Self.readLine(pipe) == Self.line("10:00:07 seven failed"))
        #expect(pclose(pipe) == 0)
    }

    @Test(arguments: ["INT", "TERM"])
    func aSignalEndsFollowingInOrder(signal: String) throws {
        var template = Array("/tmp/logq-follow-XXXXXX".utf8CString)
        let directory = String(cString: try #require(mkdtemp(&template)))
        defer { _ = try? Shell.run("rm -rf '\(directory)'") }
        let pipe = try #require(
            popen(
                """
                cd '\(directory)'; export PATH='\(GoldenFile.binaries)':"$PATH" LOGQ_DATA=store TZ=UTC
                echo '\(Self.line("10:00:01 one failed"))' >app.log
                logq ingest -q app.log
                echo $$; exec timeout --foreground 60 logq search --follow --raw failed 2>/dev/null
                """, "r"))
        let shell = try #require(Self.readLine(pipe).flatMap { pid_t($0) })
        #expect(Self.readLine(pipe) == Self.line("10:00:01 one failed"))
        // It is handed on once; a second one would end the program at once.
        #expect(kill(shell, signal == "INT" ? SIGINT : SIGTERM) == 0)
        #expect(pclose(pipe) == 0)
    }

    private static func line(_ text: String) -> String {
        "2026-11-20 \(text.prefix(8)).000 [main] ERROR c.e.Job - \(text.dropFirst(9))"
    }

    /// The next line without its end; nil when the process ended.
    private static func readLine(_ pipe: UnsafeMutablePointer<FILE>) -> String? {
        var buffer = [CChar](repeating: 0, count: 4096)
        guard fgets(&buffer, Int32(buffer.count), pipe) != nil else { return nil }
        let bytes = buffer.prefix { $0 != 0 && $0 != 0x0A }.map(UInt8.init(bitPattern:))
        return String(decoding: bytes, as: UTF8.self)
    }
}
