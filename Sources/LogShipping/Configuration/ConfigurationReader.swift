internal import Configuration
internal import LogModel
internal import LogParsing
internal import LogQuery

/// Understands the values of single lines.
struct ConfigurationReader {
    let paths: PathExpansion
    let formats: FormatLibrary
    let now: Int64

    typealias Entry = ConfigurationEntry<ShipperKey>
    typealias Fault = ConfigurationError.Fault

    func text(_ entry: Entry) throws(Fault) -> String { try entry.value.text().text }

    func path(_ entry: Entry) throws(Fault) -> String {
        try paths.path(entry.value.text(), line: entry.line, escaping: false)
    }

    func host(_ entry: Entry) throws(Fault) -> String {
        try paths.variables(in: entry.value.text(), line: entry.line)
    }

    // MARK: Numbers

    func descriptors(_ entry: Entry) throws(Fault) -> Int {
        let word = try entry.value.text()
        guard let count = Int(word.text), (8...1 << 20).contains(count) else {
            throw entry.value.fault(
                "'\(word.shown)' is no number of open files",
                help: "write a whole number from 8 to 1048576")
        }
        return count
    }

    func duration(_ entry: Entry) throws(Fault) -> Int64 {
        let word = try entry.value.text()
        let limits: ClosedRange<Int64> = 100_000_000...86_400_000_000_000
        guard let time = try? TimeExpression.duration(word.text), limits.contains(time) else {
            throw entry.value.fault(
                "'\(word.shown)' is no time between two looks",
                help: "write one from 100ms to 1d, such as 10s or 1m")
        }
        return time
    }

    // MARK: Files

    func files(_ entry: Entry) throws(Fault) -> [String] {
        var globs: [String] = []
        for word in try entry.value.words() {
            try check(word, entry)
            globs.append(try paths.path(word, line: entry.line, escaping: true))
        }
        return globs
    }

    /// As `files`, but a name without a directory stays one: it is meant wherever the file is.
    func except(_ entry: Entry) throws(Fault) -> [String] {
        var globs: [String] = []
        for word in try entry.value.words() {
            try check(word, entry)
            let isName = !word.text.utf8.contains(UInt8(ascii: "/"))
            globs.append(
                isName
                    ? try paths.variables(in: word, line: entry.line, escaping: true)
                    : try paths.path(word, line: entry.line, escaping: true))
        }
        return globs
    }

    private func check(_ word: ConfigurationValue.Word, _ entry: Entry) throws(Fault) {
        if word.text.hasSuffix(","), !word.isQuoted {
            throw Fault(
                line: entry.line, column: word.column + word.text.utf8.count - 1,
                "globs stand between blanks, not between commas",
                help: "take the comma out, or put a name that ends with one in quotes")
        }
        if word.text.hasSuffix("/") {
            throw Fault(
                line: entry.line, column: word.column, "'\(word.shown)' is a directory",
                help: "name the files in it: '\(word.shown)*.log'")
        }
    }

    // MARK: How text is read

    func format(_ entry: Entry) throws(Fault) -> FormatDefinition {
        let word = try entry.value.textOrPattern()
        do throws(FormatChoiceError) {
            return try formats.format(meantBy: word.text)
        } catch {
            switch error {
            case .unknown(_, let help):
                throw entry.value.fault(
                    "unknown format '\(word.shown)'", help: help ?? "'logq formats list' shows all")
            case .pattern(let error):
                let notation = word.text.prefix { $0 != ":" }.utf8.count + 1
                let offset = min(notation + error.offset, word.text.utf8.count)
                throw Fault(
                    line: entry.line, column: word.column + offset, error.problem,
                    help: error.help)
            }
        }
    }

    func zone(_ entry: Entry) throws(Fault) -> Zone {
        try entry.value.shortText(of: entry.key.rawValue).zone(line: entry.line)
    }

    private static let encodings: [String: Encoding] = [
        "utf-8": .utf8, "utf8": .utf8, "gb18030": .gb18030, "gbk": .gb18030, "gb2312": .gb18030,
    ]

    func encoding(_ entry: Entry) throws(Fault) -> Encoding {
        let word = try entry.value.text()
        if let encoding = Self.encodings[word.text.lowercased()] { return encoding }
        let near = NearestName.find(word.text.lowercased(), in: ["utf-8", "gbk", "gb18030"])
        throw entry.value.fault(
            "unknown encoding '\(word.shown)'",
            help: near.map { "did you mean '\($0)'?" } ?? "there are utf-8, gbk and gb18030")
    }

    func start(_ entry: Entry, in zone: Zone) throws(Fault) -> (Start, text: String) {
        let word = try entry.value.shortText(of: entry.key.rawValue)
        switch word.text {
        case "beginning": return (.beginning, word.text)
        case "end": return (.end, word.text)
        default: break
        }
        do throws(TimeExpressionError) {
            let time = try TimeExpression.instant(word.text, now: now, zone: zone)
            return (.time(time), word.text)
        } catch {
            if let near = NearestName.find(word.text.lowercased(), in: ["beginning", "end"]) {
                throw entry.value.fault(
                    "unknown start '\(word.shown)'", help: "did you mean '\(near)'?")
            }
            throw entry.value.fault(error.message + ", or 'beginning' or 'end'")
        }
    }

    /// Compiling takes time with the square of the length, and people write less.
    private static let longestPattern = 4096

    func pattern(_ entry: Entry, _ encoding: Encoding) throws(Fault) -> LinePattern {
        guard entry.value.length <= Self.longestPattern else {
            throw entry.value.fault(
                "the text is longer than \(Self.longestPattern) bytes",
                help: "look for a part of it, or write several lines")
        }
        let test = try entry.value.test()
        do throws(RegexError) {
            switch test {
            case .text(let text): return try LinePattern(containing: text, encoding: encoding)
            case .expression(let text, let ignoresCase):
                return try LinePattern(
                    expression: text, ignoresCase: ignoresCase, encoding: encoding)
            }
        } catch {
            throw entry.value.fault(
                error.problem, at: 1 + error.range.lowerBound, help: error.help)
        }
    }
}
