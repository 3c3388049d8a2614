internal import LogModel
internal import LogQuery
internal import Presentation

/// Queries that a draft rests on, as people would type them.
struct DraftQuery {
    /// What the person asked the draft to look at; empty for all.
    let base: String
    let zone: Zone

    init(_ request: DraftRequest) { (base, zone) = (request.query, request.zone) }

    /// The conditions within some times, written in the zone to the second.
    func text(_ conditions: [String], in times: Range<Int64>) -> String {
        let own = base.isEmpty ? [] : ["(" + base + ")"]
        return (own + conditions + [within(times)]).joined(separator: " ")
    }

    private func within(_ times: Range<Int64>) -> String {
        var bytes = Array("time:[".utf8)
        RFC3339.append(times.lowerBound, zone: zone, fractionDigits: 0, to: &bytes)
        bytes += Array(" TO ".utf8)
        RFC3339.append(times.upperBound, zone: zone, fractionDigits: 0, to: &bytes)
        return String(decoding: bytes, as: UTF8.self) + "}"
    }

    /// A value as a whole; with anything in the place of characters that no terminal should see.
    static func exactly(_ field: String, _ value: String) -> String {
        guard !value.allSatisfy(isSafe) else {
            return field + ":=" + FieldValue(text: value).description
        }
        let parts = value.split(omittingEmptySubsequences: false) { !isSafe($0) }.map(String.init)
        let pattern = TextPattern(
            parts: parts.filter { !$0.isEmpty }, openStart: parts.first?.isEmpty ?? true,
            openEnd: parts.last?.isEmpty ?? true)
        return field + ":" + pattern.description
    }

    /// Whether a character can be shown, and written in a query, as it is.
    private static func isSafe(_ character: Character) -> Bool {
        let text = String(character)
        return SafeText.escaped(text) == text && character != "\u{FFFD}"
    }

    /// What finds the events of a change.
    static func conditions(of change: WindowComparison.Change) -> [String] {
        let service = exactly("service", change.service)
        let value = String(decoding: change.value, as: UTF8.self)
        switch change.kind {
        case .service: return [service]
        case .message: return [service, "msg:" + pattern(ofTemplate: change.value)]
        case .exception:
            let classes = value.split(separator: " < ").map(String.init)
            return [service] + classes.map { phrase($0) }
        case .status: return [service, exactly("status", value)]
        case .path: return [service] + path(value)
        case .logger: return [service, exactly("logger", value)]
        case .level: return [service, exactly("level", value)]
        case .host: return [service, exactly("host", value)]
        }
    }

    private static func phrase(_ text: String) -> String {
        TextPattern(parts: [String(text.filter(isSafe))], isPhrase: true).description
    }

    /// `GET /api/<*>/pay` of a comparison: the method, and the path with any one part for a variable.
    static func path(_ value: String) -> [String] {
        var conditions: [String] = []
        var path = value[...]
        if let blank = value.firstIndex(of: " ") {
            conditions.append(exactly("method", String(value[..<blank])))
            path = value[value.index(after: blank)...]
        }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.contains("<*>") else {
            return conditions + [exactly("path", String(path))]
        }
        let pattern = parts.map { $0 == "<*>" ? "[^\\/]*" : escaped(String($0)) }
        return conditions + ["path:/^" + pattern.joined(separator: "\\/") + "$/"]
    }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            guard isSafe(Character(scalar)) else {
                escaped += "."
                continue
            }
            if "\\/.+*?()[]{}|^$".unicodeScalars.contains(scalar) { escaped += "\\" }
            escaped.unicodeScalars.append(scalar)
        }
        return escaped
    }

    /// The literal texts of a message's template with anything between them, and anything behind.
    ///
    /// Long templates are cut: their first texts tell them from others.
    static func pattern(ofTemplate template: [UInt8]) -> String {
        let line = template.prefix { $0 != 0x0A && $0 != 0x0D }
        var parts = [""]
        var rest = Substring(String(decoding: line, as: UTF8.self))
        while let character = rest.first {
            if let variable = variables.first(where: { rest.hasPrefix($0) }) {
                parts.append("")
                rest = rest.dropFirst(variable.count)
            } else if character == "*" || !isSafe(character) {
                parts.append("")
                rest = rest.dropFirst()
            } else {
                parts[parts.count - 1].append(character)
                rest = rest.dropFirst()
            }
        }
        let literals = Array(parts.filter { !$0.isEmpty }.prefix(mostLiterals))
        return TextPattern(parts: literals, openStart: parts[0].isEmpty, openEnd: true).description
    }

    private static let mostLiterals = 12
    private static let variables = [
        "num", "time", "ip", "mac", "uuid", "hex", "id", "path", "url", "email", "host", "card",
        "str", "*",
    ].map { "<" + $0 + ">" }

    /// A template for people: `…` for its variables.
    static func shown(template: [UInt8]) -> String {
        let line = template.prefix { $0 != 0x0A && $0 != 0x0D }
        var text = String(decoding: line, as: UTF8.self)
        for variable in variables { text = replaced(variable, in: text) }
        return text
    }

    private static func replaced(_ variable: String, in text: String) -> String {
        text.split(separator: variable, omittingEmptySubsequences: false).joined(separator: "…")
    }
}
