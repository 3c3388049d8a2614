/// A 64-bit hash of any bytes, the same in every run and on every machine.
///
/// Every bit of the input changes each bit of the result in half of the cases, as the sketches
/// need it. Costs a multiplication for 16 bytes. Not for keys that an attacker chooses: without a
/// seed, collisions can be made. Source: wyhash, final version 4 (Wang Yi, public domain), without
/// its three lanes for long inputs.
package func hash64(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
    let count = bytes.count
    guard count > 0, let base = bytes.baseAddress.map({ UnsafeRawPointer($0) }) else {
        return mixed(Secret.first, Secret.second)
    }
    var seed = mixed(Secret.zero, Secret.first)
    var low: UInt64
    var high: UInt64
    if count > 16 {
        var place = base
        var rest = count
        while rest > 16 {
            seed = mixed(eight(place) ^ Secret.first, eight(place + 8) ^ seed)
            place += 16
            rest -= 16
        }
        // The last 16 bytes, which may overlap those before.
        low = eight(place + rest - 16)
        high = eight(place + rest - 8)
    } else if count >= 4 {
        let step = (count >> 3) << 2
        low = four(base) << 32 | four(base + step)
        high = four(base + count - 4) << 32 | four(base + count - 4 - step)
    } else {
        low = UInt64(bytes[0]) << 16 | UInt64(bytes[count >> 1]) << 8 | UInt64(bytes[count - 1])
        high = 0
    }
    let product = (low ^ Secret.first).multipliedFullWidth(by: high ^ seed)
    return mixed(product.low ^ Secret.zero ^ UInt64(count), product.high ^ Secret.first)
}

/// A 64-bit hash of a number: the finaliser of SplitMix64 (Steele, Lea and Flood 2014).
package func hash64(_ number: UInt64) -> UInt64 {
    var mixed = number &+ 0x9E37_79B9_7F4A_7C15
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
}

/// wyhash's constants: odd, with half of their bits set.
private enum Secret {
    static let zero: UInt64 = 0xA076_1D64_78BD_642F
    static let first: UInt64 = 0xE703_7ED1_A0B4_28DB
    static let second: UInt64 = 0x8EBC_6AF0_9C88_C6E3
}

@inline(__always)
private func mixed(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = left.multipliedFullWidth(by: right)
    return product.high ^ product.low
}

@inline(__always)
private func eight(_ place: UnsafeRawPointer) -> UInt64 {
    UInt64(littleEndian: place.loadUnaligned(as: UInt64.self))
}

@inline(__always)
private func four(_ place: UnsafeRawPointer) -> UInt64 {
    UInt64(UInt32(littleEndian: place.loadUnaligned(as: UInt32.self)))
}
