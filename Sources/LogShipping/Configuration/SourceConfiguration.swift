package import LogModel
package import LogParsing

/// What the bytes of a log are text in.
package enum Encoding: String, Sendable {
    /// UTF-8, and GB18030 where a text is not valid as that.
    case utf8 = "utf-8"
    /// GB18030, of which GBK and GB2312 are parts, for all of the text.
    case gb18030 = "gb18030"
}

/// From where a file is read that the store does not know yet.
package enum Start: Sendable, Equatable {
    case beginning
    /// What is there at the first look is left out.
    case end
    /// Events before that moment, in nanoseconds since 1970 UTC, are left out.
    case time(Int64)
}

/// A source: files of one kind, and what their events get.
package struct SourceConfiguration: Sendable {
    package var name: String
    /// The line of the configuration in which it begins.
    package var line: Int
    /// Absolute globs, with variables and `~` expanded; each has at least one directory.
    package var files: [String]
    /// Globs of files that are left out: absolute, or of a name wherever it is.
    package var exceptFiles: [String] = []
    package var host: String
    /// Nil: from the format, or the file's own name.
    package var service: String?
    package var environment = ""
    /// Nil: found out from the content.
    package var format: FormatDefinition?
    /// The zone of times that name none.
    package var zone: Zone
    package var encoding = Encoding.utf8
    /// Where there are any, only events that match one of them are stored.
    package var include: [LinePattern] = []
    /// Events that match one of them are not stored.
    package var exclude: [LinePattern] = []
    package var start = Start.beginning
    /// The start as it was written: `2h` is another moment at each reading.
    package var startText = "beginning"

    package init(name: String, line: Int = 0, files: [String], host: String, zone: Zone) {
        self.name = name
        self.line = line
        self.files = files
        self.host = host
        self.zone = zone
    }
}

extension SourceConfiguration {
    /// Whether an event is to be stored, by its original bytes.
    package func admits(_ event: UnsafeBufferPointer<UInt8>) -> Bool {
        if !include.isEmpty, !include.contains(where: { $0.matches(event) }) { return false }
        return !exclude.contains { $0.matches(event) }
    }
}

extension SourceConfiguration: Equatable {
    /// Whether both read the same files in the same way, wherever in a configuration they stand.
    ///
    /// A start is the same when it is written alike, a format when its patterns are the same.
    package static func == (left: SourceConfiguration, right: SourceConfiguration) -> Bool {
        left.name == right.name && left.files == right.files
            && left.exceptFiles == right.exceptFiles && left.host == right.host
            && left.service == right.service && left.environment == right.environment
            && isSame(left.format, right.format) && left.zone == right.zone
            && left.encoding == right.encoding && left.include == right.include
            && left.exclude == right.exclude && left.startText == right.startText
    }

    private static func isSame(_ left: FormatDefinition?, _ right: FormatDefinition?) -> Bool {
        guard let left, let right else { return left == nil && right == nil }
        return left.name == right.name && left.service == right.service
            && left.patterns.map(\.notation) == right.patterns.map(\.notation)
            && left.patterns.map(\.text) == right.patterns.map(\.text)
    }
}
