internal import Arguments

/// Completes what only a run can know: queries, formats, hosts, services, saved queries.
///
/// Commands, flags and choices are in the shells' scripts.
struct CommandCompletion {
    let source: any CompletionSource
    /// Asked only where a format can stand: reading all definitions takes milliseconds.
    let formats: () -> [(name: String, title: String)]

    /// The words that `current` can become behind `words`, the first of which is the command.
    func candidates(for current: String, after words: [String]) -> [CompletionCandidate] {
        guard
            let (command, arguments) = try? CommandDeclaration.find(
                words, in: CommandLineTool.declarations)
        else { return [] }
        if let equals = current.firstIndex(of: "="), current.hasPrefix("--") {
            let flag = current[..<equals].dropFirst(2)
            let value = String(current[current.index(after: equals)...])
            return values(of: String(flag)).filter { $0.word.hasPrefix(value) }.map {
                CompletionCandidate(word: "--\(flag)=" + $0.word, about: $0.about)
            }
        }
        var operands: [String] = []
        var pending: Flag?
        var isEnded = false
        for word in arguments {
            if pending != nil {
                pending = nil
            } else if word == "--", !isEnded {
                isEnded = true
            } else if !isEnded, let flag = Self.flag(word, of: command) {
                pending = flag.placeholder != nil && !word.contains("=") ? flag : nil
            } else {
                operands.append(word)
            }
        }
        if let pending {
            return values(of: pending.name).filter { $0.word.hasPrefix(current) }
        }
        return self.operands(of: command.name, operands, current)
    }

    private static func flag(_ word: String, of command: CommandDeclaration) -> Flag? {
        if word.hasPrefix("--") {
            let name = word.dropFirst(2).prefix { $0 != "=" }
            return command.flags.first { $0.name == name || $0.aliases.contains(String(name)) }
        }
        guard word.count == 2, word.hasPrefix("-"), let letter = word.last else { return nil }
        return command.flags.first { $0.short == letter }
    }

    private func operands(
        of command: String, _ operands: [String], _ current: String
    ) -> [CompletionCandidate] {
        func choose(_ words: [CompletionCandidate]) -> [CompletionCandidate] {
            words.filter { $0.word.hasPrefix(current) }
        }
        let queries = source.savedQueries.map {
            CompletionCandidate(word: $0.name, about: $0.about)
        }
        switch (command, operands.count) {
        case ("search", _), ("tail", _):
            return QueryCompletion(source: source).candidates(for: current, after: operands)
        case ("formats", 0):
            return choose(["list", "show", "test"].map { CompletionCandidate(word: $0) })
        case ("formats", 1): return operands[0] == "list" ? [] : choose(formatNames)
        case ("queries", 0):
            return choose(["list", "show", "save", "remove"].map { CompletionCandidate(word: $0) })
        case ("queries", 1): return operands[0] == "list" ? [] : choose(queries)
        case ("queries", _) where operands[0] == "save":
            return QueryCompletion(source: source)
                .candidates(for: current, after: Array(operands.dropFirst(2)))
        case ("completion", 0):
            return choose(["bash", "zsh", "fish"].map { CompletionCandidate(word: $0) })
        default: return []
        }
    }

    private var formatNames: [CompletionCandidate] {
        formats().map { CompletionCandidate(word: $0.name, about: $0.title) }
    }

    private func values(of flag: String) -> [CompletionCandidate] {
        switch flag {
        case "format": formatNames
        case "host": source.values(of: "host.name").map { CompletionCandidate(word: $0) }
        case "service": source.values(of: "service.name").map { CompletionCandidate(word: $0) }
        case "env":
            source.values(of: "deployment.environment.name").map { CompletionCandidate(word: $0) }
        case "since", "until", "at":
            ["5m", "15m", "1h", "2h", "1d", "today", "yesterday"].map {
                CompletionCandidate(word: $0)
            }
        case "around": ["1m", "5m", "15m", "1h"].map { CompletionCandidate(word: $0) }
        default: IncidentFieldFlags.values(of: flag)?.map { CompletionCandidate(word: $0) } ?? []
        }
    }
}
