internal import LogModel

/// What makes two exceptions the same fault: their classes, and where in the own code they arose.
///
/// The fingerprint is made of the classes of the chain of causes and the topmost five own frames,
/// those of the root cause first. Frames of the JDK and of known frameworks are not own
/// (`FrameworkCode`). Left out is what changes while the fault stays: line numbers and files,
/// modules and versions, the numbers of lambdas and anonymous classes, frames of generated code
/// (proxies, accessors), `Suppressed:` blocks. A trace without own frames has its topmost three;
/// without any frame the masked message takes their place.
package struct ExceptionFingerprint: Sendable, Equatable {
    /// Eight hexadecimal digits, the same on every machine; it changes with the classes and methods
    /// named above, and when a version of this program knows other frameworks.
    package let id: String
    /// The class of the outermost exception.
    package let type: [UInt8]
    /// The class of the innermost cause; `type` if there is none.
    package let rootCause: [UInt8]
    /// The outermost exception's message, its variables masked; empty if it has none.
    package let message: [UInt8]
    /// The frames that are part of the fingerprint, as `com.example.Pay.charge`.
    package let frames: [[UInt8]]

    static let mostFrames = 5
    static let mostForeignFrames = 3

    /// Reads a stack trace from its head line on; nil if there is no exception's head.
    ///
    /// Cost: one pass. A trace that is cut off is taken as far as it goes.
    package init?(trace: UnsafeBufferPointer<UInt8>) {
        guard let lines = StackTraceLines(trace), let outermost = lines.outermost,
            let root = lines.rootCause
        else { return nil }
        self.init(
            types: lines.causes.map(\.type), outermost: outermost.type, root: root.type,
            message: outermost.message, frames: lines.frames)
    }

    /// An exception of which the log says only class and message.
    package init(type: [UInt8], message: [UInt8]) {
        self.init(types: [type], outermost: type, root: type, message: message, frames: [])
    }

    private init(
        types: [[UInt8]], outermost: [UInt8], root: [UInt8], message: [UInt8], frames: [[UInt8]]
    ) {
        let own = frames.filter { !FrameworkCode.contains($0) }
        self.frames = Array(
            own.isEmpty
                ? frames.prefix(ExceptionFingerprint.mostForeignFrames)
                : own.prefix(ExceptionFingerprint.mostFrames))
        type = outermost
        rootCause = root
        self.message = message.withUnsafeBufferPointer { Template.masked($0) }
        let parts = types + [[]] + (frames.isEmpty ? [self.message] : self.frames)
        id = PatternHash.identifier(Array(parts.joined(separator: [0x0A])))
    }
}
