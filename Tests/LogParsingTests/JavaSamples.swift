import LogParsing

let javaSamples: [Sample] = [
    Sample(
        .logback, defaultLogback,
        "2026-11-18 00:00:17.753 [http-nio-8080-exec-116] INFO  c.e.TokenFilter - 用户登录成功 id=1",
        [
            "time=2026-11-18T00:00:17.753Z", "level=INFO", "severity=9", "body=用户登录成功 id=1",
            "logger=c.e.TokenFilter", "thread.name=http-nio-8080-exec-116",
        ]),
    Sample(
        .logback, defaultLogback, "2026-11-18 00:00:17.753 [pool [a] w-1] ERROR c.E - ",
        [
            "time=2026-11-18T00:00:17.753Z", "level=ERROR", "severity=17", "body=", "logger=c.E",
            "thread.name=pool [a] w-1",
        ]),
    // Not padded although the pattern says so.
    Sample(
        .logback, defaultLogback, "2026-11-18 00:00:17.753 [main] WARN c.E - x - y",
        [
            "time=2026-11-18T00:00:17.753Z", "level=WARN", "severity=13", "body=x - y",
            "logger=c.E", "thread.name=main",
        ]),
    Sample(
        .logback, defaultLogback,
        "2026-11-18 00:00:17.753 [main] ERROR c.E - failed\nsecond line\n"
            + "java.lang.RuntimeException: outer\n\tat a.B.c(B.java:1)\nCaused by: x.Y\n\t... 1 more",
        [
            "time=2026-11-18T00:00:17.753Z", "level=ERROR", "severity=17",
            "body=failed\nsecond line", "logger=c.E", "thread.name=main",
            "exception.type=java.lang.RuntimeException", "exception.message=outer",
            "exception.stacktrace=java.lang.RuntimeException: outer\n\tat a.B.c(B.java:1)\n"
                + "Caused by: x.Y\n\t... 1 more",
        ]),
    Sample(
        .logback, "%d{HH:mm:ss.SSS} [%thread] %-5level %logger{36} -%kvp- %msg%n",
        "13:45:01.250 [main] DEBUG a.B -k=v- hello",
        [
            "time=2026-11-21T13:45:01.250Z", "level=DEBUG", "severity=5", "body=hello",
            "logger=a.B", "thread.name=main", "log.key_values=k=v",
        ]),
    Sample(
        .logback, springFile,
        "2026-11-21T05:03:17.089+01:00  INFO 12345 --- [main] o.s.TomcatWebServer"
            + "                      : started : x",
        [
            "time=2026-11-21T04:03:17.089Z", "level=INFO", "severity=9", "body=started : x",
            "logger=o.s.TomcatWebServer", "process.pid=#12345", "thread.name=main",
        ]),
    Sample(
        .logback, springConsole,
        "2026-11-21T05:03:17.089Z  WARN 7 --- [           main] "
            + "o.s.b.w.embedded.tomcat.TomcatWebServer  : up",
        [
            "time=2026-11-21T05:03:17.089Z", "level=WARN", "severity=13", "body=up",
            "logger=o.s.b.w.embedded.tomcat.TomcatWebServer", "process.pid=#7",
            "thread.name=main",
        ]),
    Sample(
        .logback, springConsole,
        "\u{1B}[2m2026-11-21T05:03:17.089Z\u{1B}[0;39m \u{1B}[32m INFO\u{1B}[0;39m "
            + "\u{1B}[35m7\u{1B}[0;39m \u{1B}[2m---\u{1B}[0;39m "
            + "\u{1B}[2m[           main]\u{1B}[0;39m \u{1B}[36ma.B"
            + "                                     \u{1B}[0;39m \u{1B}[2m:\u{1B}[0;39m up",
        [
            "time=2026-11-21T05:03:17.089Z", "level=INFO", "severity=9", "body=up",
            "logger=a.B", "process.pid=#7", "thread.name=main",
        ]),
    Sample(
        .logback, "%d{ISO8601} [%t] %-5level %logger [%X{traceId}] - %msg%n",
        "2026-11-21 05:03:17,095 [main] ERROR c.e.S [] - payment failed",
        [
            "time=2026-11-21T05:03:17.095Z", "level=ERROR", "severity=17", "body=payment failed",
            "logger=c.e.S", "thread.name=main",
        ]),
    Sample(
        .logback, "%d{\"HH:mm:ss,SSS\", UTC} %mdc %msg%n", "01:02:03,004 a=1, b=x y hello",
        // A context without brackets ends at the first blank that joins no pairs.
        [
            "time=2026-11-21T01:02:03.004Z", "severity=0", "body=y hello", "mdc.a=1", "mdc.b=x",
        ]),
    Sample(
        .log4j2, "%d{HH:mm:ss,SSS} %X %m%n", "01:02:03,004 {a=1, b=2} hello",
        ["time=2026-11-21T01:02:03.004Z", "severity=0", "body=hello", "mdc.a=1", "mdc.b=2"]),
    Sample(
        .log4j2, "%d{HH:mm:ss,SSS}{GMT+2} [%X] %m%n", "01:02:03,004 [{a=1, b=x y}] hello",
        ["time=2026-11-20T23:02:03.004Z", "severity=0", "body=hello", "mdc.a=1", "mdc.b=x y"]),
    Sample(
        .log4j2, "[%d] %p %m (%c)%n",
        "[2018-10-31 15:09:30,451] TRACE [Broker id=20] Cached (x) leader (state.change.logger)",
        [
            "time=2018-10-31T15:09:30.451Z", "level=TRACE", "severity=1",
            "body=[Broker id=20] Cached (x) leader", "logger=state.change.logger",
        ]),
    Sample(
        .log4j2, "[%d] %p %m (%c)%n",
        "[2018-10-31 15:09:30,451] ERROR values:\n\ta = 1\n (kafka.Config)\n"
            + "java.io.IOException\n\tat a.B.c(B.java:1)",
        [
            "time=2018-10-31T15:09:30.451Z", "level=ERROR", "severity=17",
            "body=values:\n\ta = 1\n", "logger=kafka.Config",
            "exception.type=java.io.IOException",
            "exception.stacktrace=java.io.IOException\n\tat a.B.c(B.java:1)",
        ]),
    Sample(
        .log4j2, "%d{ISO8601} - %-5p [%t:%C{1}@%L] - %m%n",
        "2015-07-29 17:41:44,747 - INFO  [QuorumPeer[myid=1]/0:0:0:2181:Fast@774] - Notification",
        [
            "time=2015-07-29T17:41:44.747Z", "level=INFO", "severity=9", "body=Notification",
            "thread.name=QuorumPeer[myid=1]/0:0:0:2181", "code.namespace=Fast",
            "code.line.number=#774",
        ]),
    Sample(
        .log4j2, "%r [%t] %p %c - %m%n", "452 [main] INFO a.B - two\nlines",
        [
            "severity=9", "body=two\nlines", "logger=a.B", "log.relative_time=#452",
            "thread.name=main",
        ].withLevel("INFO")),
    Sample(
        .log4j2, "%d{yy/MM/dd HH:mm:ss} %p %c{2}: %notEmpty{[%X{id}] }%m%n",
        "17/06/09 20:10:40 INFO a.B: [77] hello",
        [
            "time=2017-06-09T20:10:40.000Z", "level=INFO", "severity=9", "body=hello",
            "logger=a.B", "mdc.id=77",
        ]),
    Sample(
        .log4j2, "%highlight{%d{UNIX_MILLIS} %-5p}{FATAL=red} %replace{%m}{a}{b}%n",
        "1609459200123 INFO  hi",
        ["time=2021-01-01T00:00:00.123Z", "level=INFO", "severity=9", "body=hi"]),
    Sample(
        .logback, "%-30(%d{HH:mm:ss} [%t]) %level \\(%F:%L\\) %m%n",
        "10:11:12 [main]                INFO (A.java:7) x",
        [
            "time=2026-11-21T10:11:12.000Z", "level=INFO", "severity=9", "body=x",
            "thread.name=main", "code.file.path=A.java", "code.line.number=#7",
        ]),
    Sample(
        .logback, juli,
        "30-Dec-2020 11:44:31.277 SEVERE [main] org.a.B.init Failed [x]\n"
            + "\torg.a.LifecycleException: Protocol\n\t\tat org.a.B.init(B.java:1)\n"
            + "\tCaused by: java.net.BindException: in use\n\t\t... 13 more",
        [
            "time=2020-12-30T11:44:31.277Z", "level=SEVERE", "severity=17", "body=Failed [x]",
            "logger=org.a.B.init", "thread.name=main",
            "exception.type=org.a.LifecycleException", "exception.message=Protocol",
            "exception.stacktrace=\torg.a.LifecycleException: Protocol\n"
                + "\t\tat org.a.B.init(B.java:1)\n"
                + "\tCaused by: java.net.BindException: in use\n\t\t... 13 more",
        ]),
    Sample(
        .logback, oldJuli,
        "Jul 30, 2020 3:00:21 PM org.a.Http11Protocol <init>\nINFO: Starting\nmore",
        [
            "time=2020-07-30T15:00:21.000Z", "level=INFO", "severity=9", "body=Starting\nmore",
            "code.namespace=org.a.Http11Protocol", "code.function.name=<init>",
        ]),
    Sample(
        .unstructured, "",
        "java.lang.RuntimeException: a;\n  nested exception is:\nb.C: 550\n\n\tat x.Y.z(Y.java:3)",
        [
            "UNPARSED", "severity=0",
            "body=java.lang.RuntimeException: a;\n  nested exception is:\nb.C: 550\n\n"
                + "\tat x.Y.z(Y.java:3)",
            "exception.type=java.lang.RuntimeException",
            "exception.message=a;\n  nested exception is:\nb.C: 550",
            "exception.stacktrace=java.lang.RuntimeException: a;\n  nested exception is:\n"
                + "b.C: 550\n\n\tat x.Y.z(Y.java:3)",
        ]),
]

extension [String] {
    func withLevel(_ level: String) -> [String] { ["level=" + level] + self }
}
