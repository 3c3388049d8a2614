import Testing

@testable import logq

/// What Tab offers for command lines, with a made-up store.
@Suite struct CompletionTests {
    private struct Source: CompletionSource {
        let attributes = ["mdc.*", "mdc.traceId", "nginx.connection", "server.address"]
        let savedQueries = [("order", "all of an order"), ("pay-errors", ""), ("连接", "")]
            .map { (name: $0.0, about: $0.1) }

        func values(of field: String) -> [String] {
            switch field {
            case "host.name": ["O'Brien 2", "web-1", "web-2", "中文主机"]
            case "service.name": ["control", "nginx"]
            case "log.file.path": ["access.log", "a \"b\".log"]
            default: []
            }
        }
    }

    private static func words(_ current: String, after words: [String]) -> [String] {
        let completion = CommandCompletion(
            source: Source(),
            formats: { [("java-logback", "Java"), ("nginx-access", "nginx"), ("nginx-error", "")] })
        return completion.candidates(for: current, after: words).map(\.word)
    }

    @Test(
        arguments: [
            // Fields, with what stands before them.
            ("lev", ["level:"]), ("-lev", ["-level:"]), ("(lev", ["(level:"]),
            ("level:ERROR ser", ["level:ERROR service:", "level:ERROR server.address:"]),
            ("mdc.", ["mdc.:", "mdc.traceId:"]),
            (
                "http.resp",
                [
                    "http.response.status_code:",
                    "http.response.body.size:", "http.response.body.bytes:",
                ]
            ),
            ("nothing", []), ("\"lev", []), ("LEV", []),
            // Values.
            ("level:W", ["level:WARN"]), ("level:w", ["level:warn"]),
            ("level:>=E", ["level:>=ERROR"]), ("log.level:F", ["log.level:FATAL"]),
            ("host:w", ["host:web-1", "host:web-2"]), ("host:中", ["host:中文主机"]),
            ("host:O", []), ("host:\"O", ["host:\"O'Brien 2\""]),
            ("host:", ["host:\"O'Brien 2\"", "host:web-1", "host:web-2", "host:中文主机"]),
            ("a OR -host.name:=web-2", []),
            (
                "a OR -host.name:=w",
                ["a OR -host.name:=web-1", "a OR -host.name:=web-2"]
            ),
            ("file:", ["file:access.log", "file:\"a \\\"b\\\".log\""]),
            ("status:50", ["status:500", "status:502", "status:503", "status:504"]),
            ("time:y", ["time:yesterday"]), ("msg:", []), ("nonsense:", []),
            // Saved queries.
            ("@", ["@order", "@pay-errors", "@连接"]), ("@p", ["@pay-errors"]), ("@连", ["@连接"]),
            ("@order lev", ["@order level:"]),
            // Pipes.
            ("a | to", ["a | top"]), ("a |ti", ["a |timechart"]), ("\"a | to", []),
            ("a | top 5 by ho", ["a | top 5 by host"]),
            ("a | stats p9", ["a | stats p90(", "a | stats p95(", "a | stats p99("]),
            ("a | stats avg(to", ["a | stats avg(took"]),
            (
                "a | where status:50",
                [
                    "a | where status:500", "a | where status:502",
                    "a | where status:503", "a | where status:504",
                ]
            ),
            ("a | stats count() by host | so", ["a | stats count() by host | sort"]),
        ] as [(String, [String])])
    func searchesAreCompleted(current: String, expected: [String]) {
        #expect(Self.words(current, after: ["search", "--since", "2h"]) == expected)
    }

    @Test(
        arguments: [
            (["search", "a", "|"], "to", ["top"]), (["search", "a"], "lev", ["level:"]),
            (["search", "a"], "@o", []), (["search", "--"], "-lev", ["-level:"]),
            (["search", "--around"], "5", ["5m"]), (["search", "--since"], "y", ["yesterday"]),
            (["ingest", "--format"], "ng", ["nginx-access", "nginx-error"]),
            (["ingest"], "--format=j", ["--format=java-logback"]),
            (["ingest", "--host"], "web-2", ["web-2"]), (["ingest", "--quiet"], "no-files", []),
            (["parse", "--format"], "j", ["java-logback"]),
            (["formats"], "s", ["show"]), (["formats", "show"], "j", ["java-logback"]),
            (["formats", "list"], "j", []), (["queries"], "s", ["show", "save"]),
            (["queries", "remove"], "p", ["pay-errors"]),
            (["queries", "save", "new"], "level:E", ["level:ERROR"]),
            (["completion"], "z", ["zsh"]), (["status"], "x", []), (["nonsense"], "x", []),
            ([], "x", []), (["search", "-n"], "lev", []),
            (["search", "-n", "5"], "lev", ["level:"]),
        ] as [([String], String, [String])])
    func commandsAreCompleted(words: [String], current: String, expected: [String]) {
        #expect(Self.words(current, after: words) == expected)
    }
}
