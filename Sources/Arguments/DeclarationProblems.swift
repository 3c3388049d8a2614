/// A check of the declarations themselves, for a test to call.
package enum DeclarationProblems {
    /// What is wrong with `commands`, one sentence each; empty when they are fit for release.
    ///
    /// Every command has a summary and every flag help; names are plain and used once (`help` is
    /// taken, and `-h` unless the command gives it away); choices need a value to choose; each
    /// example that begins with `program` parses.
    package static func problems(
        in commands: [CommandDeclaration], program: String = "logq"
    ) -> [String] {
        let all = commands.flatMap { [$0] + $0.subcommands }
        var problems = repeated(all.map(\.name)).map { "two commands are called '\($0)'" }
        for command in all {
            let own = problemsOfNames(command) + problemsOfTexts(command) + problemsOfFlags(command)
            problems += own.map { "\(command.name): \($0)" }
        }
        for command in all {
            for example in command.examples {
                let found = problem(ofExample: example.command, in: commands, program: program)
                if let found { problems.append("\(command.name): '\(example.command)': \(found)") }
            }
        }
        return problems
    }

    private static func problemsOfNames(_ command: CommandDeclaration) -> [String] {
        let long = command.flags.flatMap { [$0.name] + $0.aliases }
        let short = command.flags.compactMap(\.short)
        var problems = repeated(long).map { "two flags are called '--\($0)'" }
        problems += repeated(short).map { "two flags are called '-\($0)'" }
        let words = command.name.split(separator: " ", omittingEmptySubsequences: false)
        if !words.allSatisfy({ isPlain(String($0)) }) {
            problems.append("the command's name is not plain")
        }
        problems += long.filter { !isPlain($0) }.map { "the name '--\($0)' is not plain" }
        for child in command.subcommands where child.name != "\(command.name) \(child.word)" {
            problems.append("the sub-command '\(child.name)' does not begin with its name")
        }
        if long.contains("help") { problems.append("'--help' is taken") }
        for letter in short where !(letter.isASCII && (letter.isLetter || letter.isNumber)) {
            problems.append("'-\(letter)' is no letter or digit")
        }
        return problems
    }

    private static func problemsOfTexts(_ command: CommandDeclaration) -> [String] {
        var texts = [("the summary", command.summary)]
        texts += command.flags.map { ("the help of '--\($0.name)'", $0.help) }
        if let operands = command.operands {
            texts.append(("the help of \(operands.placeholder)", operands.help))
        }
        texts += command.examples.map { ("what '\($0.command)' does", $0.what) }
        return texts.compactMap { name, text in
            if !text.contains(where: { !$0.isWhitespace }) { return "\(name) is empty" }
            if text.hasSuffix(".") { return "\(name) ends in a full stop" }
            return text.contains("\n") ? "\(name) has more than one line" : nil
        }
    }

    private static func problemsOfFlags(_ command: CommandDeclaration) -> [String] {
        command.flags.flatMap { flag -> [String] in
            let name = "'--\(flag.name)'"
            var problems: [String] = []
            if flag.placeholder?.isEmpty == true { problems.append("\(name) has no placeholder") }
            if flag.placeholder == nil && (flag.choices != nil || flag.check != nil) {
                problems.append("\(name) restricts a value but takes none")
            }
            if flag.placeholder == nil && flag.isRepeatable {
                problems.append("\(name) repeats a value but takes none")
            }
            if flag.choices?.isEmpty == true { problems.append("\(name) has no choices") }
            problems += (flag.choices ?? []).filter { !isPlain($0) }.map {
                "the choice '\($0)' of \(name) is not plain"
            }
            return problems
        }
    }

    /// Lower-case ASCII letters, digits and inner hyphens: nothing that a shell could take apart.
    private static func isPlain(_ name: String) -> Bool {
        !name.isEmpty && !name.hasPrefix("-") && !name.hasSuffix("-")
            && name.utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D
            }
    }

    private static func repeated<Name: Hashable>(_ names: [Name]) -> [Name] {
        var seen: Set<Name> = []
        return names.filter { !seen.insert($0).inserted }
    }

    private static func problem(
        ofExample line: String, in commands: [CommandDeclaration], program: String
    ) -> String? {
        let words = ShellWords.first(of: line)
        guard words.count > 1, words[0] == program, words[1] != "help" else { return nil }
        do throws(ArgumentError) {
            let (command, arguments) = try CommandDeclaration.find(
                Array(words.dropFirst()), in: commands, program: program)
            _ = try command.parse(arguments, program: program)
            return nil
        } catch {
            return error.description
        }
    }
}

/// Enough of a shell to read examples: words, quotes and backslashes.
private enum ShellWords {
    /// The words of the first command of `line`, which ends at an unquoted `|`, `;`, `&`, `<`, `>`.
    static func first(of line: String) -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var isEscaped = false
        for character in line {
            if isEscaped {
                word = (word ?? "") + String(character)
                isEscaped = false
            } else if character == "\\" && quote != "'" {
                isEscaped = true
            } else if let open = quote {
                if character == open {
                    quote = nil
                } else {
                    word = (word ?? "") + String(character)
                }
            } else if character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if "|;&<>".contains(character) {
                break
            } else if character.isWhitespace {
                if let complete = word { words.append(complete) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        return words + (word.map { [$0] } ?? [])
    }
}
