internal import Glibc

/// Why output could not be written.
package struct OutputError: Error, Equatable, CustomStringConvertible {
    /// The system's error number.
    package let code: Int32
    /// The descriptor that was written to.
    package let descriptor: Int32

    /// What failed, why, and what to do.
    package var description: String {
        let target =
            switch descriptor {
            case STDOUT_FILENO: "standard output"
            case STDERR_FILENO: "standard error"
            default: "descriptor \(descriptor)"
            }
        let remedy = code == ENOSPC ? "free space or write elsewhere" : "write to another place"
        return "cannot write to \(target): \(String(cString: strerror(code))); \(remedy)"
    }
}

/// A buffered writer to a file descriptor that it does not own.
///
/// Bytes wait until the buffer is full or `flush` is called. When the reader is gone (`head` has its
/// ten lines) the stream is `.closed`: it drops what it is given, so that the caller can stop early
/// and exit with 0. That needs `ignoreBrokenPipes` once per process. Interrupted writes are taken up
/// again, and a descriptor that another program made non-blocking is waited for. After any other
/// error the buffer is dropped. The end of the stream flushes as well as it can, without a report.
package struct OutputStream: ~Copyable {
    /// Whether somebody still reads.
    package enum State: Sendable {
        case open
        case closed
    }

    /// Whether somebody still reads, as far as the last write told.
    package private(set) var state = State.open
    private let descriptor: Int32
    private let capacity: Int
    private var buffer: [UInt8] = []

    /// Makes a writer to `descriptor` with a buffer of `capacity` bytes.
    package init(descriptor: Int32, capacity: Int = 64 * 1024) {
        self.descriptor = descriptor
        self.capacity = max(1, capacity)
        buffer.reserveCapacity(self.capacity)
    }

    deinit {
        guard state == .open else { return }
        let waiting = buffer
        _ = Self.writeAll(waiting.span, to: descriptor)
    }

    /// Makes writing to a closed pipe an error instead of the end of the process.
    ///
    /// For the whole process, and inherited by the programs that it starts.
    package static func ignoreBrokenPipes() {
        signal(SIGPIPE, SIG_IGN)
    }

    /// Writes `bytes`, now or later.
    @discardableResult
    package mutating func write(_ bytes: Span<UInt8>) throws(OutputError) -> State {
        guard state == .open else { return .closed }
        if buffer.count + bytes.count > capacity { try flush() }
        guard state == .open else { return .closed }
        guard bytes.count < capacity else { return try send(bytes) }
        buffer.append(bytes, in: 0..<bytes.count)
        return state
    }

    /// Writes `text`, now or later.
    @discardableResult
    package mutating func write(_ text: String) throws(OutputError) -> State {
        try write(text.utf8.span)
    }

    /// Hands everything that waits to the system.
    @discardableResult
    package mutating func flush() throws(OutputError) -> State {
        guard !buffer.isEmpty else { return state }
        var waiting: [UInt8] = []
        swap(&waiting, &buffer)
        defer {
            waiting.removeAll(keepingCapacity: true)
            swap(&waiting, &buffer)
        }
        return try send(waiting.span)
    }

    private mutating func send(_ bytes: Span<UInt8>) throws(OutputError) -> State {
        switch Self.writeAll(bytes, to: descriptor) {
        case 0: break
        case EPIPE: state = .closed
        case let code: throw OutputError(code: code, descriptor: descriptor)
        }
        return state
    }

    /// Writes all of `bytes`, or gives the error number that stopped it.
    private static func writeAll(_ bytes: Span<UInt8>, to descriptor: Int32) -> Int32 {
        // Each call is given the rest of the buffer and its true length.
        bytes.withUnsafeBytes { all in
            var rest = all[...]
            while !rest.isEmpty {
                let part = UnsafeRawBufferPointer(rebasing: rest)
                let written = Glibc.write(descriptor, part.baseAddress, part.count)
                if written > 0 {
                    rest = rest.dropFirst(written)
                } else if written == 0 {
                    return EIO
                } else if errno == EAGAIN {
                    waitUntilWritable(descriptor)
                } else if errno != EINTR {
                    return errno
                }
            }
            return 0
        }
    }

    private static func waitUntilWritable(_ descriptor: Int32) {
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = poll(&request, 1, -1)
    }
}
