import StoreFixtures
import Testing

@testable import Redaction

@Suite struct RedactorTests {
    private func masked(_ text: String) -> String {
        var redactor = Redactor()
        return redactor.masked(text)
    }

    @Test(arguments: [
        // Phones.
        ("手机13800138000下单", "手机‹phone 1›下单"),
        ("tel=+8613912345678,", "tel=+86‹phone 1›,"),
        ("tel=8613912345678,", "tel=86‹phone 1›,"),
        ("+86 139-1234-5678.", "+86 ‹phone 1›."),
        ("mobile=%2B8613912345678&x=1", "mobile=%2B86‹phone 1›&x=1"),
        // Identities: GB 11643's own example, one with X, and both with a wrong check digit or date.
        ("id 11010519491231002X", "id ‹identity 1›"),
        ("{\"idNo\":\"440524188001010014\"}", "{\"idNo\":\"440524188001010014\"}"),
        ("id 440524198001010013", "id ‹identity 1›"),
        ("id 440524198001010014", "id 440524198001010014"),
        ("id 110105194912310021", "id 110105194912310021"),
        // Cards: by Luhn, with their prefixes, in groups.
        ("card 4111111111111111", "card ‹card 1›"),
        ("card 4111-1111-1111-1111", "card ‹card 1›"),
        ("card 6222 0212 3456 7890 129", "card 6222 0212 3456 7890 129"),
        ("卡号6222021234567890128", "卡号‹card 1›"),
        ("card 378282246310005 x", "card ‹card 1› x"),
        ("card 3782 822463 10005", "card ‹card 1›"),
        ("card 4111111111111112", "card 4111111111111112"),
        // Mail.
        ("from li.lei+x@mail.example.com.cn, ok", "from ‹email 1›, ok"),
        ("?email=li%40example.com&a=1", "?email=‹email 1›&a=1"),
        ("sent to a@b.cn.", "sent to ‹email 1›."),
        // Addresses.
        ("client: 122.229.91.132, server", "client: ‹ip 1›, server"),
        ("http://8.8.8.8:80/x", "http://‹ip 1›:80/x"),
        ("[2408:8000:1010::1]:443", "[‹ip 1›]:443"),
        ("from 2001:db8:0:0:0:0:2:1 ", "from ‹ip 1› "),
        // Passwords.
        ("password=abc&user=li", "password=‹password 1›&user=li"),
        ("spring.datasource.password: s3cr,et", "spring.datasource.password: ‹password 1›,et"),
        (
            "{\"userPassword\" : \"a\\\"b c\",\"n\":1}",
            "{\"userPassword\" : \"‹password 1›\",\"n\":1}"
        ),
        ("{\\\"pwd\\\":\\\"abc\\\",\\\"n\\\":1}", "{\\\"pwd\\\":\\\"‹password 1›\\\",\\\"n\\\":1}"),
        ("密码：hunter2，用户：li", "密码：‹password 1›，用户：li"),
        ("<password>hunter2</password>", "<password>‹password 1›</password>"),
        ("client_secret%3Dabc%26x", "client_secret%3D‹password 1›"),
        ("mysql://root:p@ss:w@db-1:3306/pay", "mysql://root:‹password 1›@db-1:3306/pay"),
        (
            "jdbc:mysql://db-1/pay?user=pay&password=Zx9!&ssl=1",
            "jdbc:mysql://db-1/pay?user=pay&password=‹password 1›&ssl=1"
        ),
        (
            "jdbc:oracle:thin:scott/tiger@//db:1521/x",
            "jdbc:oracle:thin:scott/‹password 1›@//db:1521/x"
        ),
        // Tokens.
        ("Authorization: Bearer abc.def-123", "Authorization: Bearer ‹token 1›"),
        ("authorization: Basic dXNlcjpwYXNz", "authorization: Basic ‹token 1›"),
        ("got Bearer a1b2c3d4e5", "got Bearer ‹token 1›"),
        ("&access_token=a1b2c3d4&x", "&access_token=‹token 1›&x"),
        ("&sign=bb8da2faa1da0639 HTTP", "&sign=‹token 1› HTTP"),
        ("X-Api-Key: 0123456789", "X-Api-Key: ‹token 1›"),
        ("key AKIAIOSFODNN7EXAMPLE end", "key ‹token 1› end"),
        ("t eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dBjftJeZ4CVP x", "t ‹token 1› x"),
        (
            "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----",
            "-----BEGIN RSA PRIVATE KEY-----‹token 1›-----END RSA PRIVATE KEY-----"
        ),
        // Sessions.
        ("Cookie: a=b; JSESSIONID=1F2E3D4C\n", "Cookie: ‹session 1›\n"),
        ("/cart;jsessionid=0A1B2C3D4E?x=1", "/cart;jsessionid=‹session 1›?x=1"),
    ])
    func secretsAreNamed(text: String, expected: String) {
        #expect(masked(text) == expected)
    }

    @Test(arguments: [
        "order-2026111869501454", "t=1763481720580", "traceId=43753572-1f3c-4a1e-a1c9-07498e431140",
        "md5=272a4607deb8200062de329374e57800", "prepay_id=wx20261118bea88cf6cb05780",
        "10.12.0.21 172.16.0.1 192.168.1.1 127.0.0.1 0.0.0.0:443 169.254.1.1 100.64.0.1",
        "Chrome/120.0.0.0 AppleWebKit/605.1.15", "v1.2.3.4.5", "23:59:59.123",
        "::1 fe80::1 Foo::bar",
        "com.example.Bar@1a2b3c", "git@10.0.0.1:x", "amount=13800138000.50", "0.13800138000",
        "x13800138000", "138001380001", "12345678901", "tokens: 4096", "invalid token: expected }",
        "token=null password=**** pwd=", "maxTokens=4096 sign=MD5", "password=${DB_PASSWORD}",
        "http://pay.example.cn:8080/a@b", "Basic authentication", "1 2 3 4 5",
        "2026-11-19 10:14:42",
        "4930-4050 2000 3000", "session expired", "2026111897151030017", "expired sessions: 140",
    ])
    func whatOnlyLooksSimilarStays(text: String) {
        #expect(masked(text) == text)
    }

    @Test func theSameValueHasTheSameName() {
        var redactor = Redactor()
        #expect(
            redactor.masked("13800138000 13900139000 +8613800138000")
                == "‹phone 1› ‹phone 2› +86‹phone 1›")
        #expect(redactor.masked("A@x.cn a@X.CN 13900139000") == "‹email 1› ‹email 1› ‹phone 2›")
        #expect(
            redactor.masked("pwd=a pwd=b pwd=a")
                == "pwd=‹password 1› pwd=‹password 2› pwd=‹password 1›")
    }

    @Test func namesOfFieldsAndHomesOfUsersAreKnown() {
        var redactor = Redactor()
        #expect(redactor.masked("a b", named: "db.password") == "‹password 1›")
        #expect(redactor.masked("a b", named: "message") == "a b")
        #expect(redactor.masked("1.1.1.1 ok", named: "remote_addr") == "‹ip 1› ok")
        #expect(redactor.masked(path: "/home/lilei/app.log") == "/home/‹user 1›/app.log")
        #expect(redactor.masked(path: "/srv/home/lilei/a.log") == "/srv/home/lilei/a.log")
    }

    @Test func maskingTwiceChangesNothingMore() {
        var redactor = Redactor()
        let once = redactor.masked(
            "password=abc token=a1b2c3d4 //u:p@h 13800138000 Cookie: a=123456")
        #expect(redactor.masked(once) == once)
    }

    /// What begins often and never ends must not cost the square of its length: here a second, not minutes.
    @Test(arguments: [
        "eyJ-", "eyJ.", "pwd=${", "pwd=‹", "@a", "://", "-----BEGIN ", "sk-", "1.1.", "6222 ",
        "2001:",
        "token:", "\"pwd\":\"", "Cookie: ", "Bearer ", "d---", "%3D",
    ])
    func longRunsOfBeginningsAreLinear(part: String) {
        var redactor = Redactor()
        let text = Array(String(repeating: part, count: 60_000 / part.utf8.count).utf8)
        let start = ContinuousClock.now
        _ = redactor.masked(text)
        #expect(ContinuousClock.now - start < .seconds(10))
    }

    @Test func anyBytesAreKeptButForWhatIsMasked() {
        var redactor = Redactor()
        #expect(redactor.masked([UInt8]()) == [])
        // GBK for 手机, then a number.
        let gbk: [UInt8] =
            [0xCA, 0xD6, 0xBB, 0xFA] + Array("13800138000".utf8) + [0, 0xFF, 0x0D, 0x0A]
        #expect(
            redactor.masked(gbk)
                == [0xCA, 0xD6, 0xBB, 0xFA] + Array("‹phone 1›".utf8) + [0, 0xFF, 0x0D, 0x0A])
        let seed = UInt64.random(in: 0...9_999)
        var random = SeededRandom(seed: seed)
        for _ in 0..<200 {
            let bytes = random.bytes(200)
            _ = redactor.masked(bytes)
            let alphabet = Array("0123456789@:=/.%-\"\\ \n<>apwdtoken密".utf8)
            let text = (0..<200).map { _ in random.pick(alphabet) }
            let once = redactor.masked(text)
            #expect(once.filter { $0 == 0x0A }.count <= 200, "seed \(seed)")
        }
    }
}
