/// The addresses that begin with the same bits: `10.12.0.0/16`, `2001:db8::/32` (RFC 4632, RFC 4291).
///
/// IPv4 addresses are taken as IPv6 addresses under `::ffff:0:0/96`, as they may be written too.
struct Network: Equatable, Sendable {
    private let address: Address
    private let bits: Int

    /// Reads an address, a slash and the number of bits; nil for all else.
    init?(_ text: some Sequence<UInt8>) {
        let parts = Array(text).split(separator: .slash, omittingEmptySubsequences: false)
        guard parts.count == 2, let address = Address(parts[0]), (1...3).contains(parts[1].count),
            parts[1].allSatisfy({ $0 &- 0x30 < 10 })
        else { return nil }
        let bits = parts[1].reduce(0) { $0 * 10 + Int($1 &- 0x30) }
        guard bits <= (address.isV4 ? 32 : 128) else { return nil }
        self.bits = address.isV4 ? 96 + bits : bits
        self.address = address
    }

    /// Whether an address, also one with a port behind it, is in the network; false for other text.
    func contains(_ text: [UInt8]) -> Bool {
        guard let other = Address(text[...]) ?? Address(Self.withoutPort(text)) else {
            return false
        }
        let high = (address.high ^ other.high) & Self.mask(bits)
        let low = (address.low ^ other.low) & Self.mask(bits - 64)
        return high == 0 && low == 0
    }

    private static func mask(_ bits: Int) -> UInt64 {
        bits <= 0 ? 0 : bits >= 64 ? ~0 : ~0 << UInt64(64 - bits)
    }

    /// `10.0.0.1` of `10.0.0.1:8080`, `::1` of `[::1]:8080`.
    private static func withoutPort(_ text: [UInt8]) -> ArraySlice<UInt8> {
        if text.first == .openBracket {
            return text.dropFirst().prefix { $0 != .closeBracket }
        }
        return text.prefix { $0 != .colon }
    }

    /// An address of either version as 128 bits.
    struct Address: Equatable, Sendable {
        let high: UInt64
        let low: UInt64
        let isV4: Bool

        init?(_ text: ArraySlice<UInt8>) {
            if let v4 = Self.v4(text) {
                (high, low, isV4) = (0, 0xFFFF_0000_0000 | UInt64(v4), true)
                return
            }
            guard let groups = Self.groups(text) else { return nil }
            high = groups[..<4].reduce(0) { $0 << 16 | UInt64($1) }
            low = groups[4...].reduce(0) { $0 << 16 | UInt64($1) }
            isV4 = false
        }

        private static func v4(_ text: ArraySlice<UInt8>) -> UInt32? {
            let parts = text.split(separator: 0x2E, omittingEmptySubsequences: false)
            guard parts.count == 4 else { return nil }
            var value: UInt32 = 0
            for part in parts {
                guard (1...3).contains(part.count), part.allSatisfy({ $0 &- 0x30 < 10 }) else {
                    return nil
                }
                let octet = part.reduce(0) { $0 * 10 + UInt32($1 &- 0x30) }
                guard octet < 256 else { return nil }
                value = value << 8 | octet
            }
            return value
        }

        /// The eight groups of an IPv6 address; `::` stands for as many zeros as are missing.
        private static func groups(_ text: ArraySlice<UInt8>) -> [UInt16]? {
            guard text.count <= 45, text.contains(.colon) else { return nil }
            var halves: [[UInt16]] = [[]]
            var position = text.startIndex
            while position < text.endIndex {
                if text[position...].starts(with: [.colon, .colon]) {
                    guard halves.count == 1 else { return nil }
                    halves.append([])
                    position += 2
                    continue
                }
                if text[position] == .colon {
                    guard halves[halves.count - 1].isEmpty == false else { return nil }
                    position += 1
                }
                let end = text[position...].firstIndex(of: .colon) ?? text.endIndex
                guard let read = group(text[position..<end]) else { return nil }
                halves[halves.count - 1] += read
                position = end
            }
            let count = halves.reduce(0) { $0 + $1.count }
            if halves.count == 1 { return count == 8 ? halves[0] : nil }
            guard count < 8 else { return nil }
            return halves[0] + Array(repeating: 0, count: 8 - count) + halves[1]
        }

        /// One group, or the two that an IPv4 address at the end stands for.
        private static func group(_ text: ArraySlice<UInt8>) -> [UInt16]? {
            if let v4 = v4(text) {
                return [UInt16(v4 >> 16), UInt16(truncatingIfNeeded: v4)]
            }
            guard (1...4).contains(text.count) else { return nil }
            return UInt16(String(decoding: text, as: UTF8.self), radix: 16).map { [$0] }
        }
    }
}
