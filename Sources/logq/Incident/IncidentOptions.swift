internal import Arguments
internal import Incidents
internal import LogModel
internal import Retention

/// What the commands of `logq incident` have in common.
enum IncidentOptions {
    static let authorFlag = Flag(
        "by", placeholder: "NAME", help: "who makes the change (else LOGQ_AUTHOR, else the account)"
    )
    static let languageFlag = Flag(
        "lang", placeholder: "LANG", help: "language of the text (else that of LANG)",
        choices: Language.allCases.map(\.rawValue))
    static let idOperand = Operands(
        "ID", help: "the record, such as INC-2026-0007, 2026-7 or 7", minimum: 1, maximum: 1,
        areFiles: false)

    /// Who makes a change: a name if one is given, and the account in any case.
    static func author(_ arguments: ParsedArguments) -> String {
        let person = Environment.person
        var account = person.user + " on " + person.host
        if !person.sudoUser.isEmpty { account = person.sudoUser + " as " + account }
        guard let name = arguments.string("by") ?? Environment.variable("LOGQ_AUTHOR") else {
            return account
        }
        return name + " (" + account + ")"
    }

    static func language(_ arguments: ParsedArguments) -> Language {
        if let given = arguments.string("lang").flatMap(Language.init) { return given }
        let locale =
            Environment.variable("LC_ALL") ?? Environment.variable("LC_MESSAGES")
            ?? Environment.variable("LANG") ?? ""
        return locale.hasPrefix("zh") ? .chinese : .english
    }

    /// The record that a person names; a bare number is that of the newest record with it.
    static func id(_ text: String, in store: IncidentStore) throws -> IncidentID {
        if let id = IncidentID(text) { return id }
        if let number = Int(text), number > 0 {
            guard let id = try store.ids().last(where: { $0.number == number }) else {
                throw CommandFailure(
                    "there is no record with the number \(number); 'logq incident list' shows all")
            }
            return id
        }
        throw CommandFailure("'\(text)' names no record; they are named INC-2026-0007, 2026-7 or 7")
    }
}
