internal import LogModel

/// A Java stack trace taken apart: the chain of causes and the frames.
struct StackTraceLines {
    struct Cause {
        var type: [UInt8]
        var message: [UInt8]
        var frames: [[UInt8]] = []
    }

    /// From the outermost exception to the root cause.
    private(set) var causes: [Cause] = []
    /// How deep the `Suppressed:` block is indented that is being passed over.
    private var suppressed: Int?
    private var isRootFirst = false

    /// Chains longer than this, and more frames of one cause, are passed over.
    private static let mostCauses = 32
    private static let mostFrames = 1024

    init?(_ trace: UnsafeBufferPointer<UInt8>) {
        guard let base = trace.baseAddress,
            let start = StackTrace.start(base, 0, trace.count),
            let head = StackTrace.head(base, start, trace.count)
        else { return nil }
        append(trace, head)
        var place = head.message.upperBound
        while place < trace.count {
            var end = place
            while end < trace.count, base[end] != 0x0A { end &+= 1 }
            read(trace, place, end)
            place = end &+ 1
        }
        if isRootFirst { causes.reverse() }
    }

    var outermost: Cause? { causes.first }
    var rootCause: Cause? { causes.last }

    /// All frames, those of the root cause first, each cause's from the top.
    var frames: [[UInt8]] { causes.reversed().flatMap(\.frames) }

    private mutating func append(
        _ trace: UnsafeBufferPointer<UInt8>, _ head: (type: Range<Int>, message: Range<Int>)
    ) {
        guard causes.count < StackTraceLines.mostCauses else { return }
        causes.append(
            Cause(type: Array(trace[head.type]), message: Array(trace[head.message])))
    }

    private mutating func read(_ trace: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) {
        guard let base = trace.baseAddress else { return }
        let text = ByteText(UnsafeBufferPointer(start: base, count: end))
        var place = start
        while text[place] == 0x20 || text[place] == 0x09 { place &+= 1 }
        let depth = place &- start
        if let suppressed {
            // The suppressed exception's own `Caused by:` is as deep as it.
            guard depth < suppressed, place < end else { return }
            self.suppressed = nil
        }
        if text.starts("Suppressed: ", at: place) {
            suppressed = depth
        } else if let cause = causeStart(text, place) {
            if let head = StackTrace.head(base, cause, trace.count) { append(trace, head) }
        } else if let frame = StackFrame.name(text, place), !causes.isEmpty,
            causes[causes.count - 1].frames.count < StackTraceLines.mostFrames
        {
            causes[causes.count - 1].frames.append(frame)
        }
    }

    /// Behind `Caused by: `, or `Wrapped by: ` of a trace that begins with its root cause.
    private mutating func causeStart(_ text: ByteText, _ place: Int) -> Int? {
        if text.starts("Caused by: ", at: place) { return place &+ 11 }
        guard text.starts("Wrapped by: ", at: place) else { return nil }
        isRootFirst = true
        return place &+ 12
    }
}

extension ByteText {
    func starts(_ word: StaticString, at start: Int) -> Bool {
        let bytes = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        return bytes.indices.allSatisfy { self[start &+ $0] == bytes[$0] }
    }
}

/// One line `at module/package.Class.method(File.java:1)`.
enum StackFrame {
    /// Class and method without what changes from build to build; nil for other lines and for
    /// generated code. The `at` may be missing.
    static func name(_ text: ByteText, _ start: Int) -> [UInt8]? {
        var place = text.starts("at ", at: start) ? start &+ 3 : start
        var begin = place
        while isNameByte(text[place]) {
            if text[place] == UInt8(ascii: "/") { begin = place &+ 1 }
            place &+= 1
        }
        let name = begin..<place
        guard text[place] == UInt8(ascii: "("), name.count > 2 else { return nil }
        guard !isGenerated(text, start..<place) else { return nil }
        return normalized(text, name)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte != 0x28 && byte != 0x29
    }

    /// `lambda$pay$3` and `Pay$1.run` lose their numbers.
    private static func normalized(_ text: ByteText, _ name: Range<Int>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(name.count)
        var place = name.lowerBound
        while place < name.upperBound {
            bytes.append(text[place])
            place = text[place] == 0x24 ? text.digitsEnd(from: place &+ 1) : place &+ 1
        }
        while bytes.last == 0x24 { bytes.removeLast() }
        return bytes
    }

    private static let generated: [StaticString] = [
        "$$Lambda", "$$EnhancerBy", "$$FastClassBy", "$$SpringCGLIB$$", "$$KeyFactoryBy",
        "$Proxy", "GeneratedMethodAccessor", "GeneratedConstructorAccessor",
        "GeneratedSerializationConstructorAccessor", "$ByteBuddy$", "_$$_javassist",
        "$HibernateProxy", "LambdaForm$",
    ]

    private static func isGenerated(_ text: ByteText, _ range: Range<Int>) -> Bool {
        range.contains { place in
            let byte = text[place]
            guard byte == 0x24 || byte == 0x47 || byte == 0x4C || byte == 0x5F else { return false }
            return generated.contains { text.starts($0, at: place) }
        }
    }
}
