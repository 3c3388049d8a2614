internal import LogModel
package import LogQuery
internal import Synchronization

/// A test of an event's text, as `include` and `exclude` have it: a text that occurs in it, or a
/// regular expression that matches.
///
/// Equal patterns are written alike and read in the same encoding.
package struct LinePattern: Sendable, Equatable, CustomStringConvertible {
    /// The text, or the expression between its slashes.
    package let text: String
    package let isExpression: Bool
    private let encoding: Encoding
    private let ignoresCase: Bool
    private let engine: Engine

    /// The matcher keeps what it learns, so it has a lock; nobody else waits for it as a rule.
    private final class Engine: Sendable {
        /// Unchecked, because the matcher is reached only through the `Mutex` around it.
        private struct Guarded: @unchecked Sendable { let matcher: RegexMatcher }

        private let guarded: Mutex<Guarded>

        init(_ regex: LogRegex) { guarded = Mutex(Guarded(matcher: regex.makeMatcher())) }

        func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
            guarded.withLock { $0.matcher.matches(text) }
        }
    }

    /// A text that is looked for byte for byte, in the case in which it stands.
    package init(containing text: String, encoding: Encoding) throws(RegexError) {
        try self.init(text, Self.quoted(text), false, false, encoding)
    }

    /// An expression as `LogRegex` reads it.
    package init(
        expression: String, ignoresCase: Bool = false, encoding: Encoding
    ) throws(RegexError) {
        try self.init(expression, expression, true, ignoresCase, encoding)
    }

    private init(
        _ text: String, _ expression: String, _ isExpression: Bool, _ ignoresCase: Bool,
        _ encoding: Encoding
    ) throws(RegexError) {
        self.text = text
        self.isExpression = isExpression
        self.encoding = encoding
        self.ignoresCase = ignoresCase
        engine = Engine(try LogRegex(expression, caseInsensitive: ignoresCase))
    }

    /// The expression that matches `text` and nothing else.
    private static func quoted(_ text: String) -> String {
        var quoted = ""
        for scalar in text.unicodeScalars {
            if "\\.+*?()|[]{}^$".unicodeScalars.contains(scalar) { quoted += "\\" }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted
    }

    /// Whether the event passes the test: linear in its length, and without allocation for text that
    /// is ASCII or, unless GB18030 was declared, UTF-8.
    ///
    /// Other text is decoded from GB18030 first, a few microseconds an event; what is not valid as
    /// that either is matched as it is.
    package func matches(_ event: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let decoded = decoded(event) else { return engine.matches(event) }
        return decoded.withUnsafeBufferPointer { engine.matches($0) }
    }

    private func decoded(_ event: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        switch encoding {
        case .utf8: UTF8Bytes.isValid(event) ? nil : GB18030.decode(event)
        case .gb18030: event.contains { $0 >= 0x80 } ? GB18030.decode(event) : nil
        }
    }

    /// As it can be written: `'text'`, `/expression/`, `/expression/i`.
    package var description: String {
        isExpression ? "/\(text)/" + (ignoresCase ? "i" : "") : "'\(text)'"
    }

    package static func == (left: LinePattern, right: LinePattern) -> Bool {
        left.text == right.text && left.isExpression == right.isExpression
            && left.ignoresCase == right.ignoresCase && left.encoding == right.encoding
    }
}
