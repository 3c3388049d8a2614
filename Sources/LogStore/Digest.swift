internal import CCrypto
internal import LogModel
internal import SQLite

/// SHA-256 of bytes that come piece by piece, by OpenSSL's libcrypto (FIPS 180-4).
///
/// About 1.5 GB/s where the processor has instructions for it; a new one costs a microsecond.
package struct Digest: ~Copyable {
    private let context: OpaquePointer

    /// How many bytes a digest has.
    package static let byteCount = 32

    package init() {
        guard let context = EVP_MD_CTX_new(),
            EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1
        else { preconditionFailure("SHA-256 is always there") }
        self.context = context
    }

    deinit { EVP_MD_CTX_free(context) }

    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        let done = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
        precondition(done == 1, "SHA-256 takes any bytes")
    }

    /// The 32 bytes of the digest of all that came.
    package consuming func finish() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { output, count in
            var length: UInt32 = 0
            // The output has room for the longest digest that libcrypto knows.
            let done = EVP_DigestFinal_ex(context, output.baseAddress, &length)
            precondition(done == 1, "SHA-256 always ends")
            count = Int(length)
        }
    }

    /// The digest of `bytes`.
    package static func sha256(_ bytes: some Collection<UInt8>) -> [UInt8] {
        var digest = Digest()
        Array(bytes).withUnsafeBytes { digest.update($0) }
        return digest.finish()
    }

    /// Two lower-case digits a byte.
    package static func hex(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The digest that `hex` writes; nil for another text.
    package static func bytes(hex text: some StringProtocol) -> [UInt8]? {
        let digits = text.utf8.map { digit in
            switch digit {
            case 0x30...0x39: digit - 0x30
            case 0x61...0x66: digit - 0x61 + 10
            default: UInt8.max
            }
        }
        guard digits.count == 2 * byteCount, !digits.contains(.max) else { return nil }
        return (0..<byteCount).map { digits[2 * $0] << 4 | digits[2 * $0 + 1] }
    }
}

extension EventBatch {
    /// The digest of the original bytes of `rows`, their terminators included, in this order.
    ///
    /// Rows that stand one behind the other in `bytes`, as a parser leaves them, are hashed at once.
    func digest(ofRows rows: [Int]) -> [UInt8] {
        var digest = Digest()
        bytes.withUnsafeBytes { bytes in
            var run = 0..<0
            for index in rows {
                let start = Int(self.rows[index].start)
                let end = start + Int(self.rows[index].length)
                if start != run.upperBound {
                    digest.update(UnsafeRawBufferPointer(rebasing: bytes[run]))
                    run = start..<start
                }
                run = run.lowerBound..<end
            }
            digest.update(UnsafeRawBufferPointer(rebasing: bytes[run]))
        }
        return digest.finish()
    }
}

extension Partition {
    /// The digest of the digests of all blocks, by generation and place: what the day holds, in the
    /// blocks in which it does.
    package func contentDigest() throws(StoreError) -> [UInt8] {
        try reading { () throws(SQLiteError) in
            let statement = try Statement(
                """
                SELECT digest FROM block JOIN source ON source.id = block.source
                ORDER BY generation, first_offset, block.id
                """, on: connection)
            var digest = Digest()
            while try statement.step() {
                statement.blob(0).withUnsafeBytes { digest.update($0) }
            }
            return digest.finish()
        }
    }
}
