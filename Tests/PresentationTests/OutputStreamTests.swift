import Glibc
import Testing

@testable import Presentation

@Suite(.serialized) struct OutputStreamTests {
    init() { OutputStream.ignoreBrokenPipes() }

    @Test func keepsBytesUntilTheBufferIsFull() throws {
        let pipe = Pipe()
        var stream = OutputStream(descriptor: pipe.writer, capacity: 8)
        #expect(try stream.write("abcde") == .open)
        #expect(pipe.read().isEmpty)
        try stream.write("fgh")
        #expect(pipe.read().isEmpty)
        try stream.write("i")
        #expect(pipe.read() == Array("abcdefgh".utf8))
        try stream.write("0123456789")
        #expect(pipe.read() == Array("i0123456789".utf8))
        try stream.write("z")
        #expect(try stream.flush() == .open)
        #expect(pipe.read() == Array("z".utf8))
        #expect(try stream.flush() == .open)
    }

    @Test func endOfTheStreamWritesWhatWaits() throws {
        let pipe = Pipe()
        func use() throws(OutputError) {
            var stream = OutputStream(descriptor: pipe.writer)
            try stream.write("last words")
        }
        try use()
        #expect(pipe.read() == Array("last words".utf8))
    }

    @Test func aClosedPipeIsNoError() throws {
        let pipe = Pipe()
        pipe.closeReader()
        var stream = OutputStream(descriptor: pipe.writer, capacity: 4)
        #expect(try stream.write("ab") == .open)
        #expect(try stream.flush() == .closed)
        #expect(try stream.write("more than four") == .closed)
        #expect(stream.state == .closed)
    }

    @Test func otherFailuresSayWhy() {
        let full = open("/dev/full", O_WRONLY)
        defer { close(full) }
        var stream = OutputStream(descriptor: full)
        let error = #expect(throws: OutputError.self) {
            try stream.write("x")
            try stream.flush()
        }
        #expect(error?.code == ENOSPC)
        #expect(
            error?.description
                == "cannot write to descriptor \(full): No space left on device; "
                + "free space or write elsewhere")
        let standard = OutputError(code: EBADF, descriptor: 1)
        #expect(standard.description.hasPrefix("cannot write to standard output: "))
    }

    @Test func waitsForADescriptorThatDoesNotBlock() async throws {
        let pipe = Pipe()
        pipe.stopWaiting()
        let descriptor = pipe.writer
        let size = 1 << 20
        async let written: Void = {
            var stream = OutputStream(descriptor: descriptor)
            let bytes = [UInt8](repeating: 0x61, count: size)
            try stream.write(bytes.span)
        }()
        var received = 0
        while received < size {
            received += pipe.read(upTo: 50_000).count
            await Task.yield()
        }
        try await written
        #expect(received == size)
    }
}
