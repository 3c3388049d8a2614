import Statistics
import Testing

@Suite struct Hash64Tests {
    /// Stored sketches and saved results depend on these.
    @Test(
        arguments: [
            ("", 0xE6D2_4D7E_0390_AE94),
            ("a", 0x28D2_0533_09D2_8531),
            ("abc", 0x02A4_F1D7_CB51_6C72),
            ("abcd", 0x48DF_E2B0_9AB5_2113),
            ("12345678", 0x493E_74FE_7F93_F7E9),
            ("0123456789abcdef", 0xC304_E72C_387C_D229),
            ("数据库连接超时 pool=HikariPool-1", 0x31FE_B730_638C_AB92),
        ] as [(String, UInt64)])
    func givesTheSameNumberOnEveryMachine(text: String, expected: UInt64) {
        #expect(hash(text) == expected)
    }

    @Test func numbersAreMixedAsInSplitMix64() {
        #expect(hash64(0 as UInt64) == 0xE220_A839_7B1D_CDAF)
    }

    @Test(arguments: [1, 3, 4, 7, 8, 15, 16, 17, 32, 33, 100])
    func eachBitOfTheInputChangesHalfOfTheResult(length: Int) {
        var state = UInt64(length)
        var changed = [Int](repeating: 0, count: 64)
        var trials = 0
        for _ in 0..<200 {
            var bytes = (0..<length).map { _ in UInt8(truncatingIfNeeded: next(&state)) }
            let before = bytes.withUnsafeBufferPointer { hash64($0) }
            let bit = Int(next(&state) % UInt64(length * 8))
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            let difference = before ^ bytes.withUnsafeBufferPointer { hash64($0) }
            for place in 0..<64 where difference >> UInt64(place) & 1 == 1 { changed[place] += 1 }
            trials += 1
        }
        // Five standard deviations of a fair coin thrown 200 times.
        for count in changed { #expect(abs(count - trials / 2) < 36) }
    }

    @Test func similarKeysHaveHashesOfTheirOwn() {
        var seen = Set<UInt64>()
        for number in 0..<200_000 { seen.insert(hash("order-20261120\(number)")) }
        #expect(seen.count == 200_000)
    }

    private func hash(_ text: String) -> UInt64 {
        Array(text.utf8).withUnsafeBufferPointer { hash64($0) }
    }

    private func next(_ state: inout UInt64) -> UInt64 {
        state &+= 1
        return hash64(state)
    }
}
