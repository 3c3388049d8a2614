import LogModel
import Testing

@testable import LogParsing

private let combinedLine =
    #"203.0.113.9 - - [18/Nov/2026:00:00:08 +0800] "GET / HTTP/1.1" 200 12 "-" "curl/8.5.0""#
private let common =
    #"203.0.113.9 - - [18/Nov/2026:00:00:08 +0800] "GET / HTTP/1.1" 200 12"#
private let logback = "2026-11-18 00:00:22.941 [task-1] INFO  c.e.p.Job - 下载完成"
private let juliLine =
    "18-Nov-2026 00:02:07.741 INFO [main] org.apache.Catalina.start Server startup"
private let springBoot =
    "2026-11-21T05:03:17.089+01:00  INFO 12345 --- [           main] "
    + "o.s.b.w.embedded.tomcat.TomcatWebServer  : started"
private let nginxError =
    "2026/11/18 00:02:39 [error] 937#937: *1 recv() failed, client: 192.0.2.1, server: a"
private let ownLine =
    "2026-11-21T15:02:42.123Z INFO  ship: control.log: reading begins at 0"
private let trace = """
    java.lang.IllegalStateException: no
    \tat com.example.A.b(A.java:1)
    \tat com.example.A.c(A.java:2)
    Caused by: java.io.IOException: disk
    \t... 2 more
    """

private func repeated(_ lines: String, _ count: Int) -> String {
    Array(repeating: lines + "\n", count: count).joined()
}

@Suite struct FormatDetectionTests {
    @Test(arguments: [
        // By content alone.
        ("-", repeated(combinedLine, 5), "nginx-access"),
        ("-", repeated(combinedLine + " 0.119 0.118", 5), "nginx-access"),
        ("-", repeated(common, 5), "tomcat-access"),
        ("-", repeated(logback, 5), "java-logback"),
        ("-", repeated(juliLine, 5), "tomcat-catalina"),
        ("-", repeated(springBoot, 5), "java-springboot"),
        ("-", repeated(nginxError, 5), "nginx-error"),
        ("-", repeated(ownLine, 5), "logq"),
        // What fits none of the first lines may still fit most.
        ("-", repeated(logback, 40) + repeated(juliLine, 160), "tomcat-catalina"),
        (
            "-", repeated("[2026-03-12 16:23:32,543] INFO started (kafka.server.Kafka)", 5),
            "java-log4j"
        ),
        ("-", repeated("05:03:17.089 [main] INFO  c.e.App - started", 5), "java-logback"),
        (
            "-", repeated("2026-07-22 08:15:04,212 INFO  [main] master.HMaster: STARTING", 5),
            "java-logback"
        ),
        (
            "-",
            repeated(
                "2026-05-20 21:34:14,071 INFO  org.apache.flink.runtime.dispatcher.runner."
                    + "SessionDispatcherLeaderProcess [] - a", 5),
            "java-log4j"
        ),
        (
            "-",
            repeated("Jul 30, 2020 3:00:21 PM org.apache.Http11Protocol init\nINFO: text", 5),
            "tomcat-catalina"
        ),
        // The name breaks ties.
        ("/var/log/nginx/access.log", repeated(common, 5), "nginx-access"),
        ("/var/log/nginx/access.log-20261118", repeated(combinedLine, 5), "nginx-access"),
        ("logs/localhost_access_log.2026-11-18.txt", repeated(combinedLine, 5), "tomcat-access"),
        ("logs/localhost_access_log.2026-11-18.txt", repeated(common, 5), "tomcat-access"),
        ("logs/localhost.2026-11-18.log", repeated(juliLine, 5), "tomcat-localhost"),
        ("logs/catalina.2026-11-18.log", repeated(juliLine, 5), "tomcat-catalina"),
        ("logs/catalina.out", repeated(logback, 5), "tomcat-catalina"),
        ("logs/control.log", repeated(logback, 5), "java-logback"),
        // It does not stand against the content.
        ("access.log", repeated(logback, 5), "java-logback"),
        ("error.log", repeated(combinedLine, 5), "nginx-access"),
        ("control.log", repeated(springBoot, 5), "java-springboot"),
        // What continues an event counts neither way, wherever the file begins.
        ("control.log", repeated(logback + "\n" + trace, 4), "java-logback"),
        ("control.log", trace + "\n" + repeated(logback, 3), "java-logback"),
        ("catalina.out", repeated(juliLine + "\n\t" + trace, 4), "tomcat-catalina"),
        // Half of the lines is enough, less is not.
        ("-", repeated(combinedLine, 3) + repeated("some words", 3), "nginx-access"),
        ("-", repeated(combinedLine, 3) + repeated("some words", 4), nil),
        ("access.log", repeated("some words", 4), nil),
        ("access.log", "", nil),
        ("access.log", "\n \n\r\n", nil),
        // One line, with and without its end.
        ("-", logback, "java-logback"),
        ("-", logback + "\r\n", "java-logback"),
        // Blank lines, CRLF, a byte-order mark, NULs, colours.
        ("-", repeated(logback + "\r\n\r", 3), "java-logback"),
        ("-", "\u{FEFF}" + logback + "\n", "java-logback"),
        ("-", "\0\0\0\0" + logback + "\n", "java-logback"),
        (
            "-", repeated(springBoot.replacing(" INFO", with: "\u{1B}[32m INFO\u{1B}[0;39m"), 3),
            "java-springboot"
        ),
    ])
    func findsTheFormat(name: String, head: String, format: String?) {
        var head = head
        let detection = head.withUTF8 { FormatLibrary.builtIn.detect(head: $0, fileName: name) }
        #expect(detection.format?.name == format)
    }

    @Test func oneOddFirstLineDoesNotMatter() {
        let head = [0xFF, 0xFE, 0x80] + Array(" broken \0 line\n\(combinedLine)\n".utf8)
        let detection = head.withUnsafeBufferPointer {
            FormatLibrary.builtIn.detect(head: $0, fileName: "x.log")
        }
        #expect(detection.format?.name == "nginx-access")
        #expect(detection.reason == "1 of 2 lines matches nginx-access")
    }

    @Test func looksAtNoMoreThanTheFirstLines() {
        var head = repeated(combinedLine, 200) + repeated("some words", 1000)
        let detection = head.withUTF8 {
            FormatLibrary.builtIn.detect(head: $0, fileName: "access.log")
        }
        #expect(
            detection.reason
                == "200 of 200 lines match nginx-access, and the name access.log is usual for it")
        #expect(
            detection.candidates.first
                == Detection.Candidate(
                    name: "nginx-access", matched: 200, lookedAt: 200, patternIndex: 11))
    }

    @Test func saysWhyThereIsNone() {
        var head = repeated(combinedLine, 1) + repeated("some words", 3)
        let detection = head.withUTF8 { FormatLibrary.builtIn.detect(head: $0, fileName: "-") }
        #expect(detection.format == nil)
        #expect(
            detection.reason
                == "no format matches half of the lines; the nearest is nginx-access with 1 of 4")
    }

    /// Any bytes are a verdict, never a trap; the cut of a long head falls anywhere.
    @Test(arguments: [1, 2, 3, 4, 5])
    func survivesAnyBytes(seed: UInt64) {
        var state = seed &* 0x9E37_79B9_7F4A_7C15
        var head: [UInt8] = []
        let alphabet =
            Array("\n\r\t []\"-:/.0123456789INFOat\u{1B}\0".utf8) + [0xEF, 0xBB, 0xBF, 0xFF]
        for _ in 0..<70_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            head.append(alphabet[Int(state >> 33) % alphabet.count])
        }
        for count in [0, 1, 2, 3, 65_535, 65_536, 65_537, head.count] {
            let detection = head[..<count].withUnsafeBufferPointer {
                FormatLibrary.builtIn.detect(head: $0, fileName: "access.log")
            }
            #expect(detection.candidates.allSatisfy { $0.matched <= $0.lookedAt })
        }
    }

    @Test(arguments: [
        ("access.log", "access.log", 11), ("access.log", "*access*.log", 11),
        ("ACCESS.LOG", "access.log", 11), ("a.log", "?.log", 5), ("", "*", 1), ("", "?", 0),
        ("access.log.1", "access.log", 0), ("xaaab", "*aab", 4), ("catalina.out", "catalina.*", 10),
    ])
    func matchesFileNames(name: String, glob: String, closeness: Int) {
        #expect(NameGlob.closeness(of: name, to: glob) == closeness)
    }
}
