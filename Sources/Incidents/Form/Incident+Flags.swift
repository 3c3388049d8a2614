package import Configuration
package import LogModel

extension Incident {
    /// Sets a field to what a flag of the command line says; empty values clear it.
    ///
    /// Texts are taken as they are. An item of a structured list may have details behind it, `TEXT; owner: 李雷`,
    /// and a step a time before it. A list begins anew, unless its first value is `+`.
    package mutating func set(
        _ field: IncidentField, flag values: [String], pins: Set<Int>, zone: Zone, now: Int64,
        language: Language
    ) throws(ConfigurationError.Fault) {
        let reader = FormValues(
            zone: zone, now: now, pins: pins.union(self.pins), language: language, status: status)
        if field.isList {
            if values.first != "+" { clear(field) }
            let items = values.dropFirst(values.first == "+" ? 1 : 0).filter { !$0.isEmpty }
            return try append(items, to: field, reader)
        }
        let value = values.last ?? ""
        clear(field)
        switch field.shape {
        case .text(let path): self[keyPath: path] = value
        case .line(let path): self[keyPath: path] = try Self.line(value)
        default:
            guard !value.isEmpty else { return }
            let bytes = Array(value.utf8)[...]
            try set(field, FormLine(number: 0, column: 0, bytes: bytes), reader)
        }
    }

    private mutating func append(
        _ values: [String], to field: IncidentField, _ reader: FormValues
    ) throws(ConfigurationError.Fault) {
        var faults: [ConfigurationError.Fault] = []
        for value in values {
            if case .lines(let path) = field.shape {
                self[keyPath: path].append(try Self.line(value))
                continue
            }
            let item = try FormItem(flag: value, of: field)
            try append([item], to: field, reader, &faults)
        }
        if let fault = faults.first { throw fault }
    }

    private static func line(_ value: String) throws(ConfigurationError.Fault) -> String {
        guard value.utf8.allSatisfy({ $0 != 0x0A && $0 != 0x0D }) else {
            throw ConfigurationError.Fault("it has one line")
        }
        return value
    }
}
