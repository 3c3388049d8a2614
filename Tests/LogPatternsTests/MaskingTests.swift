import LogPatterns
import Testing

/// What a message becomes when its variables are masked.
struct MaskingTests {
    @Test(arguments: [
        ("took 30ms", "took <num>"),
        ("took 1h30m, then 2.5s", "took <num>, then <num>"),
        ("used 12MB of 1,234 MB at 3.5%", "used <num> of <num> MB at <num>"),
        ("delta -5 and +7", "delta <num> and <num>"),
        ("err=-1009 ratio=1.5E-7", "err=<num> ratio=<num>"),
        ("version 8.0.33", "version <num>"),
        ("slots [1, 2, 3]", "slots [<num>]"),
        ("part-00011 of order-2026111854965621", "part-<num> of order-<num>"),
        ("blk_-6952295868487656571 done", "blk_<num> done"),
        ("SSL2 via ssh2 on en0", "SSL2 via ssh2 on en0"),
        ("merchant M35469427", "merchant M<num>"),
        ("HTTP 4xx", "HTTP <num>xx"),
    ])
    func masksNumbers(message: String, expected: String) { #expect(masked(message) == expected) }

    @Test(arguments: [
        ("at 2026-11-18 00:00:17.753 done", "at <time> done"),
        ("at 2026-11-18T10:15:30.123+08:00", "at <time>"),
        ("at 2026-11-18T02:15:30Z.", "at <time>."),
        ("[18/Nov/2026:00:00:12 +0800] x", "[<time>] x"),
        ("2026/11/18 00:01:02 [crit]", "<time> [crit]"),
        ("since 10:15", "since <time>"),
        ("on Nov 18, 2026 10:15:30 PM x", "on <time> x"),
        ("Sun Dec 04 04:47:44 2005", "<time>"),
        ("Wed Nov 18 10:15:00 CST 2026 up", "<time> up"),
        ("18 Nov 2026 and 18-Nov-2026", "<time> and <time>"),
        ("since 11/18/26 10:15 PM", "since <time>"),
        ("backup 20261118T101530Z", "backup <time>"),
        ("于2026年11月18日 10时15分完成", "于<time>完成"),
        ("May I", "May I"),
        ("ratio 3:4", "ratio <num>:<num>"),
    ])
    func masksTimes(message: String, expected: String) { #expect(masked(message) == expected) }

    @Test(arguments: [
        ("from 10.0.0.1:45307 to /10.0.0.2", "from <ip> to /<ip>"),
        ("net 10.12.0.0/16", "net <ip>"),
        ("not 300.1.1.1", "not <num>"),
        ("v6 fe80::1 and ::1 and [2001:db8::8a2e]:443", "v6 <ip> and <ip> and [<ip>]:<num>"),
        ("0:0:0:0:0:0:0:1 up", "<ip> up"),
        ("IOSwitch::start fade::x", "IOSwitch::start fade::x"),
        ("fade:: beads", "fade:: beads"),
        ("mac 00:1A:2b:3c:4d:5e", "mac <mac>"),
        ("mail to li.wei+x@pay.example.cn now", "mail to <email> now"),
        ("host db-1.pay.example.cn:3306 down", "host <host> down"),
        ("node-12 and control-2", "node-<num> and control-<num>"),
        ("at com.example.pay.Order", "at com.example.pay.Order"),
        ("org.apache.log4j.Logger", "org.apache.log4j.Logger"),
    ])
    func masksAddresses(message: String, expected: String) { #expect(masked(message) == expected) }

    @Test(arguments: [
        ("id 79134a86-9033-44f8-a231-f5b9e6313d9a", "id <uuid>"),
        ("at 0x1F and 0x", "at <hex> and <num>"),
        ("md5=272a4607deb8200062de329374e57800", "md5=<hex>"),
        ("prepay_id=wx2026111837b608cf1e8c480", "prepay_id=<id>"),
        ("lock com.x.Foo@1a2b3c held", "lock com.x.Foo@<hex> held"),
        ("added facade", "added facade"),
        ("card 6222****1234 and 138****0000", "card <card> and <card>"),
        ("paid ¥12.50 or 12.50元 or 3 CNY", "paid ¥<num> or <num>元 or <num> CNY"),
    ])
    func masksIdentifiers(message: String, expected: String) {
        #expect(masked(message) == expected)
    }

    @Test(arguments: [
        ("read /etc/httpd/conf/workers2.properties.", "read <path>."),
        ("GET /api/v2/orders/77?x=1&y=2 HTTP/1.1", "GET <path> HTTP/<num>"),
        ("GET / HTTP/1.1", "GET <path> HTTP/<num>"),
        ("read and/or write, N/A", "read and/or write, N/A"),
        ("in src/main/App.java:12", "in <path>:<num>"),
        (#"open C:\logs\a.txt failed"#, "open <path> failed"),
        ("call http://10.0.0.1:8080/a?b=1, jdbc:mysql://db/pay", "call <url>, jdbc:<url>"),
        ("</tag>", "</tag>"),
    ])
    func masksPaths(message: String, expected: String) { #expect(masked(message) == expected) }

    @Test(arguments: [
        ("user 'bob' not found", "user '<str>' not found"),
        ("can't open it, won't", "can't open it, won't"),
        (#"zone "api" and """#, #"zone "<str>" and """#),
        (#""POST /a/b HTTP/1.1" 200"#, #""POST <path> HTTP/<num>" <num>"#),
        (#"{"user":"bob","age":12}"#, #"{"user":"<str>","age":<num>}"#),
        (#"Code=-1009 "The request timed out.""#, #"Code=<num> "The request timed out.""#),
    ])
    func masksQuotations(message: String, expected: String) { #expect(masked(message) == expected) }

    @Test(arguments: [
        ("用户登录成功 userId=16220624", "用户登录成功 userId=<num>"),
        ("用户=林军(98637826) 金额=2169.83元", "用户=<str>(<num>) 金额=<num>元"),
        ("操作员：王小明，状态=失败", "操作员：<str>，状态=失败"),
        ("状态=成功 原因=余额不足", "状态=成功 原因=余额不足"),
        ("第3页，耗时30ms", "第<num>页，耗时<num>"),
        ("【支付】订单（张伟）已关闭", "【支付】订单（<str>）已关闭"),
        ("打开/data/对账/1.csv失败", "打开<path>失败"),
    ])
    func masksChinese(message: String, expected: String) { #expect(masked(message) == expected) }

    @Test func aTemplateIsOneLine() {
        #expect(masked("\t a \r\n  b\u{1}c \n") == "a b c")
        #expect(masked("") == "")
    }

    @Test func theIdOfATextNeverChanges() {
        #expect(Template.id(of: Array("took <num>".utf8)) == "7594cb14")
        #expect(Template.id(of: []) == "f9794d51")
    }

    @Test func aLongMessageIsCutBeforeACharacter() {
        let text = "x" + String(repeating: "付", count: 2000)
        #expect(masked(text) == "x" + String(repeating: "付", count: 682))
    }
}

func masked(_ message: String) -> String {
    Array(message.utf8).withUnsafeBufferPointer {
        String(decoding: Template.masked($0), as: UTF8.self)
    }
}
