import LogShipping
import Testing

@Suite struct FileNameTests {
    @Test(arguments: [
        ("control.log", "control"), ("control-2026-11-20.0.log.gz", "control"),
        ("control_2026-11-20.log", "control"), ("control.2026-11-20.log", "control"),
        ("control.log.2026-11-20", "control"), ("control.log.2026-11-20.gz", "control"),
        ("control-20261120.log", "control"), ("node.log.20261120", "node"), ("node.log.12", "node"),
        ("node.log.2026-11-20-10", "node"), ("node.log.2026-11-20_10.gz", "node"),
        ("node-2026-11-20-10.log", "node"), ("node_2026-11-20_10.log", "node"),
        ("access.log", "access"), ("access.log.1", "access"), ("access.log.2.gz", "access"),
        // logrotate with dateext
        ("access.log-20261120", "access"), ("access.log-20261120.gz", "access"),
        ("access.log-2026-11-20.gz", "access"), ("error.log-20261120-1795132800", "error"),
        ("localhost_access_log.2026-11-20.txt", "localhost_access_log"),
        ("catalina.out", "catalina"),
        ("catalina.2026-11-20.log", "catalina"), ("catalina.out-20261120.gz", "catalina"),
        ("localhost.2026-11-20.log", "localhost"), ("host-manager.2026-11-20.log", "host-manager"),
        ("nohup.out", "nohup"), ("my-app-1.log", "my-app-1"),
        ("pay.example.cn.log", "pay.example.cn"),
        ("app.log.bak", "app"), ("app.LOG.GZ", "app"), ("订单-2026-11-20.log", "订单"),
        ("/var/log/nginx/access.log", "access"), ("-", "stdin"),
        ("2026-11-20.log", "2026-11-20"), ("20261120.gz", "20261120"), ("log", "log"),
    ])
    func stemIsTheNameWithoutItsDecoration(path: String, stem: String) {
        #expect(FileName.stem(path) == stem)
    }

    @Test(arguments: [
        ("/a/b.log", "b.log"), ("b.log", "b.log"), ("a/", ""), ("", ""), ("/订单/单.log", "单.log"),
    ])
    func baseIsTheLastComponent(path: String, base: String) {
        #expect(FileName.base(path) == base)
    }
}
