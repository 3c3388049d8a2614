internal import Configuration

/// Puts variables and the home directory into paths, and makes them absolute.
struct PathExpansion {
    /// Where relative paths begin: the directory of the configuration.
    let directory: String
    /// The value of a variable of the environment; nil where it is not set.
    let environment: (String) -> String?

    typealias Fault = ConfigurationError.Fault
    typealias Word = ConfigurationValue.Word

    /// Puts in the values of `${NAME}`; those are taken as they are, never expanded again.
    ///
    /// A variable that is not set, or empty, is an error: half a path would name other files. In a
    /// glob (`escaping`), `*`, `?`, `[` and `\` of the value stand for themselves.
    func variables(
        in word: Word, line: Int, escaping: Bool = false
    ) throws(Fault) -> String {
        let bytes = Array(word.text.utf8)
        var result: [UInt8] = []
        var index = 0
        while let dollar = bytes[index...].firstIndex(of: UInt8(ascii: "$")) {
            result += bytes[index..<dollar]
            let (value, end) = try reference(in: bytes, at: dollar, of: word, line: line)
            result += (escaping && end > dollar + 1 ? Self.escaped(value) : value).utf8
            index = end
        }
        return String(decoding: result + bytes[index...], as: UTF8.self)
    }

    /// What the `$` stands for, and where what follows begins.
    private func reference(
        in bytes: [UInt8], at dollar: Int, of word: Word, line: Int
    ) throws(Fault) -> (value: String, end: Int) {
        func fault(_ problem: String, help: String) -> Fault {
            Fault(line: line, column: word.column + dollar, problem, help: help)
        }
        let rest = bytes[(dollar + 1)...]
        guard rest.first == UInt8(ascii: "{") else {
            let name = String(decoding: rest.prefix(while: Self.isNameByte), as: UTF8.self)
            guard Self.isName(name) else { return ("$", dollar + 1) }
            throw fault(
                "'$\(ConfigurationValue.shortened(name))' is not replaced",
                help: "write '${NAME}' for a variable")
        }
        let end = rest.firstIndex(of: UInt8(ascii: "}"))
        let name = String(decoding: rest[..<(end ?? rest.endIndex)].dropFirst(), as: UTF8.self)
        let shown = ConfigurationValue.shortened(name)
        guard let end else { throw fault("'${\(shown)' is not closed", help: "write '${NAME}'") }
        guard Self.isName(name) else {
            throw fault("'${\(shown)}' names no variable", help: "write '${NAME}'")
        }
        guard let value = environment(name), !value.isEmpty else {
            throw fault(
                "the variable '\(shown)' is not set", help: "set it, or write what it stands for")
        }
        return (value, end + 1)
    }

    /// An absolute path or, `escaping`, an absolute glob; `~` is the home directory.
    func path(_ word: Word, line: Int, escaping: Bool) throws(Fault) -> String {
        var path: String
        if word.text.hasPrefix("~") {
            let rest = Word(text: String(word.text.dropFirst()), column: word.column + 1)
            path = try home(word, line)
            if escaping { path = Self.escaped(path) }
            path += try variables(in: rest, line: line, escaping: escaping)
        } else {
            path = try variables(in: word, line: line, escaping: escaping)
            if !path.hasPrefix("/") {
                path = (escaping ? Self.escaped(directory) : directory) + "/" + path
            }
        }
        return Self.tidied(path)
    }

    private func home(_ word: Word, _ line: Int) throws(Fault) -> String {
        guard word.text == "~" || word.text.hasPrefix("~/") else {
            throw Fault(
                line: line, column: word.column,
                "'\(ConfigurationValue.shortened(word.text))' is not replaced",
                help: "only '~/' is; write another home directory out, or './~' for a name")
        }
        guard let home = environment("HOME"), !home.isEmpty else {
            throw Fault(
                line: line, column: word.column, "'~' stands for HOME, which is not set",
                help: "set it, or write the directory")
        }
        return home
    }

    /// Without doubled slashes and `.` components; links and `..` stay.
    private static func tidied(_ path: String) -> String {
        "/" + path.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
    }

    /// The glob that matches `text` and nothing else.
    private static func escaped(_ text: String) -> String {
        var glob = ""
        for character in text {
            glob += "*?[\\".contains(character) ? "[\(character)]" : String(character)
        }
        return glob
    }

    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(0x30...0x39).contains(first) else { return false }
        return text.utf8.allSatisfy(isNameByte)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || byte == UInt8(ascii: "_")
            || (0x61...0x7A).contains(byte | 0x20)
    }
}
