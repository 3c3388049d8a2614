internal import Configuration
internal import LogModel

/// Understands the values of a policy's lines.
enum PolicyValues {
    typealias Entry = ConfigurationEntry<PolicyKey>
    typealias Fault = ConfigurationError.Fault
    typealias Word = ConfigurationValue.Word

    // MARK: Ages

    private static let ageHelp =
        "write whole days or weeks, such as '30d' or '4w', or 'forever'"
    private static let daysOfUnits = [
        "d": 1, "day": 1, "days": 1, "w": 7, "week": 7, "weeks": 7,
    ]

    static func age(_ entry: Entry) throws(Fault) -> AgeSetting {
        let word = try entry.value.text()
        let text = word.text.lowercased().filter { $0 != " " && $0 != "\t" }
        func fault(_ problem: String, _ help: String = ageHelp) -> Fault {
            entry.value.fault("'\(word.shown)' \(problem)", help: help)
        }
        if text == "forever" || text == "keep" { return AgeSetting(.forever, line: entry.line) }
        if text.hasPrefix("-") { throw fault("is less than nothing") }
        let digits = text.prefix { ("0"..."9").contains($0) }
        let unit = String(text[digits.endIndex...])
        guard !digits.isEmpty else {
            let isNear = NearestName.find(text, in: ["forever"]) != nil
            throw fault("is no age", isNear ? "did you mean 'forever'?" : ageHelp)
        }
        if unit.isEmpty { throw fault("has no unit", "write '\(word.shown)d' for days") }
        guard let days = daysOfUnits[unit] else {
            throw fault("is no age in days", "a day is one file; " + ageHelp)
        }
        guard let count = Int64(digits), count <= Age.most / Int64(days) else {
            throw fault("is more than a hundred years", "write 'forever'")
        }
        if count == 0, entry.key == .archived {
            throw fault(
                "would remove every day as soon as it ends",
                "leave out what is not wanted with 'exclude' in the shipper's configuration")
        }
        return AgeSetting(.days(count * Int64(days)), line: entry.line)
    }

    // MARK: Size

    static func size(_ entry: Entry) throws(Fault) -> SizeLimit {
        let word = try entry.value.text()
        let help = "write a size, such as '500GB', or a share of the disk, such as '80%'"
        if word.text.hasSuffix("%") {
            let number = word.text.dropLast().filter { $0 != " " }
            guard let share = Int(number), (1...100).contains(share) else {
                throw entry.value.fault(
                    "'\(word.shown)' is no share of the disk",
                    help: "write a whole number from 1% to 100%")
            }
            return .perCent(share)
        }
        guard let bytes = try? entry.value.size() else {
            throw entry.value.fault("'\(word.shown)' is no size", help: help)
        }
        guard bytes > 0 else {
            throw entry.value.fault("'\(word.shown)' would remove every day", help: help)
        }
        return .bytes(bytes)
    }

    // MARK: Window

    static func window(_ entry: Entry) throws(Fault) -> JobWindow {
        let words = try entry.value.words()
        func fault(_ word: Word, _ problem: String, _ help: String) -> Fault {
            Fault(line: entry.line, column: word.column, problem, help: help)
        }
        let example = "write it like '01:00-05:00 Asia/Shanghai'"
        let clocks = words[0].text.split(separator: "-", omittingEmptySubsequences: false)
        guard clocks.count == 2, let start = clock(clocks[0]), let end = clock(clocks[1]),
            start < 86_400, end > 0 || start > 0
        else { throw fault(words[0], "'\(words[0].shown)' is no window", example) }
        guard start != end else {
            throw fault(
                words[0], "the window '\(words[0].shown)' is empty",
                "write another end, or '00:00-24:00' for the whole day")
        }
        if words.count > 2 {
            throw fault(words[2], "'\(words[2].shown)' is behind the window's end", example)
        }
        let zone = words.count > 1 ? try words[1].zone(line: entry.line) : Zone.local()
        return JobWindow(start: start, end: end == 0 ? 86_400 : end, zone: zone)
    }

    /// The seconds that `05:30` is behind midnight; up to 24:00.
    private static func clock(_ text: Substring) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...2).contains(parts[0].utf8.count), parts[1].utf8.count == 2,
            text.utf8.allSatisfy({ (0x30...0x3A).contains($0) }),
            let hours = Int(parts[0]), let minutes = Int(parts[1]), minutes < 60
        else { return nil }
        let seconds = hours * 3600 + minutes * 60
        return seconds <= 86_400 ? seconds : nil
    }

    // MARK: Conditions

    /// Names between blanks or commas; what is quoted is one name.
    static func names(_ entry: Entry) throws(Fault) -> [String] {
        let names = try pieces(entry)
        for name in names where name.text.utf8.count > 255 {
            throw Fault(line: entry.line, column: name.column, "'\(name.shown)' is too long")
        }
        return names.map(\.text)
    }

    private static func pieces(_ entry: Entry) throws(Fault) -> [Word] {
        var pieces: [Word] = []
        for word in try entry.value.words() {
            if word.isQuoted {
                pieces.append(word)
                continue
            }
            for piece in word.text.split(separator: ",") {
                let offset = word.text.utf8.distance(
                    from: word.text.startIndex, to: piece.startIndex)
                pieces.append(Word(text: String(piece), column: word.column + offset))
            }
        }
        guard !pieces.isEmpty else {
            throw entry.value.fault("there is no name between the commas", help: "write one")
        }
        return pieces
    }

    /// The severity numbers that a list of levels means, such as `>=ERROR` or `DEBUG, TRACE`; `none`
    /// are events without a level. The same numbers as in queries.
    static func levels(_ entry: Entry) throws(Fault) -> UInt32 {
        var mask: UInt32 = 0
        var comparison = ""
        var words = try pieces(entry)[...]
        while let word = words.popFirst() {
            let sign = word.text.prefix { "<>=".contains($0) }
            let name = word.text[sign.endIndex...]
            comparison += sign
            if name.isEmpty, !words.isEmpty { continue }
            let text = comparison + name
            guard let numbers = numbers(comparison, String(name)) else {
                let near = NearestName.find(name.uppercased(), in: levelNames)
                throw Fault(
                    line: entry.line, column: word.column,
                    "'\(ConfigurationValue.shortened(text))' is no level",
                    help: near.map { "did you mean '\($0)'?" }
                        ?? "levels are \(levelNames.joined(separator: ", "))")
            }
            guard numbers != 0 else {
                throw Fault(
                    line: entry.line, column: word.column, "no level is \(text)",
                    help: "levels go from TRACE to FATAL")
            }
            mask |= numbers
            comparison = ""
        }
        return mask
    }

    private static let levelNames = [
        "TRACE", "DEBUG", "INFO", "NOTICE", "WARN", "ERROR", "CRIT", "ALERT", "FATAL", "none",
    ]

    private static func numbers(_ comparison: String, _ name: String) -> UInt32? {
        if comparison.isEmpty, name.lowercased() == "none" { return 1 }
        let typed = UInt8(name).flatMap { (1...24).contains($0) ? $0 : nil }
        guard let number = Severity.number(of: name) ?? typed else { return nil }
        let exact: UInt32 = 1 << UInt32(number)
        let less = exact - 2
        switch comparison {
        case "", "=", "==": return exact
        case ">=": return ~less & ~1
        case ">": return ~less & ~1 & ~exact
        case "<=": return less | exact
        case "<": return less
        default: return nil
        }
    }
}
