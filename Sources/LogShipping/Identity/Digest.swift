internal import CCrypto

/// SHA-256 by OpenSSL's libcrypto (FIPS 180-4).
enum Digest {
    /// The 32 bytes of the hash of `bytes`.
    static func sha256(_ bytes: some Collection<UInt8>) -> [UInt8] {
        let input = Array(bytes)
        var output = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length: UInt32 = 0
        let done = EVP_Digest(input, input.count, &output, &length, EVP_sha256(), nil)
        precondition(done == 1, "SHA-256 is always there and takes any bytes")
        return Array(output.prefix(Int(length)))
    }

    static func hex(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
