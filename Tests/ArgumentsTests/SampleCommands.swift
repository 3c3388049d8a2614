import Arguments

/// Declarations with one of everything.
enum SampleCommands {
    static let search = CommandDeclaration(
        name: "search", summary: "find events and show them",
        discussion: "Words and phrases search the whole original text of an event, in any case.\n\n"
            + "  level:ERROR    a field",
        examples: [
            ("logq search --since 2h 'level:ERROR -path:/health*'", "errors of the last two hours"),
            ("logq search -fn5 timeout | less", "the last five time-outs, then new ones"),
        ],
        flags: [
            Flag("since", short: "s", placeholder: "TIME", help: "show what is newer than TIME"),
            Flag(
                "limit", short: "n", placeholder: "N", help: "stop after N events",
                check: Flag.wholeNumber(in: 0 ... .max)),
            Flag("follow", short: "f", help: "wait for new events", aliases: ["no-follow"]),
            Flag("verbose", short: "v", help: "say more"),
            Flag(
                "color", placeholder: "WHEN", help: "when to colour",
                choices: ["always", "auto", "never"], aliases: ["colour"]),
            Flag(
                "service", placeholder: "NAME", help: "search [only] NAME: it's quick",
                isRepeatable: true, aliases: ["no-service"]),
        ],
        operands: Operands("QUERY", help: "what to search for"), operandsMayStartWithDash: true)

    static let ship = CommandDeclaration(
        name: "ship", summary: "gather logs",
        flags: [Flag("once", short: "1", help: "stop when all is read")],
        operands: Operands("FILE", help: "what to read", minimum: 1, maximum: 2))

    static let status = CommandDeclaration(name: "status", summary: "show the state")

    static let secret = CommandDeclaration(
        name: "secret", summary: "for tests", isHidden: true)

    static let all = [search, ship, status, secret]
}
