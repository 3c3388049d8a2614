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
    ///
    /// A new zstd block begins at each of `sections`, so that bytes of different kinds do not share
    /// an entropy table; matches reach across.
    func compress(
        _ input: UnsafeBufferPointer<UInt8>, sections: [Int] = [], into output: inout [UInt8]
    ) -> Int {
        let start = output.count
        let bound = ZSTD_compressBound(input.count) + 16 * (sections.count + 1)
        output.append(contentsOf: repeatElement(0, count: bound))
        let written = output.withUnsafeMutableBytes { buffer in
            compress(
                UnsafeRawBufferPointer(input), sections,
                into: UnsafeMutableRawBufferPointer(rebasing: buffer[start...]))
        }
        output.removeLast(bound - written)
        return written
    }

    private func compress(
        _ input: UnsafeRawBufferPointer, _ sections: [Int],
        into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        var target = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
        var source = ZSTD_inBuffer(src: input.baseAddress, size: 0, pos: 0)
        ZSTD_CCtx_setPledgedSrcSize(context, UInt64(input.count))
        for section in sections {
            source.size = section
            let rest = ZSTD_compressStream2(context, &target, &source, ZSTD_e_flush)
            precondition(rest == 0, "the buffer is as large as zstd asks for")
        }
        source.size = input.count
        let rest = ZSTD_compressStream2(context, &target, &source, ZSTD_e_end)
        precondition(rest == 0, "the buffer is as large as zstd asks for")
        return target.pos
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
