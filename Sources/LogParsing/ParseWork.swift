internal import Glibc
internal import LogModel

/// What one call of `parse` works with; its pointers live as long as the call.
struct ParseWork {
    let base: UnsafePointer<UInt8>
    let count: Int
    let offset: Int64
    let isFinal: Bool
    /// Where the chunk's first byte will stand in the batch.
    let origin: Int
    private let spans: UnsafeMutableBufferPointer<TextRange>
    private let spanCount: Int
    private var usesSecond = false

    /// The event that may go on.
    var open = OpenEvent()
    /// The head that was matched last.
    var candidate = HeadMatch()
    /// The first escape character at or after the place where it was last looked for.
    private var nextEscape = -1
    /// A line without escape sequences, for matching.
    var line: [UInt8] = []
    /// The cleaned events of this call; the batch gets them behind the chunk.
    var cleaned: [UInt8] = []
    /// The captures that lie in `cleaned`.
    private var cleanedCaptures: [Range<Int>] = []

    init(
        base: UnsafePointer<UInt8>, count: Int, offset: Int64, isFinal: Bool, origin: Int,
        spans: UnsafeMutableBufferPointer<TextRange>, spanCount: Int
    ) {
        self.base = base
        self.count = count
        self.offset = offset
        self.isFinal = isFinal
        self.origin = origin
        self.spans = spans
        self.spanCount = spanCount
    }

    /// The ranges of the head that is being matched.
    var candidateSpans: UnsafeMutablePointer<TextRange>? {
        spans.baseAddress.map { $0 + (usesSecond ? spanCount : 0) }
    }

    /// The ranges of the open event's head.
    var openSpans: UnsafeMutablePointer<TextRange>? {
        spans.baseAddress.map { $0 + (usesSecond ? 0 : spanCount) }
    }

    /// Makes the candidate's ranges the open event's.
    mutating func acceptCandidate() { usesSecond.toggle() }

    /// Whether an escape character stands in `start..<end`; `start` must not fall.
    @inline(__always)
    mutating func hasEscape(_ start: Int, _ end: Int) -> Bool {
        if nextEscape < start { nextEscape = findEscape(from: start) }
        return nextEscape < end
    }

    private func findEscape(from start: Int) -> Int {
        guard start < count, let hit = memchr(base + start, 0x1B, count &- start) else {
            return count
        }
        return UnsafeRawPointer(hit) - UnsafeRawPointer(base)
    }

    mutating func noteCleaned(_ captures: Range<Int>) { cleanedCaptures.append(captures) }

    /// Appends the cleaned copies and moves their captures to where they now are.
    func appendCleaned(to batch: inout EventBatch) {
        guard !cleanedCaptures.isEmpty else { return }
        let shift = UInt32(truncatingIfNeeded: batch.bytes.count)
        batch.bytes.append(contentsOf: cleaned)
        for captures in cleanedCaptures {
            for index in captures {
                batch.captures[index].start &+= shift
                batch.captures[index].end &+= shift
            }
        }
    }
}

/// An event whose end has not been seen yet.
struct OpenEvent {
    var isOpen = false
    var start = 0
    /// The end of its text, and where the next line begins.
    var textEnd = 0
    var next = 0
    /// The program that its head fits, or -1.
    var program = -1
    var head = HeadMatch()
    /// Whether lines that nothing claims belong to it.
    var isContinuable = false
    /// Whether it holds what must be cleaned away before it fits.
    var needsCleaning = false
    var isPartial = false
    /// Whether it began in the middle of a line.
    var startedMidLine = false
    /// An unparsed event that is a stack trace.
    var isTrace = false
    var hasFrames = false
    /// Its last line says that an exception follows.
    var announces = false
}
