/// The lines at the beginning of a file, free of terminal colours.
struct HeadLines {
    let bytes: [UInt8]
    /// Where the lines are, without their terminators; blank ones are left out.
    private(set) var ranges: [Range<Int>] = []
    /// For each line whether it looks like the continuation of an event.
    private(set) var isContinuation: [Bool] = []

    private static let maximumBytes = 1 << 16
    private static let maximumLines = 200

    init(_ head: UnsafeBufferPointer<UInt8>) {
        let isCut = head.count > HeadLines.maximumBytes
        bytes = HeadLines.cleaned(head.prefix(HeadLines.maximumBytes))
        var position = 0
        while position < bytes.count, ranges.count < HeadLines.maximumLines {
            let newline = bytes[position...].firstIndex(of: 0x0A)
            // A line that is cut off says little, unless it is the only one.
            if newline == nil, isCut, !ranges.isEmpty { break }
            add(position..<(newline ?? bytes.count))
            position = (newline ?? bytes.count) + 1
        }
    }

    private mutating func add(_ range: Range<Int>) {
        var range = range
        if let last = range.last, bytes[last] == 0x0D { range = range.lowerBound..<last }
        guard bytes[range].contains(where: { $0 != 0x20 && $0 != 0x09 }) else { return }
        ranges.append(range)
        isContinuation.append(ContinuationShape.fits(bytes[range]))
    }

    /// Without a byte-order mark, the NULs that truncation of an open file leaves, and colours.
    private static func cleaned(_ head: Slice<UnsafeBufferPointer<UInt8>>) -> [UInt8] {
        var rest = head
        if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
        rest = rest.drop { $0 == 0 }
        guard rest.contains(0x1B) else { return Array(rest) }
        var bytes: [UInt8] = []
        while let byte = rest.popFirst() {
            guard byte == 0x1B, rest.first == UInt8(ascii: "[") else {
                bytes.append(byte)
                continue
            }
            // Parameters and intermediates (0x20–0x3F) up to the final byte, as ECMA-48 has it.
            rest = rest.dropFirst().drop { (0x20...0x3F).contains($0) }.dropFirst()
        }
        return bytes
    }
}

/// Lines that are no event of their own in any Java log.
private enum ContinuationShape {
    private static let beginnings: [StaticString] = [
        "Caused by: ", "Suppressed: ", "at ", "... ", "}", "]", ")", "{",
        // The second line of an event of java.util.logging.
        "INFO: ", "WARNING: ", "SEVERE: ", "CONFIG: ", "FINE: ", "FINER: ", "FINEST: ",
    ]

    static func fits(_ line: ArraySlice<UInt8>) -> Bool {
        guard let first = line.first else { return true }
        if first == 0x20 || first == 0x09 { return true }
        return beginnings.contains { begins(line, with: $0) } || isExceptionHead(line)
    }

    private static func begins(_ line: ArraySlice<UInt8>, with text: StaticString) -> Bool {
        text.withUTF8Buffer { line.starts(with: $0) }
    }

    /// `java.lang.IllegalStateException: text` or `com.example.Failure`.
    private static func isExceptionHead(_ line: ArraySlice<UInt8>) -> Bool {
        let name = line.prefix { $0 != UInt8(ascii: ":") }
        var hasDot = false
        var isStartOfWord = true
        for byte in name {
            let isLetter = (0x41...0x5A).contains(byte & 0xDF)
            let isOther = (0x30...0x39).contains(byte) || byte == 0x24 || byte == 0x5F
            if byte == UInt8(ascii: "."), !isStartOfWord {
                hasDot = true
                isStartOfWord = true
            } else if isLetter || (isOther && !isStartOfWord) {
                isStartOfWord = false
            } else {
                return false
            }
        }
        return hasDot && !isStartOfWord
    }
}
