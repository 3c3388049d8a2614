import Glibc

/// A pipe whose ends are closed with it, or earlier.
final class Pipe {
    let writer: Int32
    private let reader: Int32
    private var isReaderOpen = true

    init() {
        var ends: [Int32] = [-1, -1]
        _ = pipe(&ends)
        (reader, writer) = (ends[0], ends[1])
    }

    deinit {
        closeReader()
        close(writer)
    }

    func closeReader() {
        if isReaderOpen { close(reader) }
        isReaderOpen = false
    }

    /// Makes writing return instead of waiting.
    func stopWaiting() {
        _ = fcntl(writer, F_SETFL, O_NONBLOCK)
    }

    /// Takes what is in the pipe, up to `count` bytes, without waiting.
    func read(upTo count: Int = 1 << 20) -> [UInt8] {
        _ = fcntl(reader, F_SETFL, O_NONBLOCK)
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = max(0, Glibc.read(reader, buffer.baseAddress, count))
        }
    }
}
