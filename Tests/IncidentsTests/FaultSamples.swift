/// Lines as the programs write them, and the built-in faults that have to find each; none for a near miss.
struct FaultSample {
    let line: String
    let faults: Set<String>

    init(_ line: String, _ faults: String...) { (self.line, self.faults) = (line, Set(faults)) }

    /// The files that the lines stand in, each of one format.
    static let files: [(name: String, samples: [FaultSample])] = [
        ("access.log", access), ("error.log", nginx.map { $0.inErrorLog }),
        ("control.log", application.map { $0.inApplicationLog }), ("messages", system),
    ]

    private static func request(
        _ path: String, _ status: Int, _ took: String, _ faults: String...
    ) -> FaultSample {
        let line =
            #"203.0.113.7 - - [20/Nov/2026:10:00:01 +0800] "GET \#(path) HTTP/1.1" \#(status) 12 "#
            + #""-" "curl/7.88" \#(took) \#(took)"#
        return FaultSample(line, Set(faults))
    }

    private init(_ line: String, _ faults: Set<String>) {
        (self.line, self.faults) = (line, faults)
    }

    private var inErrorLog: FaultSample {
        line.hasPrefix("[")
            ? FaultSample("2026/11/20 10:00:00 \(line)", faults)
            : FaultSample(
                "2026/11/20 10:00:00 [error] 12#12: *7 \(line), client: 203.0.113.7, "
                    + #"server: pay.example.cn, request: "POST /api/pay HTTP/1.1", host: "h""#,
                faults)
    }

    private var inApplicationLog: FaultSample {
        FaultSample("2026-11-20 10:00:00.000 [main] ERROR c.e.pay.OrderService - \(line)", faults)
    }

    private static let access = [
        request("/api/orders", 200, "0.012"),
        request("/api/orders", 200, "3.001", "api-slow"),
        request("/api/orders", 200, "3.000"),
        request("/api/orders", 500, "0.012", "api-errors"),
        request("/api/orders", 504, "60.001", "api-errors", "api-slow"),
        request("/api/orders?status=500", 499, "0.500"),
        request("/upload", 413, "0.001", "request-too-large"),
        request("/missing/413", 404, "0.001", "nginx-wrong-404"),
        request("/404", 200, "0.001"),
        request("/.env", 200, "0.001", "secrets-served"),
        request("/.env", 404, "0.001", "nginx-wrong-404"),
        request("/docs/.environment", 200, "0.001"),
        request("/actuator/env", 200, "0.001", "secrets-served"),
        request("/actuator/health", 200, "0.001"),
    ]

    private static let nginx = [
        FaultSample("client intended to send too large body: 13337607 bytes", "request-too-large"),
        FaultSample(
            #"open() "/home/html/index.html" failed (2: No such file or directory)"#,
            "web-root-missing"),
        FaultSample(#"open() "/home/html/logo.png" failed (2: No such file or directory)"#),
        FaultSample(#"directory index of "/home/html/" is forbidden"#, "web-root-missing"),
        FaultSample(
            #"rewrite or internal redirection cycle while internally redirecting to "/index.html""#,
            "nginx-redirect-cycle"),
        FaultSample(
            "connect() failed (111: Connection refused) while connecting to upstream",
            "upstream-refused"),
        FaultSample("connect() failed (113: No route to host) while connecting to upstream"),
        FaultSample(
            "upstream timed out (110: Connection timed out) while reading response header from upstream",
            "upstream-timeout"),
        FaultSample("recv() failed (110: Connection timed out) while reading client request line"),
        FaultSample(
            "upstream prematurely closed connection while reading response header from upstream",
            "upstream-closed"),
        FaultSample(
            "recv() failed (104: Connection reset by peer) while reading response header from upstream",
            "upstream-closed"),
        FaultSample(
            "recv() failed (104: Connection reset by peer) while proxying upgraded connection"),
        FaultSample("no live upstreams while connecting to upstream", "no-live-upstreams"),
        FaultSample(
            "[emerg] 1#1: host not found in upstream \"control-9\" in /etc/nginx/nginx.conf:31",
            "no-live-upstreams", "nginx-down"),
        FaultSample(
            "[emerg] 1#1: bind() to 0.0.0.0:80 failed (98: Address already in use)",
            "port-in-use", "nginx-down"),
        FaultSample(
            "[alert] 1#1: worker process 88 exited on signal 11 (core dumped)", "nginx-down"),
        FaultSample("[notice] 1#1: worker process 88 exited with code 0"),
        FaultSample(
            "[alert] 9#9: *3 1024 worker_connections are not enough", "nginx-connections-exhausted"),
        FaultSample(
            "[crit] 9#9: accept4() failed (24: Too many open files)", "too-many-open-files"),
        FaultSample(
            "could not be resolved (3: Host not found) while resolving upstream", "dns-failure"),
        FaultSample(
            "SSL_do_handshake() failed (SSL: error:1408F10B:SSL routines:wrong version number) "
                + "while SSL handshaking to upstream", "tls-handshake-failed"),
        FaultSample(
            "SSL_do_handshake() failed (SSL: error:141CF06C:bad key share) while SSL handshaking"),
        FaultSample("limiting requests, excess: 5.442 by zone \"api\"", "requests-limited"),
        FaultSample("limiting requests, dry run, excess: 5.442 by zone \"api\""),
        FaultSample(
            "open() \"/var/cache/nginx/1\" failed (28: No space left on device)", "disk-full"),
    ]

    private static let application = [
        FaultSample(
            "org.springframework.web.multipart.MaxUploadSizeExceededException: Maximum upload size exceeded",
            "request-too-large"),
        FaultSample("PayloadTooLargeError: request entity too large", "request-too-large"),
        FaultSample(
            "java.net.ConnectException: Connection refused (Connection refused) HikariPool-1 mysql",
            "database-connection-refused", "dependency-unreachable"),
        FaultSample("HikariPool-1 - Start completed."),
        FaultSample("Error: connect ECONNREFUSED 10.0.0.5:3306", "database-connection-refused"),
        FaultSample("Error: connect ECONNREFUSED 10.0.0.5:8080", "dependency-unreachable"),
        FaultSample("Error: connect ECONNREFUSED 10.0.0.5:6379", "redis-unreachable"),
        FaultSample("Error: connect ECONNREFUSED 10.0.0.5:5672", "rabbitmq-unreachable"),
        FaultSample(
            "ERROR 2003 (HY000): Can't connect to MySQL server on 'db' (111)",
            "database-connection-refused"),
        FaultSample("订单服务: 数据库连接被拒绝", "database-connection-refused"),
        FaultSample(
            "java.sql.SQLNonTransientConnectionException: Too many connections",
            "database-connections-exhausted"),
        FaultSample(
            "HikariPool-1 - Connection is not available, request timed out after 30000ms.",
            "database-connections-exhausted"),
        FaultSample(
            "com.alibaba.druid.pool.GetConnectionTimeoutException: wait millis 60000, active 20, maxActive 20",
            "database-connections-exhausted"),
        FaultSample(
            "Cannot get a connection, pool error Timeout waiting for idle object",
            "database-connections-exhausted"),
        FaultSample(
            "SequelizeConnectionAcquireTimeoutError: Operation timeout",
            "database-connections-exhausted"),
        FaultSample("支付失败：数据库连接池已满", "database-connections-exhausted"),
        FaultSample("连接池大小已调整"),
        FaultSample(
            "java.lang.Exception: Apparent connection leak detected", "database-connection-leak"),
        FaultSample("memory leak detector started"),
        FaultSample(
            "java.sql.SQLException: Access denied for user 'node'@'10.0.0.9' (using password: YES)",
            "database-access-denied"),
        FaultSample("Access denied for client 203.0.113.9"),
        FaultSample(
            "Host '10.0.0.9' is not allowed to connect to this MySQL server",
            "database-access-denied"),
        FaultSample(
            "FATAL: password authentication failed for user \"node\"", "database-access-denied"),
        FaultSample("MongoServerError: Authentication failed.", "database-access-denied"),
        FaultSample(
            "com.mysql.cj.jdbc.exceptions.CommunicationsException: Communications link failure",
            "database-unreachable"),
        FaultSample("link failure on port 3"),
        FaultSample("Error: connect ETIMEDOUT 10.0.0.5:3306", "database-unreachable"),
        FaultSample("Error: connect ETIMEDOUT 10.0.0.5:443"),
        FaultSample("MongoServerSelectionError: connection timed out", "database-unreachable"),
        FaultSample("数据库连接超时 orderNo=P2026 pool=HikariPool-1", "database-unreachable"),
        FaultSample("数据库连接正常"),
        FaultSample("OperationalError: (2006, 'MySQL server has gone away')", "database-gone-away"),
        FaultSample("No operations allowed after connection closed.", "database-gone-away"),
        FaultSample(
            "The last packet successfully received from the server was 28,800,123 milliseconds ago",
            "database-gone-away"),
        FaultSample(
            "Deadlock found when trying to get lock; try restarting transaction",
            "database-deadlock"),
        FaultSample(
            "org.springframework.dao.DeadlockLoserDataAccessException: PreparedStatementCallback",
            "database-deadlock"),
        FaultSample("no deadlock found"),
        FaultSample("Lock wait timeout exceeded; try restarting transaction", "database-lock-wait"),
        FaultSample("waiting for the lock of order 7"),
        FaultSample("slow sql 3012 millis. SELECT * FROM t_order", "database-slow-queries"),
        FaultSample(
            "# Query_time: 3.2  Lock_time: 0.0 Rows_sent: 1  Rows_examined: 900000",
            "database-slow-queries"),
        FaultSample("发现慢SQL 耗时=5021ms", "database-slow-queries"),
        FaultSample("Preparing: SELECT millis FROM t_slow"),
        FaultSample("Unknown column 'coupon_id' in 'field list'", "database-schema-mismatch"),
        FaultSample("code: 'ER_NO_SUCH_TABLE', errno: 1146", "database-schema-mismatch"),
        FaultSample(
            "org.springframework.jdbc.BadSqlGrammarException: PreparedStatementCallback",
            "database-schema-mismatch"),
        FaultSample("unknown column type in the upload"),
        FaultSample(
            "Packet for query is too large (6,291,456 > 4,194,304)", "database-packet-too-large"),
        FaultSample("packet too large for channel WXPAY"),
        FaultSample(
            "The MySQL server is running with the --read-only option so it cannot execute this statement",
            "database-read-only"),
        FaultSample("code: 'ER_OPTION_PREVENTS_STATEMENT'", "database-read-only"),
        FaultSample("running with read-only replicas: 2"),
        FaultSample(
            "Table './pay/t_order' is marked as crashed and should be repaired",
            "database-corruption"),
        FaultSample(
            "[ERROR] InnoDB: Database page corruption on disk or a failed file read",
            "database-corruption"),
        FaultSample("告警：数据库表损坏", "database-corruption"),
        FaultSample("InnoDB: page cleaner took 4012ms"),
        FaultSample(
            "RedisConnectionFailureException: Unable to connect to Redis", "redis-unreachable"),
        FaultSample(
            "redis.clients.jedis.exceptions.JedisConnectionException: Unexpected end of stream",
            "redis-unreachable"),
        FaultSample(
            "io.lettuce.core.RedisConnectionException: Unable to connect to 10.0.0.6:6379",
            "redis-unreachable"),
        FaultSample(
            "io.lettuce.core.RedisCommandTimeoutException: Command timed out after 200 millisecond(s)",
            "redis-timeout"),
        FaultSample("redis get cart:7: Command timed out", "redis-timeout"),
        FaultSample("Redis 命令超时 cmd=SETNX key=lock:7 timeout=200ms", "redis-timeout"),
        FaultSample("Command timed out after 5 s: convert logo.png"),
        FaultSample(
            "OOM command not allowed when used memory > 'maxmemory'.", "redis-out-of-memory"),
        FaultSample("used memory 80M of maxmemory 100M"),
        FaultSample(
            "MISCONF Redis is configured to save RDB snapshots, but it is currently not able to persist on disk",
            "redis-not-writable"),
        FaultSample("READONLY You can't write against a read only replica.", "redis-not-writable"),
        FaultSample("redis snapshot saved"),
        FaultSample(
            "org.springframework.amqp.AmqpConnectException: java.net.SocketException",
            "rabbitmq-unreachable"),
        FaultSample("amqp connection opened"),
        FaultSample("memory resource limit alarm set on node rabbit@mq-1.", "rabbitmq-blocked"),
        FaultSample("memory resource limit alarm cleared on node rabbit@mq-1"),
        FaultSample(
            "cluster_block_exception: index [logs-1] blocked by: [FORBIDDEN/12/x]",
            "elasticsearch-read-only"),
        FaultSample("flood stage disk watermark [95%] exceeded on [n1]", "elasticsearch-read-only"),
        FaultSample("low disk watermark [85%] exceeded on [n1]"),
        FaultSample(
            "Load balancer does not have available server for client: node",
            "dependency-unreachable"),
        FaultSample("No servers available for service: order-service", "dependency-unreachable"),
        FaultSample(
            "java.net.ConnectException: Connection refused: control-1/10.0.0.2:8080",
            "dependency-unreachable"),
        FaultSample("ConnectException: Connection refused jdbc"),
        FaultSample("java.net.SocketTimeoutException: Read timed out", "dependency-timeout"),
        FaultSample(
            "504 GATEWAY_TIMEOUT Response took longer than timeout: PT3S", "dependency-timeout"),
        FaultSample("Read timed out of the queue as planned"),
        FaultSample(
            "CallNotPermittedException: CircuitBreaker 'node' is OPEN", "circuit-breaker-open"),
        FaultSample("Blocked by Sentinel (flow limiting)", "circuit-breaker-open"),
        FaultSample("CircuitBreaker 'node' changed state to CLOSED"),
        FaultSample("java.net.UnknownHostException: control.internal", "dns-failure"),
        FaultSample("Error: getaddrinfo ENOTFOUND control.internal", "dns-failure"),
        FaultSample("host control.internal resolved to 10.0.0.2"),
        FaultSample("java.net.BindException: Address already in use", "port-in-use"),
        FaultSample("Web server failed to start. Port 8080 was already in use.", "port-in-use"),
        FaultSample("coupon 8080 was already in use"),
        FaultSample(
            "org.apache.catalina.core.StandardService.stopInternal Stopping service [Catalina]",
            "tomcat-stopped"),
        FaultSample(
            "A valid shutdown command was received via the shutdown port. Stopping the Server instance.",
            "tomcat-stopped"),
        FaultSample(
            "org.apache.catalina.core.StandardService.startInternal Starting service [Catalina]"),
        FaultSample("APPLICATION FAILED TO START", "application-start-failed"),
        FaultSample(
            "Context [/control] startup failed due to previous errors", "application-start-failed"),
        FaultSample(
            "Error deploying web application archive [/root/tomcat/webapps/control.war]",
            "application-start-failed"),
        FaultSample(
            "Exception sending context initialized event to listener instance of class [x.Y]",
            "application-start-failed"),
        FaultSample(
            "Deployment of web application archive [/root/tomcat/webapps/control.war] has finished in [9,754] ms"
        ),
        FaultSample("java.lang.NoClassDefFoundError: com/example/Coupon", "class-missing"),
        FaultSample("Error: Cannot find module 'express'", "class-missing"),
        FaultSample("module loaded"),
        FaultSample(
            "# A fatal error has been detected by the Java Runtime Environment:", "jvm-crash"),
        FaultSample("a fatal error has been reported by channel WXPAY"),
        FaultSample("java.lang.OutOfMemoryError: Java heap space", "java-out-of-memory"),
        FaultSample(
            "java.lang.OutOfMemoryError: unable to create new native thread", "java-out-of-memory",
            "memory-exhausted"),
        FaultSample(
            "java.lang.OutOfMemoryError: GC overhead limit exceeded", "java-out-of-memory",
            "high-cpu"),
        FaultSample("heap dump of an out of memory drill"),
        FaultSample(
            "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory",
            "node-out-of-memory"),
        FaultSample(
            "UnhandledPromiseRejectionWarning: TypeError: x is undefined", "node-unhandled-error"),
        FaultSample("promise rejected and handled"),
        FaultSample("Back-off restarting failed container api in pod api-7", "container-restarts"),
        FaultSample(
            "Liveness probe failed: HTTP probe failed with statuscode: 500", "container-restarts"),
        FaultSample("Readiness probe succeeded"),
        FaultSample("host web-1 CPU usage is 97.5%", "high-cpu"),
        FaultSample("host web-1 CPU usage is 37.5%"),
        FaultSample("主机 web-1 CPU使用率：92%", "high-cpu"),
        FaultSample("主机 web-1 CPU使用率：29%"),
        FaultSample(
            "HikariPool-1 - Thread starvation or clock leap detected (housekeeper delta=45s)",
            "process-starved"),
        FaultSample("java.io.IOException: No space left on device", "disk-full"),
        FaultSample("disk usage of /data is 91%", "disk-full"),
        FaultSample("disk usage of /data is 71%"),
        FaultSample("告警：/data 磁盘使用率达到 85%", "disk-full"),
        FaultSample("/data 磁盘使用率 45%"),
        FaultSample("上传失败：磁盘空间不足", "disk-full"),
        FaultSample(
            "java.io.FileNotFoundException: /data/x (Read-only file system)", "disk-failure"),
        FaultSample("the file system was opened read only"),
        FaultSample("Error: EMFILE: too many open files, open '/data/x'", "too-many-open-files"),
        FaultSample("too many open orders"),
        FaultSample("java.io.IOException: error=12, Cannot allocate memory", "memory-exhausted"),
        FaultSample(
            "org.apache.catalina.valves.StuckThreadDetectionValve.notifyStuckThreadDetected Thread [http-nio-8080-exec-95] (id=[195]) has been active for [65152] milliseconds",
            "stuck-threads"),
        FaultSample(
            "org.apache.catalina.valves.StuckThreadDetectionValve.notifyStuckThreadCompleted Thread [http-nio-8080-exec-95] was previously reported to be stuck"
        ),
        FaultSample(
            "java.util.concurrent.RejectedExecutionException: Task rejected from ThreadPoolExecutor",
            "thread-pool-exhausted"),
        FaultSample(
            "All threads (200) are currently busy, waiting. Increase maxThreads (200)",
            "thread-pool-exhausted"),
        FaultSample("all threads idle"),
        FaultSample("Error: certificate has expired code CERT_HAS_EXPIRED", "certificate-expired"),
        FaultSample(
            "java.security.cert.CertificateExpiredException: NotAfter: Thu Nov 19",
            "certificate-expired"),
        FaultSample("certificate expires in 30 days"),
        FaultSample(
            "javax.net.ssl.SSLHandshakeException: PKIX path building failed: unable to find valid certification path to requested target",
            "certificate-untrusted"),
        FaultSample(
            "Error: self signed certificate DEPTH_ZERO_SELF_SIGNED_CERT", "certificate-untrusted"),
        FaultSample("certification of merchant M7 finished"),
        FaultSample(
            "javax.net.ssl.SSLHandshakeException: Remote host terminated the handshake",
            "tls-handshake-failed"),
        FaultSample("Received fatal alert: handshake_failure", "tls-handshake-failed"),
        FaultSample("handshake with channel ICBC done"),
    ]

    private static let system = [
        FaultSample(
            "Nov 20 10:00:00 web-1 kernel: watchdog: BUG: soft lockup - CPU#3 stuck for 22s!",
            "high-cpu"),
        FaultSample(
            "Nov 20 10:00:00 web-1 kernel: Out of memory: Killed process 4242 (java) total-vm:9000000kB",
            "killed-for-memory"),
        FaultSample(
            "Nov 20 10:00:00 web-1 kernel: java invoked oom-killer: gfp_mask=0x100cca",
            "killed-for-memory"),
        FaultSample("Nov 20 10:00:00 web-1 kernel: Killed process 4243 by its user"),
        FaultSample(
            "Nov 20 10:00:00 web-1 systemd: nginx.service: Failed with result 'exit-code'.",
            "nginx-down"),
        FaultSample("Nov 20 10:00:00 web-1 systemd: nginx.service: Succeeded."),
        FaultSample(
            "Nov 20 10:00:00 web-1 kernel: Buffer I/O error on dev sda1, logical block 7",
            "disk-failure"),
        FaultSample(
            "Nov 20 10:00:00 web-1 sshd[7]: Failed password for root from 203.0.113.9 port 4242 ssh2",
            "login-guessing"),
        FaultSample(
            "Nov 20 10:00:00 web-1 sshd[7]: Invalid user admin from 203.0.113.9 port 4242",
            "login-guessing"),
        FaultSample(
            "Nov 20 10:00:00 web-1 sshd[7]: Accepted password for ops from 10.0.0.7 port 4242 ssh2"),
    ]
}
