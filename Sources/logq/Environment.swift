internal import Arguments
internal import Glibc
internal import LogModel
internal import LogParsing
internal import LogQuery
internal import Presentation

/// What commands take from flags, the environment and the machine, each with its order of places.
enum Environment {
    static let dataFlag = Flag(
        "data", placeholder: "DIR",
        help: "the store (else LOGQ_DATA, else /var/lib/logq for root, ~/.local/share/logq)")
    static let zoneFlag = Flag(
        "tz", placeholder: "ZONE",
        help: "time zone, such as Asia/Shanghai, +08:00 or UTC (else the machine's)")
    static let formatsFlag = Flag(
        "formats", placeholder: "DIR",
        help: "directory with format definitions of your own (else LOGQ_FORMATS)")
    static let colorFlag = Flag(
        "color", placeholder: "WHEN", help: "colour the output",
        choices: ["auto", "always", "never"])

    static func variable(_ name: String) -> String? {
        guard let value = getenv(name), value.pointee != 0 else { return nil }
        return String(cString: value)
    }

    static func dataDirectory(_ arguments: ParsedArguments) throws -> String {
        if let given = arguments.string("data") ?? variable("LOGQ_DATA") { return given }
        if getuid() == 0 { return "/var/lib/logq" }
        guard let home = variable("HOME") else {
            throw CommandFailure("no HOME to keep the store in; name a directory with --data")
        }
        return home + "/.local/share/logq"
    }

    /// The person's queries and those of the store.
    static func savedQueries(_ arguments: ParsedArguments) throws -> SavedQueries {
        let given = variable("XDG_CONFIG_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil }
        let configuration = given ?? variable("HOME").map { $0 + "/.config" }
        return SavedQueries(
            own: configuration.map { $0 + "/logq/queries" },
            shared: try dataDirectory(arguments) + "/queries")
    }

    static func zone(_ arguments: ParsedArguments) throws -> Zone {
        try arguments.string("tz").map { try Zone.named($0) } ?? Zone.local()
    }

    /// What `colorFlag` says.
    static func color(_ arguments: ParsedArguments) -> ColorMode {
        ColorMode(rawValue: arguments.string("color") ?? "auto") ?? .auto
    }

    /// What tables and pictures on standard output may use.
    static func pictureSettings(_ arguments: ParsedArguments, zone: Zone) -> PictureSettings {
        PictureSettings(descriptor: STDOUT_FILENO, color: color(arguments), zone: zone)
    }

    static func formats(_ arguments: ParsedArguments) throws -> FormatLibrary {
        guard let directory = arguments.string("formats") ?? variable("LOGQ_FORMATS") else {
            return .builtIn
        }
        return try FormatLibrary(adding: directory)
    }

    /// The format of `--format`: a name, or a pattern behind its notation and a colon.
    static func format(
        _ arguments: ParsedArguments, in formats: FormatLibrary
    ) throws -> FormatDefinition? {
        guard let given = arguments.string("format") else { return nil }
        do {
            return try formats.format(meantBy: given)
        } catch .unknown(let name, let help) {
            let near = help.map { "; \($0)" } ?? ";"
            throw CommandFailure(
                "unknown format '\(name)'\(near) 'logq formats list' shows all")
        } catch .pattern(let error) {
            let help = error.help.map { "; " + $0 } ?? ""
            throw CommandFailure(
                "the pattern of --format has a fault at character \(error.offset + 1): "
                    + error.problem + help)
        }
    }
}
