import Testing

@testable import LogQuery

@Suite struct NetworkTests {
    @Test(arguments: [
        ("10.12.0.0/16", "10.12.255.1", true), ("10.12.0.0/16", "10.13.0.0", false),
        ("10.12.0.0/16", "10.12.0.1:8080", true), ("0.0.0.0/0", "255.1.2.3", true),
        ("0.0.0.0/0", "::1", false), ("10.0.0.1/32", "10.0.0.1", true),
        ("10.0.0.1/32", "10.0.0.2", false), ("10.12.0.0/16", "::ffff:10.12.3.4", true),
        ("2001:db8::/32", "2001:db8:1::7", true), ("2001:db8::/32", "2001:db9::", false),
        ("fe80::/10", "febf::1", true), ("fe80::/10", "[fe80::1]:443", true),
        ("::/0", "2001:db8::1", true), ("2001:db8::1/128", "2001:0db8:0:0:0:0:0:1", true),
        ("10.12.0.0/16", "unknown", false), ("10.12.0.0/16", "", false),
        ("10.12.0.0/16", "10.12.0", false), ("10.12.0.0/16", "10.12.0.256", false),
    ])
    func holdsItsAddresses(network: String, address: String, expected: Bool) throws {
        let network = try #require(Network(network.utf8))
        #expect(network.contains(Array(address.utf8)) == expected)
    }

    @Test(arguments: [
        "10.0.0.0", "10.0.0.0/33", "10.0.0/8", "/api/v1", "::1/129", "1:2/3", "10.0.0.0/", "a/8",
        ":::/8", "1::2::3/8", "12345::/8", "10.0.0.0/8/8", "1:2:3:4:5:6:7:8:9/3",
    ])
    func otherTextIsNoNetwork(text: String) { #expect(Network(text.utf8) == nil) }
}
