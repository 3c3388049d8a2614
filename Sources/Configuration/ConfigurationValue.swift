internal import LogModel

/// What stands behind a key, with its place; read as a text, as words, or as a test.
///
/// A `#` behind a blank begins a comment. In quotes (`"…"`, `'…'`), within `/…/` and in pasted
/// patterns it is part of the value; quotes are the way to write blanks in the name of a file.
package struct ConfigurationValue {
    /// A piece of a value and the column in which it begins.
    package struct Word: Equatable {
        package let text: String
        package let column: Int
        package var isQuoted = false

        package init(text: String, column: Int, isQuoted: Bool = false) {
            self.text = text
            self.column = column
            self.isQuoted = isQuoted
        }

        /// The text for messages.
        package var shown: String { ConfigurationValue.shortened(text) }
    }

    package let line: Int
    package let column: Int
    private let bytes: [UInt8]

    /// In bytes, with quotes and comment.
    package var length: Int { bytes.count }

    package typealias Fault = ConfigurationError.Fault

    private static let hash = UInt8(ascii: "#")
    private static let slash = UInt8(ascii: "/")
    private static let backslash = UInt8(ascii: "\\")

    /// Takes the bytes between the blanks at both ends of a line's value.
    init(_ bytes: ArraySlice<UInt8>, line: Int, column: Int) throws(Fault) {
        self.line = line
        self.column = column
        self.bytes = Array(bytes)
        guard self.bytes.withUnsafeBufferPointer({ UTF8Bytes.isValid($0) }) else {
            throw fault("the value is not valid UTF-8", help: "save the file as UTF-8")
        }
        if let control = self.bytes.firstIndex(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) {
            throw fault("the value holds a control character", at: control, help: "take it out")
        }
    }

    /// Where a comment begins that is not in quotes: the first `#` behind a blank.
    private var comment: Int? {
        bytes.indices.first { index in
            bytes[index] == Self.hash && (index == 0 || Self.isBlank(bytes[index - 1]))
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    private static func string(_ bytes: some Sequence<UInt8>) -> String {
        String(decoding: Array(bytes), as: UTF8.self)
    }

    package func fault(_ problem: String, at offset: Int = 0, help: String? = nil) -> Fault {
        Fault(line: line, column: column + offset, problem, help: help)
    }

    // MARK: Ways to read it

    /// The whole as one text: without its quotes, or up to the comment.
    package func text() throws(Fault) -> Word {
        if let quoted = try quoted(at: 0) {
            try nothingFollows(quoted.end)
            return quoted.word
        }
        let end = comment ?? bytes.count
        let text = Self.string(bytes[..<end].trimmingBlanks)
        guard !text.isEmpty else {
            throw fault("the value is only a comment", help: "write the value before the '#'")
        }
        return Word(text: text, column: column)
    }

    /// As `text`, but all of it is the value where its first word holds a colon: a pasted pattern.
    package func textOrPattern() throws(Fault) -> Word {
        let first = bytes.prefix { !Self.isBlank($0) }
        guard !isQuote(at: 0), first.contains(UInt8(ascii: ":")) else { return try text() }
        return Word(text: Self.string(bytes), column: column)
    }

    /// All of it, with its quotes, and a `#` as it stands: a query.
    package func whole() -> Word { Word(text: Self.string(bytes), column: column) }

    /// The words between blanks; what is quoted is one word.
    package func words() throws(Fault) -> [Word] {
        var words: [Word] = []
        var index = 0
        while true {
            while index < bytes.count, Self.isBlank(bytes[index]) { index += 1 }
            guard index < bytes.count, bytes[index] != Self.hash else { break }
            if let quoted = try quoted(at: index) {
                words.append(quoted.word)
                index = quoted.end
                guard index == bytes.count || Self.isBlank(bytes[index]) else {
                    throw fault(
                        "text behind the closing quote", at: index,
                        help: "put the whole name in quotes")
                }
                continue
            }
            let end = bytes[index...].firstIndex(where: Self.isBlank) ?? bytes.count
            words.append(Word(text: Self.string(bytes[index..<end]), column: column + index))
            index = end
        }
        guard !words.isEmpty else {
            throw fault("the value is only a comment", help: "write the value before the '#'")
        }
        return words
    }

    /// A test of lines: `/expression/`, `/expression/i`, or a text in quotes or without.
    package enum Test: Equatable {
        case text(String)
        case expression(String, ignoresCase: Bool)
    }

    /// As in queries, a text that begins with a slash and does not end with one is a path.
    package func test() throws(Fault) -> Test {
        if let quoted = try quoted(at: 0) {
            try nothingFollows(quoted.end)
            return .text(quoted.word.text)
        }
        if let expression = try expression() { return expression }
        guard let comment else { return .text(Self.string(bytes)) }
        // Half of a text would leave out more lines than were meant.
        throw fault(
            "the '#' may be text, or begin a comment", at: comment,
            help: "put the text in quotes, or the comment on a line of its own")
    }

    private func expression() throws(Fault) -> Test? {
        guard bytes.first == Self.slash, bytes.count > 1, !Self.isBlank(bytes[1]) else {
            return nil
        }
        var index = 1
        while index < bytes.count, bytes[index] != Self.slash {
            index += bytes[index] == Self.backslash ? 2 : 1
        }
        guard index < bytes.count, index > 1 else { return nil }
        let ignoresCase = index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "i")
        let end = index + (ignoresCase ? 2 : 1)
        if end == bytes.count || Self.isBlank(bytes[end]) {
            try nothingFollows(end)
            return .expression(Self.string(bytes[1..<index]), ignoresCase: ignoresCase)
        }
        guard bytes.last == Self.slash || bytes.suffix(2) == [Self.slash, UInt8(ascii: "i")] else {
            return nil
        }
        throw fault(
            "an expression ends at its second slash, and more follows", at: index,
            help: "write '\\/' for a slash within it, or put a plain text in quotes")
    }

    // MARK: Quotes

    private func isQuote(at index: Int) -> Bool {
        index < bytes.count
            && (bytes[index] == UInt8(ascii: "\"") || bytes[index] == UInt8(ascii: "'"))
    }

    private func quoted(at index: Int) throws(Fault) -> (word: Word, end: Int)? {
        guard isQuote(at: index) else { return nil }
        guard let close = bytes[(index + 1)...].firstIndex(of: bytes[index]) else {
            throw fault("the quote is not closed", at: index, help: "close it behind the text")
        }
        guard close > index + 1 else {
            throw fault("there is nothing in the quotes", at: index)
        }
        let text = Self.string(bytes[(index + 1)..<close])
        return (Word(text: text, column: column + index + 1, isQuoted: true), close + 1)
    }

    private func nothingFollows(_ index: Int) throws(Fault) {
        let rest = bytes[index...]
        guard let next = rest.firstIndex(where: { !Self.isBlank($0) }) else { return }
        if next > index, bytes[next] == Self.hash { return }
        throw fault(
            "text behind the value's end", at: next,
            help: "put all of it in quotes, or a '#' before a comment")
    }

    /// At most 60 characters of what was written, for messages.
    package static func shortened(_ text: String) -> String {
        let start = text.unicodeScalars.prefix(61)
        guard start.count > 60 else { return text }
        return String(String.UnicodeScalarView(start.prefix(60))) + "…"
    }
}
