internal import Arguments
internal import Configuration
internal import Incidents
internal import LogModel

/// The flags of a record's fields, one for each `IncidentField`, and `--json` for many at once.
enum IncidentFieldFlags {
    static let all =
        IncidentField.allCases.map(flag) + [
            Flag(
                "json", placeholder: "FILE", help: "fields from a JSON object; - is standard input")
        ]

    /// What help says of them, in every command that has them.
    static let discussion = """
        An empty value clears a field. Times are written as for 'logq search --since'. Flags of lists \
        begin the list anew; '+' as the first value keeps what is there: --hosts + --hosts pay-app-2. \
        Items of --impact, --steps and --actions may have details behind the text, which --json \
        and the form have too:

          --impact '63 requests failed; query: path:/api/pay status:>=500; evidence: P1, P2'
          --steps '10:26 rolled back to release1.0.4; by: 李雷; evidence: P3'
          --actions 'limit the pool; owner: 韩梅梅; due: 2026-12-01; state: open'

        --json takes an object with fields as 'logq incident export --format json' names them; null \
        clears one. What flags say comes on top of it.
        """

    private static func flag(_ field: IncidentField) -> Flag {
        let (placeholder, help) = words(of: field)
        return Flag(
            name(of: field), placeholder: placeholder,
            help: help ?? field.name(in: .english).lowercased(), isRepeatable: field.isList)
    }

    static func name(of field: IncidentField) -> String {
        String(field.rawValue.map { $0 == "_" ? "-" : $0 })
    }

    private static func words(of field: IncidentField) -> (placeholder: String, help: String?) {
        switch field.shape {
        case .line, .text: ("TEXT", nil)
        case .time: ("TIME", "when it was " + field.rawValue)
        case .lines: field == .patterns ? ("QUERY", "a query that finds it in logs") : ("TEXT", nil)
        case .type:
            (
                "TYPE",
                FaultType.allCases.map(\.rawValue).joined(separator: ", ")
                    + ", or one of their kinds, such as application/crash"
            )
        case .severity: ("P0..P4", "P0 is everything down, P4 a blemish")
        case .status:
            ("STATUS", IncidentStatus.allCases.dropLast().map(\.rawValue).joined(separator: ", "))
        case .impact: ("ITEM", "what the fault did, with the query or the pins that show it")
        case .steps: ("ITEM", "what was done about it")
        case .actions: ("ITEM", "what is to be done, by whom and by when")
        case .related: ("ID", "a related record")
        }
    }

    /// What the flags can become, for completion.
    static func values(of flag: String) -> [String]? {
        switch flag {
        case "type": FaultClass.all.map(\.description)
        case "severity": IncidentSeverity.allCases.map(\.rawValue)
        case "status": IncidentStatus.allCases.map(\.rawValue)
        default: nil
        }
    }

    /// Whether the command line says anything of the record.
    static func isAnySet(_ arguments: ParsedArguments) -> Bool {
        all.contains { arguments.isSet($0.name) }
    }
}

/// What a command line says of a record's fields.
///
/// JSON is read from where it comes before any record is opened: nobody waits for a person who types it.
struct FieldChanges {
    private let arguments: ParsedArguments
    private let zone: Zone
    private let json: (bytes: [UInt8], source: String)?

    init(_ arguments: ParsedArguments) throws {
        self.arguments = arguments
        zone = try Environment.zone(arguments)
        json = try arguments.string("json").map { path in
            (try IncidentOptions.bytes(of: path), path == "-" ? "standard input" : path)
        }
    }

    /// Sets what the command line says; `pins` are those that the record may name.
    func apply(to incident: inout Incident, pins: Set<Int>) throws {
        if let json {
            let old = incident
            do { try incident.set(from: json.bytes) } catch {
                throw CommandFailure("\(json.source): \(error)")
            }
            try check(incident, after: old, pins, json.source)
        }
        for field in IncidentField.allCases {
            let name = IncidentFieldFlags.name(of: field)
            guard arguments.isSet(name) else { continue }
            do {
                try incident.set(
                    field, flag: arguments.strings(name), pins: pins, zone: zone,
                    now: Clock.now(), language: .english)
            } catch {
                let help = error.help.map { "; " + $0 } ?? ""
                throw CommandFailure("--\(name): \(error.problem)\(help)")
            }
        }
    }

    private func check(
        _ incident: Incident, after old: Incident, _ pins: Set<Int>, _ source: String
    ) throws {
        if let command = incident.status.command(after: old.status) {
            throw CommandFailure(
                "\(source): an edit does not make it '\(incident.status.rawValue)'; \(command)")
        }
        if let number = incident.pins.subtracting(pins).subtracting(old.pins).min() {
            throw CommandFailure(
                "\(source): the record has no pin P\(number); 'logq incident pin' makes one")
        }
    }
}
