internal import CZstd

/// zstd with contexts that are kept between calls (making one costs more than a small column).
struct Compressor: ~Copyable {
    private let context: OpaquePointer

    /// Level 3 is where zstd's speed still exceeds what the rest of taking in costs. Frames carry a
    /// checksum, so that damage is noticed.
    init(level: Int32 = 3) {
        guard let context = ZSTD_createCCtx() else { preconditionFailure("out of memory") }
        ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level)
        ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
        self.context = context
    }

    deinit { ZSTD_freeCCtx(context) }

    /// Appends the compressed bytes to `output` and returns their length.
    func compress(_ input: UnsafeBufferPointer<UInt8>, into output: inout [UInt8]) -> Int {
        let start = output.count
        let bound = ZSTD_compressBound(input.count)
        output.append(contentsOf: repeatElement(0, count: bound))
        let written = output.withUnsafeMutableBytes { buffer in
            ZSTD_compress2(
                context, buffer.baseAddress.map { $0 + start }, bound, input.baseAddress,
                input.count)
        }
        precondition(ZSTD_isError(written) == 0, "the buffer is as large as zstd asks for")
        output.removeLast(bound - written)
        return written
    }
}

/// Belongs to one thread, as the context does; the blocks of a partition share one.
final class Decompressor {
    private let context: OpaquePointer

    init() {
        guard let context = ZSTD_createDCtx() else { preconditionFailure("out of memory") }
        self.context = context
    }

    deinit { ZSTD_freeDCtx(context) }

    /// The `count` bytes that `input` was made of; anything else is damage.
    func decompress(
        _ input: UnsafeBufferPointer<UInt8>, count: Int
    ) throws(BlockError) -> [UInt8] {
        var failed = false
        let output = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            let written = ZSTD_decompressDCtx(
                context, buffer.baseAddress, count, input.baseAddress, input.count)
            failed = ZSTD_isError(written) != 0 || written != count
            initialized = failed ? 0 : count
        }
        if failed { throw .invalid("compressed column") }
        return output
    }
}
