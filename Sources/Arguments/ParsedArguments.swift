/// What a command line said, by the names in the command's declaration.
///
/// Asking for a flag that the command does not declare is a mistake in the program and stops it.
package struct ParsedArguments: Sendable {
    /// What is no flag, in order.
    package internal(set) var operands: [String] = []
    /// Whether `--help` or `-h` was there; what comes after it has not been looked at.
    package internal(set) var wantsHelp = false

    private let declared: Set<String>
    private let tryCommand: String
    private var given: [String: Use] = [:]

    /// The uses of one flag so far.
    private struct Use: Sendable {
        var values: [String] = []
        var isOn = true
    }

    init(for command: CommandDeclaration, tryCommand: String) {
        declared = Set(command.flags.map(\.name))
        self.tryCommand = tryCommand
    }

    /// Whether the flag was given and not turned off after that.
    package func isSet(_ name: String) -> Bool {
        use(of: name)?.isOn ?? false
    }

    /// Whether the last word on the flag was its `--no-` form.
    package func isTurnedOff(_ name: String) -> Bool {
        use(of: name).map { !$0.isOn } ?? false
    }

    /// The flag's value, the last one of a repeatable flag; nil when not given.
    package func string(_ name: String) -> String? {
        use(of: name)?.values.last
    }

    /// All values of a repeatable flag in order.
    package func strings(_ name: String) -> [String] {
        use(of: name)?.values ?? []
    }

    /// The flag's value as a whole number; nil when not given.
    package func integer(_ name: String) throws(ArgumentError) -> Int? {
        guard let text = string(name) else { return nil }
        guard let value = Int(text) else {
            throw ArgumentError(
                "--\(name) takes a whole number, not '\(text)'", tryCommand: tryCommand)
        }
        return value
    }

    mutating func turnOn(_ flag: Flag, value: String?) {
        var use = flag.isRepeatable ? given[flag.name] ?? Use() : Use()
        use.isOn = true
        if let value { use.values.append(value) }
        given[flag.name] = use
    }

    mutating func turnOff(_ flag: Flag) {
        given[flag.name] = Use(values: [], isOn: false)
    }

    private func use(of name: String) -> Use? {
        precondition(declared.contains(name), "the command declares no flag '\(name)'")
        return given[name]
    }
}
