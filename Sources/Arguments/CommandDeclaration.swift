internal import LogModel

/// One flag: its names, its help and how its value is read, in one place.
package struct Flag: Sendable {
    /// Gives what was expected instead (`a whole number`) when a value will not do, else nil.
    package typealias Check = @Sendable (_ value: String) -> String?

    /// The long name without hyphens, also the name in lookups.
    package let name: String
    /// The one-letter name, an ASCII letter or digit.
    package let short: Character?
    /// What the value is called in help; nil makes the flag a boolean.
    package let placeholder: String?
    /// What the flag does, as a phrase without a full stop.
    package let help: String
    /// Whether each further use adds a value.
    package let isRepeatable: Bool
    /// The only values allowed.
    package let choices: [String]?
    /// Further long names. `no-` and the name is special: it turns the flag off and takes no value.
    package let aliases: [String]
    /// What is tested on each value while parsing.
    package let check: Check?

    /// Declares a flag.
    package init(
        _ name: String, short: Character? = nil, placeholder: String? = nil, help: String,
        isRepeatable: Bool = false, choices: [String]? = nil, aliases: [String] = [],
        check: Check? = nil
    ) {
        self.name = name
        self.short = short
        self.placeholder = placeholder
        self.help = help
        self.isRepeatable = isRepeatable
        self.choices = choices
        self.aliases = aliases
        self.check = check
    }

    /// The check of a whole number within `range`.
    package static func wholeNumber(in range: ClosedRange<Int> = .min ... .max) -> Check {
        let expected: String
        switch (range.lowerBound == .min, range.upperBound == .max) {
        case (true, true): expected = "a whole number"
        case (false, true): expected = "a whole number from \(range.lowerBound) up"
        case (true, false): expected = "a whole number up to \(range.upperBound)"
        case (false, false):
            expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        }
        return { value in
            guard let number = Int(value), range.contains(number) else { return expected }
            return nil
        }
    }

    /// The long name that turns the flag off, if it has one.
    var negation: String? { aliases.first { $0 == "no-" + name } }

    /// The other long names that mean the same.
    var synonyms: [String] { aliases.filter { $0 != "no-" + name } }

    /// `--flag` and whatever else turns it on, the short name first.
    var spellings: [String] {
        (short.map { ["-\($0)"] } ?? []) + ["--" + name] + synonyms.map { "--" + $0 }
    }
}

/// What a command takes besides flags.
package struct Operands: Sendable {
    /// What one is called in help: `QUERY`, `FILE`.
    package let placeholder: String
    /// What they are for.
    package let help: String
    /// How many there must be.
    package let minimum: Int
    /// How many there may be; nil for any number.
    package let maximum: Int?
    /// Whether they are names of files, which shells can offer.
    package let areFiles: Bool

    /// Declares operands.
    package init(
        _ placeholder: String, help: String, minimum: Int = 0, maximum: Int? = nil,
        areFiles: Bool = true
    ) {
        self.placeholder = placeholder
        self.help = help
        self.minimum = minimum
        self.maximum = maximum
        self.areFiles = areFiles
    }

    /// How a usage line shows them.
    var usage: String {
        let many = maximum == 1 ? "" : "..."
        return minimum == 0 ? "[\(placeholder)\(many)]" : placeholder + many
    }
}

/// One command: everything that parsing, help and completion know about it.
package struct CommandDeclaration: Sendable {
    /// The word after the program's name; of a sub-command both words.
    package let name: String
    /// What it does in one line, as a phrase without a full stop.
    package let summary: String
    /// What a newcomer needs to know; an empty line parts paragraphs, an indented line is kept.
    package let discussion: String
    /// Command lines to copy, each with what it does.
    package let examples: [(command: String, what: String)]
    /// The flags in the order of help.
    package let flags: [Flag]
    /// What it takes besides flags; nil for nothing.
    package let operands: Operands?
    /// Whether overview and completion leave it out.
    package let isHidden: Bool
    /// Whether `-path:/health` is an operand, as in a search query.
    package let operandsMayStartWithDash: Bool
    /// What the next word can be, such as `retention plan`; a command with some does nothing itself.
    package let subcommands: [CommandDeclaration]

    /// Declares a command.
    package init(
        name: String, summary: String, discussion: String = "",
        examples: [(command: String, what: String)] = [], flags: [Flag] = [],
        operands: Operands? = nil, isHidden: Bool = false, operandsMayStartWithDash: Bool = false,
        subcommands: [CommandDeclaration] = []
    ) {
        self.name = name
        self.summary = summary
        self.discussion = discussion
        self.examples = examples
        self.flags = flags
        self.operands = operands
        self.isHidden = isHidden
        self.operandsMayStartWithDash = operandsMayStartWithDash
        self.subcommands = subcommands
    }

    /// The word that chooses this one among its siblings.
    var word: String { name.split(separator: " ").last.map(String.init) ?? name }

    /// The command or sub-command that `words` begin with, and its arguments behind it; or an error
    /// that names the nearest one.
    ///
    /// A command with sub-commands comes back itself if none is named. Without words it is an error.
    package static func find(
        _ words: [String], in commands: [CommandDeclaration], program: String = "logq"
    ) throws(ArgumentError) -> (command: CommandDeclaration, arguments: [String]) {
        var command = try named(words.first ?? "", in: commands, below: program + " help")
        var rest = words.dropFirst()
        while let next = rest.first, !next.hasPrefix("-"), !command.subcommands.isEmpty {
            command = try named(
                next, in: command.subcommands, below: "\(program) help \(command.name)")
            rest = rest.dropFirst()
        }
        return (command, Array(rest))
    }

    private static func named(
        _ word: String, in commands: [CommandDeclaration], below help: String
    ) throws(ArgumentError) -> CommandDeclaration {
        if let command = commands.first(where: { $0.word == word }) { return command }
        let visible = commands.filter { !$0.isHidden }.map(\.word)
        throw ArgumentError(
            "unknown command '\(word)'",
            nearest: NearestName.find(word, in: visible), tryCommand: help)
    }
}
