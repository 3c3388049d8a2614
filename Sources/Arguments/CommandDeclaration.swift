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
    /// The word after the program's name.
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

    /// Declares a command.
    package init(
        name: String, summary: String, discussion: String = "",
        examples: [(command: String, what: String)] = [], flags: [Flag] = [],
        operands: Operands? = nil, isHidden: Bool = false, operandsMayStartWithDash: Bool = false
    ) {
        self.name = name
        self.summary = summary
        self.discussion = discussion
        self.examples = examples
        self.flags = flags
        self.operands = operands
        self.isHidden = isHidden
        self.operandsMayStartWithDash = operandsMayStartWithDash
    }

    /// The command called `name`, or an error that names the nearest one.
    package static func named(
        _ name: String, in commands: [CommandDeclaration], program: String = "logq"
    ) throws(ArgumentError) -> CommandDeclaration {
        if let command = commands.first(where: { $0.name == name }) { return command }
        let visible = commands.filter { !$0.isHidden }.map(\.name)
        throw ArgumentError(
            "unknown command '\(name)'",
            nearest: NearestName.find(name, in: visible), tryCommand: program + " help")
    }
}
