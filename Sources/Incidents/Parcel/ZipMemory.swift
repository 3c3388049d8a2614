internal import CMinizip

/// The bytes of a zip archive that minizip reads or writes, in place of a file.
///
/// minizip asks for them through functions of C, to which this object is their one argument; it has to outlive
/// the archive.
final class ZipMemory {
    private(set) var bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8] = []) { self.bytes = bytes }

    /// The table of functions, for `zipOpen2_64` and `unzOpen2_64`.
    func functions() -> zlib_filefunc64_def {
        var table = zlib_filefunc64_def()
        table.opaque = Unmanaged.passUnretained(self).toOpaque()
        table.zopen64_file = { memory, _, _ in memory }
        table.zread_file = { memory, _, buffer, count in
            ZipMemory.of(memory)?.read(into: buffer, Int(clamping: count)) ?? 0
        }
        table.zwrite_file = { memory, _, buffer, count in
            ZipMemory.of(memory)?.write(buffer, Int(clamping: count)) ?? 0
        }
        table.ztell64_file = { memory, _ in ZPOS64_T(ZipMemory.of(memory)?.position ?? 0) }
        table.zseek64_file = { memory, _, offset, origin in
            ZipMemory.of(memory)?.seek(offset, origin) == true ? 0 : -1
        }
        table.zclose_file = { _, _ in 0 }
        table.zerror_file = { _, _ in 0 }
        return table
    }

    private static func of(_ pointer: UnsafeMutableRawPointer?) -> ZipMemory? {
        pointer.map { Unmanaged<ZipMemory>.fromOpaque($0).takeUnretainedValue() }
    }

    private func read(into buffer: UnsafeMutableRawPointer?, _ count: Int) -> UInt {
        let part = bytes[position...].prefix(count)
        guard let buffer else { return 0 }
        UnsafeMutableRawBufferPointer(start: buffer, count: part.count).copyBytes(from: part)
        position += part.count
        return UInt(part.count)
    }

    /// Over what is there already, and then at the end: sizes are put into headers when they are known.
    private func write(_ buffer: UnsafeRawPointer?, _ count: Int) -> UInt {
        let source = UnsafeRawBufferPointer(start: buffer, count: buffer == nil ? 0 : count)
        let end = min(position + source.count, bytes.count)
        bytes.replaceSubrange(position..<end, with: source)
        position += source.count
        return UInt(source.count)
    }

    private func seek(_ offset: ZPOS64_T, _ origin: Int32) -> Bool {
        let base =
            switch origin {
            case ZLIB_FILEFUNC_SEEK_SET: 0
            case ZLIB_FILEFUNC_SEEK_CUR: position
            default: bytes.count
            }
        let (place, isOver) = base.addingReportingOverflow(Int(clamping: offset))
        guard !isOver, place <= bytes.count else { return false }
        position = place
        return true
    }
}
