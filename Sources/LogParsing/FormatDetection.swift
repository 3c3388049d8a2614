/// What kind of log a file is, judged by its first lines.
package struct Detection: Sendable {
    /// How one format fares with the lines.
    package struct Candidate: Sendable, Equatable {
        package let name: String
        /// Lines that one of its patterns matches.
        package let matched: Int
        /// Lines that were judged; those that continue an event above them are not.
        package let lookedAt: Int
        /// The pattern that matched most often.
        package let patternIndex: Int
    }

    /// The format to parse with, or nil: the lines are unstructured.
    package let format: FormatDefinition?
    /// The formats that match any line, best first.
    package let candidates: [Candidate]
    /// Why, in words: `198 of 200 lines match nginx-access`.
    package let reason: String
}

extension FormatLibrary {
    /// Finds the format of a file from its first bytes and its name.
    ///
    /// Looks at the first 200 lines of at most 64 KiB and takes a format that matches at least half
    /// of them. Lines that continue an event (stack traces, indented text) count neither way.
    /// Formats that are equally good, within a twentieth, are told apart by the file's name, then
    /// by how far up in its definition the matching pattern stands, then by the library's order.
    /// Compiles all formats: about a millisecond, once.
    package func detect(head: UnsafeBufferPointer<UInt8>, fileName: String) -> Detection {
        let lines = HeadLines(head)
        guard !lines.ranges.isEmpty else {
            return Detection(format: nil, candidates: [], reason: "there is no line to judge yet")
        }
        let baseName = fileName.split(separator: "/").last.map(String.init) ?? ""
        var trials: [Trial] = []
        for name in names {
            guard let format = format(named: name), !format.patterns.isEmpty else { continue }
            let trial = lines.bytes.withUnsafeBufferPointer {
                Trial(of: format, on: lines, head: $0, fileName: baseName)
            }
            if let trial { trials.append(trial) }
        }
        let best = trials.map(\.share).max() ?? 0
        // The sort is stable, so the library's order remains where nothing else decides.
        trials.sort { $0.isBetter(than: $1, closeTo: best) }
        return Detection.verdict(trials, lineCount: lines.ranges.count, fileName: baseName)
    }
}

extension Detection {
    fileprivate static func verdict(
        _ trials: [Trial], lineCount: Int, fileName: String
    ) -> Detection {
        let candidates = trials.map(\.candidate)
        guard let first = trials.first else {
            return Detection(
                format: nil, candidates: [], reason: "none of \(lineCount) lines matches a format")
        }
        let (matched, lookedAt) = (first.candidate.matched, first.candidate.lookedAt)
        guard matched * 2 >= lookedAt else {
            return Detection(
                format: nil, candidates: candidates,
                reason: "no format matches half of the lines; the nearest is "
                    + "\(first.candidate.name) with \(matched) of \(lookedAt)")
        }
        var reason =
            "\(matched) of \(lookedAt) line\(lookedAt == 1 ? "" : "s") match\(matched == 1 ? "es" : "")"
            + " \(first.candidate.name)"
        if first.nameHint > 0 { reason += ", and the name \(fileName) is usual for it" }
        return Detection(format: first.format, candidates: candidates, reason: reason)
    }
}

/// One format tried on the lines.
private struct Trial {
    let format: FormatDefinition
    let candidate: Detection.Candidate
    /// Matched lines as a part of those looked at.
    let share: Double
    /// How closely the file's name fits, 0 for not at all.
    let nameHint: Int

    /// Nil when not one line matches.
    init?(
        of format: FormatDefinition, on lines: HeadLines, head: UnsafeBufferPointer<UInt8>,
        fileName: String
    ) {
        let continues = format.patterns.contains(where: \.mayContinue)
        var hits = [Int](repeating: 0, count: format.patterns.count)
        var matched = 0
        var lookedAt = 0
        for (index, line) in lines.ranges.enumerated() {
            if let hit = format.patterns.firstMatch(of: line, in: head) {
                hits[hit] += 1
                matched += 1
                lookedAt += 1
            } else if !(continues && lines.isContinuation[index]) {
                lookedAt += 1
            }
        }
        guard matched > 0, let most = hits.max(), let usual = hits.firstIndex(of: most) else {
            return nil
        }
        self.format = format
        candidate = Detection.Candidate(
            name: format.name, matched: matched, lookedAt: lookedAt, patternIndex: usual)
        share = Double(matched) / Double(lookedAt)
        nameHint = format.fileNames.map { FileNameGlob.closeness(of: fileName, to: $0) }.max() ?? 0
    }

    func isBetter(than other: Trial, closeTo best: Double) -> Bool {
        let (isClose, otherIsClose) = (share >= best - 0.05, other.share >= best - 0.05)
        guard isClose, otherIsClose else {
            return isClose != otherIsClose ? isClose : share > other.share
        }
        if nameHint != other.nameHint { return nameHint > other.nameHint }
        return candidate.patternIndex < other.candidate.patternIndex
    }
}

/// The lines at the beginning of a file, free of terminal colours.
private struct HeadLines {
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

/// Globs of file names: `*` is any text, `?` any byte, letters in any case.
enum FileNameGlob {
    /// 0 when `name` does not match, else 1 + the glob's bytes that are no wildcards.
    ///
    /// Takes time in proportion to the product of the lengths at worst; never backtracks further
    /// than to the last `*`.
    static func closeness(of name: String, to glob: String) -> Int {
        let name = Array(name.utf8)
        let glob = Array(glob.utf8)
        var position = 0
        var pattern = 0
        var star: (pattern: Int, position: Int)?
        while position < name.count {
            if pattern < glob.count, glob[pattern] == UInt8(ascii: "*") {
                star = (pattern, position)
                pattern += 1
            } else if pattern < glob.count, isSame(name[position], glob[pattern]) {
                pattern += 1
                position += 1
            } else if let last = star {
                star = (last.pattern, last.position + 1)
                pattern = last.pattern + 1
                position = last.position + 1
            } else {
                return 0
            }
        }
        guard glob[pattern...].allSatisfy({ $0 == UInt8(ascii: "*") }) else { return 0 }
        return 1 + glob.count { $0 != UInt8(ascii: "*") && $0 != UInt8(ascii: "?") }
    }

    private static func isSame(_ byte: UInt8, _ glob: UInt8) -> Bool {
        func lowered(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }
        return glob == UInt8(ascii: "?") || lowered(byte) == lowered(glob)
    }
}
