internal import LogModel

extension CommandDeclaration {
    /// Reads the arguments that follow the command's name.
    ///
    /// `--flag value`, `--flag=value`, `-n 5`, `-n5`, `-abc` for booleans; flags may follow
    /// operands; `--` ends the flags; `-` is an operand. A flag that is not repeatable may be given
    /// twice only with the same value. `--help` and `-h` end the reading unless declared otherwise.
    ///
    /// With `operandsMayStartWithDash`, `-word:…` of two letters or more is an operand, and so is
    /// `-word` unless its letters are declared short flags. Where `-nword` could be either, it is an
    /// error that says how to write both.
    package func parse(
        _ arguments: [String], program: String = "logq"
    ) throws(ArgumentError) -> ParsedArguments {
        var parser = ArgumentParser(command: self, arguments: arguments, program: program)
        return try parser.parse()
    }
}

/// One pass over the arguments of one command.
private struct ArgumentParser {
    private let command: CommandDeclaration
    private let tryCommand: String
    private var pending: ArraySlice<String>
    private var parsed: ParsedArguments

    init(command: CommandDeclaration, arguments: [String], program: String) {
        self.command = command
        tryCommand = "\(program) help \(command.name)"
        pending = arguments[...]
        parsed = ParsedArguments(for: command, tryCommand: tryCommand)
    }

    mutating func parse() throws(ArgumentError) -> ParsedArguments {
        while let argument = pending.popFirst() {
            if argument == "--" {
                parsed.operands += pending
                break
            } else if argument.hasPrefix("--") {
                try takeLong(argument.dropFirst(2))
            } else if argument.hasPrefix("-") && argument != "-" {
                try takeShort(argument)
            } else {
                parsed.operands.append(argument)
            }
            if parsed.wantsHelp { return parsed }
        }
        try checkOperandCount()
        return parsed
    }

    private func failure(_ problem: String, nearest: String? = nil) -> ArgumentError {
        ArgumentError(problem, nearest: nearest, tryCommand: tryCommand)
    }

    // MARK: Long flags

    private mutating func takeLong(_ body: Substring) throws(ArgumentError) {
        let equals = body.utf8.firstIndex(of: UInt8(ascii: "="))
        let name = String(body[..<(equals ?? body.endIndex)])
        guard let flag = flag(named: name) else { return try takeUndeclared(name) }
        let attached = equals.map { String(body[body.utf8.index(after: $0)...]) }
        if name == flag.negation {
            guard attached == nil else { throw failure("--\(name) takes no value") }
            return parsed.turnOff(flag)
        }
        try take(flag, as: "--" + name, attached: attached)
    }

    private func flag(named name: String) -> Flag? {
        command.flags.first { $0.name == name || $0.aliases.contains(name) }
    }

    private mutating func takeUndeclared(_ name: String) throws(ArgumentError) {
        if name == "help" {
            parsed.wantsHelp = true
            return
        }
        throw failure("unknown flag '--\(name)'", nearest: nearestLong(name))
    }

    private func nearestLong(_ name: String) -> String? {
        let names = command.flags.flatMap { [$0.name] + $0.aliases } + ["help"]
        return NearestName.find(name, in: names).map { "--" + $0 }
    }

    // MARK: Short flags

    /// What an argument of one hyphen turned out to be.
    private enum Reading {
        case flags([(flag: Flag, value: String?)])
        case unknown(Character)
        case help
    }

    private mutating func takeShort(_ argument: String) throws(ArgumentError) {
        let letters = argument.dropFirst()
        if command.operandsMayStartWithDash && Self.isQueryTerm(letters) {
            return parsed.operands.append(argument)
        }
        let name = String(letters.prefix { $0 != "=" })
        if name.count > 1, flag(named: name) != nil {
            throw failure("unknown flag '\(argument)'", nearest: "--" + name)
        }
        switch read(letters) {
        case .help: parsed.wantsHelp = true
        case .flags(let uses):
            if command.operandsMayStartWithDash { try rejectAmbiguous(uses, argument) }
            for use in uses {
                let letter = use.flag.short.map { "-\($0)" } ?? "--" + use.flag.name
                try take(use.flag, as: letter, attached: use.value)
            }
        case .unknown(let letter):
            try takeUnknown(argument, letter: letter)
        }
    }

    private func read(_ letters: Substring) -> Reading {
        var uses: [(flag: Flag, value: String?)] = []
        var rest = letters
        while let letter = rest.popFirst() {
            guard let flag = command.flags.first(where: { $0.short == letter }) else {
                return letters == "h" ? .help : .unknown(letter)
            }
            if flag.placeholder != nil {
                uses.append((flag, rest.isEmpty ? nil : String(rest)))
                return .flags(uses)
            }
            uses.append((flag, nil))
        }
        return .flags(uses)
    }

    private mutating func takeUnknown(
        _ argument: String, letter: Character
    ) throws(ArgumentError) {
        let body = String(argument.dropFirst())
        if command.operandsMayStartWithDash && body.count > 1 {
            return parsed.operands.append(argument)
        }
        let place = body.count > 1 ? " in '\(argument)'" : ""
        let remedy = command.operands == nil ? "" : ", and an operand like it goes after '--'"
        throw failure(
            "unknown flag '-\(letter)'\(place)\(remedy)", nearest: nearestLong(body))
    }

    /// Whether the text after a hyphen can only be part of a query: `path:/health`, `"exact words"`,
    /// `*suffix`, but not `n5` or `s10:30`.
    private static func isQueryTerm(_ letters: Substring) -> Bool {
        guard let first = letters.unicodeScalars.first else { return false }
        let isFlagLetter = first.isASCII && (first.properties.isAlphabetic || isDigit(first))
        if !isFlagLetter { return true }
        let field = letters.unicodeScalars.prefix {
            $0.properties.isAlphabetic || $0 == "." || $0 == "_"
        }
        let end = field.endIndex
        return field.count > 1 && end < letters.endIndex && letters.unicodeScalars[end] == ":"
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        ("0"..."9").contains(scalar)
    }

    /// `-timeout` where `-t` takes a value: silently choosing either would answer another question.
    private func rejectAmbiguous(
        _ uses: [(flag: Flag, value: String?)], _ argument: String
    ) throws(ArgumentError) {
        guard let (flag, value) = uses.last, let value, let letter = flag.short,
            let first = value.unicodeScalars.first, first.properties.isAlphabetic,
            flag.choices?.contains(value) != true
        else { return }
        throw failure(
            "'\(argument)' could be the flag '-\(letter) \(value)' or an operand: write it with "
                + "the space, or put '--' before the operands")
    }

    // MARK: Values

    private mutating func take(
        _ flag: Flag, as spelling: String, attached: String?
    ) throws(ArgumentError) {
        guard let placeholder = flag.placeholder else {
            guard attached == nil else { throw failure("\(spelling) takes no value") }
            return parsed.turnOn(flag, value: nil)
        }
        let value: String
        if let attached {
            value = attached
        } else {
            value = try nextValue(for: spelling, placeholder: placeholder)
        }
        try check(value, of: flag, as: spelling)
        parsed.turnOn(flag, value: value)
    }

    private mutating func nextValue(
        for spelling: String, placeholder: String
    ) throws(ArgumentError) -> String {
        guard let next = pending.first else {
            throw failure("\(spelling) needs a value: \(spelling) \(placeholder)")
        }
        let name = next.dropFirst(2).prefix { $0 != "=" }
        if next == "--" || (next.hasPrefix("--") && flag(named: String(name)) != nil) {
            throw failure(
                "\(spelling) needs a value, but '\(next)' follows: \(spelling) \(placeholder)")
        }
        pending.removeFirst()
        return next
    }

    private func check(
        _ value: String, of flag: Flag, as spelling: String
    ) throws(ArgumentError) {
        if let choices = flag.choices, !choices.contains(value) {
            throw failure(
                "\(spelling) takes \(Self.list(choices)), not '\(value)'",
                nearest: NearestName.find(value, in: choices))
        }
        if let expected = flag.check?(value) {
            throw failure("\(spelling) takes \(expected), not '\(value)'")
        }
        guard !flag.isRepeatable, let earlier = parsed.string(flag.name), earlier != value else {
            return
        }
        throw failure("\(spelling) is given twice, with '\(earlier)' and '\(value)'; keep one")
    }

    private func checkOperandCount() throws(ArgumentError) {
        let count = parsed.operands.count
        guard let operands = command.operands else {
            guard let first = parsed.operands.first else { return }
            throw failure("'\(command.name)' takes no operands, but got '\(first)'")
        }
        if count < operands.minimum {
            let missing = operands.minimum == 1 ? "" : "at least \(operands.minimum) times "
            throw failure("'\(command.name)' needs \(missing)\(operands.placeholder)")
        }
        guard let maximum = operands.maximum, count > maximum else { return }
        throw failure(
            "'\(command.name)' takes \(operands.placeholder) at most \(maximum) "
                + "time\(maximum == 1 ? "" : "s"), but got '\(parsed.operands[maximum])' as well")
    }

    /// `a, b or c`.
    private static func list(_ choices: [String]) -> String {
        guard let last = choices.last, choices.count > 1 else { return choices.joined() }
        return choices.dropLast().joined(separator: ", ") + " or " + last
    }
}
