import LogModel
import Testing

@Suite struct NearestNameTests {
    @Test(arguments: [
        ("limt", "limit"), ("limit", "limit"), ("sicne", "since"), ("li", "limit"),
        ("verbsoe", "verbose"), ("x", nil), ("zzzzzzzz", nil), ("", nil), ("s", nil),
    ])
    func findsTheNearestName(name: String, expected: String?) {
        #expect(NearestName.find(name, in: ["since", "limit", "verbose"]) == expected)
    }
}
