internal import LogModel

/// Reads the notation of `.format` files; see `FormatDefinition` for what it looks like.
struct FormatDefinitionParser {
    private let file: String
    private var line = 0

    private var values: [String: String] = [:]
    private var fileNames: [String] = []
    private var patterns: [PendingPattern] = []
    private var isUnstructured = false

    private var samples: [FormatDefinition.Sample] = []
    private var events: [FormatDefinition.Sample.Event]?
    private var text: [UInt8]?
    private var textLine = 0

    /// A pattern's text as it was written, before the format's name is known.
    private struct PendingPattern {
        let notation: Notation
        var text: String
        let line: Int
        let column: Int
        var isContinued = false
    }

    private static let notations: [String: Notation] = [
        "nginx": .nginx, "tomcat": .tomcat, "logback": .logback, "log4j2": .log4j2,
        "nginx-error": .nginxError,
    ]
    private static let notationList =
        notations.keys.sorted().map { "'\($0):'" }.joined(separator: ", ")
    private static let keys =
        ["format", "title", "service", "files", "sample", "unstructured"] + notations.keys.sorted()

    init(file: String) { self.file = file }

    mutating func parse(_ bytes: [UInt8]) throws(FormatError) -> FormatDefinition {
        var rest = bytes[...]
        if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
        while !rest.isEmpty {
            line += 1
            let end = rest.firstIndex(of: 0x0A) ?? rest.endIndex
            var content = rest[rest.startIndex..<end]
            if content.last == 0x0D { content = content.dropLast() }
            rest = rest[min(end + 1, rest.endIndex)...]
            try read(content)
        }
        try closeSample()
        return try definition()
    }

    private mutating func read(_ content: ArraySlice<UInt8>) throws(FormatError) {
        switch content.first {
        case nil, UInt8(ascii: "#"): return
        case UInt8(ascii: ">"): try readSampleLine(content)
        case UInt8(ascii: "="): try readExpectation(content)
        case UInt8(ascii: " "), UInt8(ascii: "\t"): try readContinuation(content)
        default: try readKey(content)
        }
    }

    // MARK: keys

    private mutating func readKey(_ content: ArraySlice<UInt8>) throws(FormatError) {
        try closeSample()
        guard let colon = content.firstIndex(of: UInt8(ascii: ":")) else {
            throw error(
                "expected 'key: value'",
                help: "comments begin with '#', lines of a sample with '>'")
        }
        let key = try string(content[..<colon].trimmingBlanks)
        let trimmed = content[(colon + 1)...].trimmingBlanks
        let value = try string(trimmed)
        if let notation = Self.notations[key] {
            let column = trimmed.startIndex - content.startIndex + 1
            patterns.append(
                PendingPattern(notation: notation, text: value, line: line, column: column))
            return
        }
        switch key {
        case "sample": events = []
        case "unstructured": isUnstructured = true
        case "files":
            try requireValue(value, of: key)
            fileNames += value.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
        case "format", "title", "service":
            try requireValue(value, of: key)
            guard values.updateValue(value, forKey: key) == nil else {
                throw error("a second '\(key)' line", help: "keep one of them")
            }
            if key == "format" { try checkName(value) }
        default:
            throw error(
                "unknown key '\(key)'",
                help: Spelling.hint(for: key, among: Self.keys)
                    ?? "the keys are \(Self.keys.joined(separator: ", "))")
        }
    }

    /// A line that begins with a blank belongs to the pattern above it.
    private mutating func readContinuation(_ content: ArraySlice<UInt8>) throws(FormatError) {
        let trimmed = content.trimmingBlanks
        if trimmed.isEmpty { return }
        guard let last = patterns.indices.last, events == nil else {
            throw error(
                "an indented line that continues nothing",
                help: "only patterns go over several lines; keys begin in the first column")
        }
        patterns[last].text += (patterns[last].text.isEmpty ? "" : "\n") + (try string(trimmed))
        patterns[last].isContinued = true
    }

    private func requireValue(_ value: String, of key: String) throws(FormatError) {
        guard value.isEmpty else { return }
        throw error("'\(key)' has no value", help: "write it behind the colon")
    }

    private func checkName(_ name: String) throws(FormatError) {
        let allowed = name.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".")
        }
        guard !allowed else { return }
        throw error(
            "the format's name may not be '\(name)'", help: "use letters, digits, '-', '_' and '.'")
    }

    // MARK: samples

    private mutating func readSampleLine(_ content: ArraySlice<UInt8>) throws(FormatError) {
        guard events != nil else {
            throw error("a '>' line outside of a sample", help: "write 'sample:' above it")
        }
        let bytes = content.dropFirst(content.dropFirst().first == UInt8(ascii: " ") ? 2 : 1)
        if text == nil {
            text = Array(bytes)
            textLine = line
        } else {
            text?.append(0x0A)
            text?.append(contentsOf: bytes)
        }
    }

    private mutating func readExpectation(_ content: ArraySlice<UInt8>) throws(FormatError) {
        guard let text else {
            throw error(
                "a '=' line without an event", help: "write the event's lines above it, after '>'")
        }
        events?.append(
            FormatDefinition.Sample.Event(
                line: textLine, text: text, expected: Array(content.dropFirst().trimmingBlanks),
                expectedLine: line))
        self.text = nil
    }

    private mutating func closeSample() throws(FormatError) {
        guard let events else { return }
        guard text == nil, !events.isEmpty else {
            throw FormatError(
                file: file, line: text == nil ? line : textLine,
                problem: text == nil ? "a sample without lines" : "a sample without a '=' line",
                help: "write the log's lines after '>' and close each event with '= {…}'")
        }
        samples.append(FormatDefinition.Sample(events: events))
        self.events = nil
    }

    // MARK: the whole

    private func definition() throws(FormatError) -> FormatDefinition {
        guard let name = values["format"] else {
            throw FormatError(
                file: file, problem: "no 'format' line", help: "name the format: 'format: my-app'")
        }
        guard !patterns.isEmpty || isUnstructured else {
            throw FormatError(
                file: file, problem: "no pattern",
                help: "paste one behind \(Self.notationList)")
        }
        guard patterns.isEmpty || !isUnstructured else {
            throw FormatError(
                file: file, problem: "both patterns and 'unstructured'", help: "keep one of them")
        }
        var compiled: [Pattern] = []
        for pattern in patterns { compiled.append(try compile(pattern, format: name)) }
        return FormatDefinition(
            name: name, title: values["title"] ?? name, service: values["service"],
            fileNames: fileNames, patterns: compiled, samples: samples, file: file)
    }

    private func compile(_ pattern: PendingPattern, format: String) throws(FormatError) -> Pattern {
        let text = PastedPattern.text(of: pattern.text, in: pattern.notation)
        do throws(PatternError) {
            return try Pattern(pattern.notation, text, format: format)
        } catch {
            // Offsets lead back to the file only where the text stands there as it is.
            let isVerbatim = !pattern.isContinued && text == pattern.text
            throw FormatError(
                file: file, line: pattern.line,
                column: isVerbatim ? pattern.column + error.offset : 0,
                problem: isVerbatim
                    ? error.problem : "\(error.problem), at byte \(error.offset + 1) of '\(text)'",
                help: error.help)
        }
    }

    private func string(_ bytes: ArraySlice<UInt8>) throws(FormatError) -> String {
        guard let string = String(validating: bytes, as: UTF8.self) else {
            throw error("the line is not valid UTF-8", help: "save the file as UTF-8")
        }
        return string
    }

    private func error(_ problem: String, help: String? = nil) -> FormatError {
        FormatError(file: file, line: line, problem: problem, help: help)
    }
}
