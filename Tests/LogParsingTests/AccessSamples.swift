import LogParsing

private let head = #"1.2.3.4 - - [10/Oct/2000:13:55:36 -0700] "#
private let headFields = ["time=2000-10-10T20:55:36.000Z"]

let accessSamples: [Sample] = [
    Sample(
        .nginx, combined, head + #""GET /a?b=1 HTTP/1.1" 200 12 "-" "curl/8 \x22q\x22""#,
        headFields + [
            "severity=9", "body=GET /a?b=1 HTTP/1.1", "client.address=1.2.3.4",
            "http.request.method=GET", "url.path=/a", "url.query=b=1",
            "network.protocol.version=1.1", "http.response.status_code=#200",
            "http.response.body.size=#12", #"user_agent.original=curl/8 "q""#,
        ]),
    Sample(
        .nginx, combined, head + #""hello "x" 1" 400 0 "http://r/" "-""#,
        headFields + [
            "severity=13", #"body=hello "x" 1"#, "client.address=1.2.3.4",
            #"http.request.line=hello "x" 1"#, "http.response.status_code=#400",
            "http.response.body.size=#0", "http.request.header.referer=http://r/",
        ]),
    Sample(
        .nginx, combined, head + #""" 400 0 "-" "-""#,
        headFields + [
            "severity=13", "body=", "client.address=1.2.3.4", "http.response.status_code=#400",
            "http.response.body.size=#0",
        ]),
    Sample(
        .nginx, combined,
        #"10.0.0.2, 10.0.0.1 - frank x [10/Oct/2000:13:55:36 -0700] "GET / HTTP/2.0" 500 - "-" "Bad "Agent" \ 1.0""#,
        headFields + [
            "severity=17", "body=GET / HTTP/2.0", "client.address=[10.0.0.2|10.0.0.1]",
            "user.name=frank x", "http.request.method=GET", "url.path=/",
            "network.protocol.version=2.0", "http.response.status_code=#500",
            #"user_agent.original=Bad "Agent" \ 1.0"#,
        ]),
    Sample(
        .nginx,
        "$remote_addr [$time_local] $status $request_time $upstream_addr "
            + #"$upstream_response_length $upstream_response_time $upstream_status "$http_x_forwarded_for" $request_id"#,
        #"::1 [10/Oct/2000:13:55:36 -0700] 502 0.104 a:80, [::1]:80 61, 100 0.1, 0.004 502, 200 "1.1.1.1, 2.2.2.2" ab12"#,
        headFields + [
            "severity=17",
            #"body=::1 [10/Oct/2000:13:55:36 -0700] 502 0.104 a:80, [::1]:80 61, 100 0.1, 0.004 502, 200 "1.1.1.1, 2.2.2.2" ab12"#,
            "client.address=::1", "http.response.status_code=#502",
            "http.server.request.duration=0.104", "nginx.upstream.address=[a:80|[::1]:80]",
            "nginx.upstream.response_length=[61|100]", "nginx.upstream.response_time=[0.1|0.004]",
            "nginx.upstream.status=[502|200]",
            "http.request.header.x-forwarded-for=[1.1.1.1|2.2.2.2]", "http.request.id=ab12",
        ]),
    Sample(
        .nginx,
        #"log_format j escape=json '{"t":"$time_iso8601",' '"s":$status,"ua":"$http_user_agent",'"#
            + #" '"uri":"$request_uri","c":"$cookie_sid","z":"$geoip_city"}';"#,
        #"{"t":"2026-11-21T12:49:39+09:00","s":200,"ua":"a \"b\" \u003c","uri":"/x?y=1","c":"","z":"Köln"}"#,
        [
            "time=2026-11-21T03:49:39.000Z", "severity=9",
            #"body={"t":"2026-11-21T12:49:39+09:00","s":200,"ua":"a \"b\" \u003c","uri":"/x?y=1","c":"","z":"Köln"}"#,
            "http.response.status_code=#200", #"user_agent.original=a "b" <"#, "url.path=/x",
            "url.query=y=1", "nginx.geoip_city=Köln",
        ]),
    Sample(
        .tomcat, "common", head + #""GET /h HTTP/1.0" 304 -"#,
        headFields + [
            "severity=9", "body=GET /h HTTP/1.0", "client.address=1.2.3.4",
            "http.request.method=GET", "url.path=/h", "network.protocol.version=1.0",
            "http.response.status_code=#304",
        ]),
    Sample(
        .tomcat, "combined", head + #""GET /h HTTP/1.0" 200 7 "-" "a \"b\" \u00c3""#,
        headFields + [
            "severity=9", "body=GET /h HTTP/1.0", "client.address=1.2.3.4",
            "http.request.method=GET", "url.path=/h", "network.protocol.version=1.0",
            "http.response.status_code=#200", "http.response.body.size=#7",
            "user_agent.original=a \"b\" Ã",
        ]),
    Sample(
        .tomcat,
        "%a %{yyyy-MM-dd HH:mm:ss.SSS}t %m %U%q %H %s %B %D %F %I %S %v:%p %X %{X-A}i %{sid}c",
        "::1 2026-01-02 03:04:05.678 POST /a/b?c=d HTTP/1.1 201 5 12 3 exec-1 A9F host:8080 + q -",
        [
            "time=2026-01-02T03:04:05.678Z", "severity=9",
            "body=POST /a/b?c=d HTTP/1.1", "client.address=::1", "http.request.method=POST",
            "url.path=/a/b", "url.query=c=d", "network.protocol.version=1.1",
            "http.response.status_code=#201", "http.response.body.size=#5",
            "http.server.request.duration=0.012", "tomcat.F=0.003", "thread.name=exec-1",
            "session.id=A9F", "server.address=host", "server.port=#8080",
            "tomcat.connection_status=+", "http.request.header.x-a=q",
        ]),
    Sample(
        .nginxError, "",
        #"2016/10/25 14:49:34 [error] 54053#7: *1 open() "/a, b" failed, client: 1.2.3.4, server: , request: "GET /a?b HTTP/1.1", upstream: "http://u/a", host: "h", referrer: "http://r/""#,
        [
            "time=2016-10-25T14:49:34.000Z", "level=error", "severity=17",
            #"body=open() "/a, b" failed"#, "process.pid=#54053", "thread.id=#7",
            "nginx.connection=#1", "client.address=1.2.3.4", "http.request.method=GET",
            "url.path=/a", "url.query=b", "network.protocol.version=1.1",
            "nginx.upstream.address=http://u/a", "http.request.header.host=h",
            "http.request.header.referer=http://r/",
        ]),
    Sample(
        .nginxError, "", "2016/10/25 14:49:34 [notice] 5#5: signal 17 (SIGCHLD), exit",
        [
            "time=2016-10-25T14:49:34.000Z", "level=notice", "severity=10",
            "body=signal 17 (SIGCHLD), exit", "process.pid=#5", "thread.id=#5",
        ]),
]
