internal import LogModel

/// Texts as lines of a form, and lines of a form as texts, without loss.
///
/// Ordinary Markdown stands as it is. A backslash stands before the start of a line that the form would take for its
/// own (`\## Title`, `\<!--`, `\- item` within an item, a fence that nothing closes), and one alone is
/// an empty line at either end. What editors hide or change is written as `\u{200f}`: control characters,
/// carriage returns, blanks at the end of a line. Within a closed fence of backticks only the latter is done.
enum FormText {
    /// Where lines stand, which decides what the form would take for its own.
    enum Place {
        /// Below a heading.
        case section
        /// Behind `- `, and indented below.
        case item
    }

    static let backslash = UInt8(ascii: "\\")
    private static let commentStart = Array("<!--".utf8)
    private static let fence = [UInt8](repeating: UInt8(ascii: "`"), count: 3)

    // MARK: Writing

    static func lines(of text: String, in place: Place) -> [[UInt8]] {
        if text.isEmpty { return place == .section ? [] : [[backslash]] }
        let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated().map { index, line in
                // A bullet would be one of the form's behind blanks too.
                encoded(
                    line,
                    hidesFirstBlank: place == .item
                        && (index == 0 || isBullet(Array(String(line).utf8)[...])))
            }
        return guarded(lines, in: place)
    }

    /// A text that the form has on one line, whatever is in it.
    static func line(of text: String, in place: Place) -> [UInt8] {
        let line = encoded(text.unicodeScalars, hidesFirstBlank: true)
        return text.isEmpty && place == .section ? [] : guarded([line], in: place)[0]
    }

    /// A text behind the name of a detail.
    static func value(of text: String) -> [UInt8] {
        encoded(text.unicodeScalars, hidesFirstBlank: true)
    }

    private static func guarded(_ lines: [[UInt8]], in place: Place) -> [[UInt8]] {
        let ends = longestEnds(lines)
        var result = lines
        var index = 0
        while index < lines.count {
            if let end = closedFence(at: index, lines, place, ends) {
                index = end + 1
                continue
            }
            if needsGuard(lines, at: index, place) { result[index].insert(backslash, at: 0) }
            index += 1
        }
        return result
    }

    /// For each line, how many backticks the longest end of a block of code has from there on.
    private static func longestEnds(_ lines: [[UInt8]]) -> [Int] {
        var ends = [Int](repeating: 0, count: lines.count + 1)
        for index in lines.indices.reversed() {
            ends[index] = max(ends[index + 1], endLength(lines[index][...]) ?? 0)
        }
        return ends
    }

    /// The line that closes the fence which opens at `index`, if one does.
    private static func closedFence(
        at index: Int, _ lines: [[UInt8]], _ place: Place, _ ends: [Int]
    ) -> Int? {
        guard place == .section || index > 0, let length = fenceLength(lines[index][...]),
            ends[index + 1] >= length
        else { return nil }
        return (index + 1..<lines.count).first { closes(lines[$0][...], length) }
    }

    private static func needsGuard(_ lines: [[UInt8]], at index: Int, _ place: Place) -> Bool {
        let line = lines[index][...]
        let rest = line.drop { $0 == backslash }
        if rest.count < line.count { return rest.isEmpty || isMarked(rest, place) }
        if line.isEmpty { return index == 0 || index == lines.count - 1 }
        switch place {
        case .section:
            return FormHeading(line) != nil || line.starts(with: commentStart)
                || fenceLength(line) != nil
        case .item where index == 0: return FormTime.prefix(of: line) != nil
        case .item: return fenceLength(line) != nil || isBullet(line)
        }
    }

    /// Whether a backslash before `rest` is the form's and not the text's.
    private static func isMarked(_ rest: ArraySlice<UInt8>, _ place: Place) -> Bool {
        guard let first = rest.first else { return true }
        if first == UInt8(ascii: "#") || rest.starts(with: commentStart)
            || rest.starts(with: fence)
        {
            return true
        }
        return place == .item && ("-*".utf8.contains(first) || (0x30...0x39).contains(first))
    }

    // MARK: Reading

    /// The text of lines without blank ones at both ends; `literal` ones stand within a fence.
    static func text(
        of lines: [(bytes: ArraySlice<UInt8>, isLiteral: Bool)], in place: Place
    ) -> String {
        func isBlank(_ line: (bytes: ArraySlice<UInt8>, isLiteral: Bool)) -> Bool {
            line.bytes.trimmingBlanks.isEmpty
        }
        guard let first = lines.firstIndex(where: { !isBlank($0) }),
            let last = lines.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return lines[first...last].map { line in
            decoded(line.isLiteral ? line.bytes : unguarded(line.bytes, in: place))
        }.joined(separator: "\n")
    }

    static func text(ofLine line: ArraySlice<UInt8>, in place: Place) -> String {
        decoded(unguarded(line.trimmingBlanks, in: place))
    }

    static func text(ofValue value: ArraySlice<UInt8>) -> String { decoded(value.trimmingBlanks) }

    private static func unguarded(
        _ line: ArraySlice<UInt8>, in place: Place
    ) -> ArraySlice<UInt8> {
        let rest = line.drop { $0 == backslash }
        return rest.count < line.count && isMarked(rest, place) ? line.dropFirst() : line
    }

    // MARK: Marks

    static func isComment(_ line: ArraySlice<UInt8>) -> Bool { line.starts(with: commentStart) }

    /// Whether the line, as it stands or indented, would begin an item below the item.
    static func isBullet(_ line: ArraySlice<UInt8>) -> Bool {
        let trimmed = line.trimmingBlanks
        guard let first = trimmed.first, "-*".utf8.contains(first) else { return false }
        return trimmed.count == 1 || [0x20, 0x09].contains(trimmed[trimmed.startIndex + 1])
    }

    /// How many backticks begin a block of code here; nil where none begins.
    static func fenceLength(_ line: ArraySlice<UInt8>) -> Int? {
        let rest = line.drop { $0 == UInt8(ascii: "`") }
        let length = line.count - rest.count
        return length < 3 || rest.contains(UInt8(ascii: "`")) ? nil : length
    }

    /// Whether a block of code that so many backticks began ends here.
    static func closes(_ line: ArraySlice<UInt8>, _ length: Int) -> Bool {
        endLength(line).map { $0 >= length } ?? false
    }

    /// How many backticks are all that a line has, blanks aside; nil for other lines.
    private static func endLength(_ line: ArraySlice<UInt8>) -> Int? {
        let rest = line.drop { $0 == UInt8(ascii: "`") }
        let length = line.count - rest.count
        return length >= 3 && rest.trimmingBlanks.isEmpty ? length : nil
    }
}
