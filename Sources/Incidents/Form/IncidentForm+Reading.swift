package import Configuration

extension IncidentForm {
    /// What a form says, over the record that it was made of; all its mistakes at once.
    ///
    /// `pins` are the numbers of the record's pins: evidence that is none of them, nor of `base`, is a mistake.
    /// Times relative to now are relative to `now`.
    package func incident(
        in bytes: [UInt8], over base: Incident, pins: Set<Int>, at now: Int64,
        language: Language, file: String
    ) throws(ConfigurationError) -> Incident {
        let scanner = FormScanner(bytes)
        var faults = scanner.faults
        let values = FormValues(
            zone: zone, now: now, pins: pins.union(base.pins), language: language,
            status: base.status)
        var incident = base
        for section in scanner.sections {
            do throws(ConfigurationError.Fault) {
                try incident.set(section, values, &faults)
            } catch { faults.append(error) }
        }
        guard faults.isEmpty else { throw ConfigurationError(file: file, faults: faults) }
        return incident
    }
}

extension Incident {
    /// The numbers of all pins that the record refers to.
    package var pins: Set<Int> { Set(impact.flatMap(\.pins) + steps.flatMap(\.pins)) }

    /// Sets the field of a section; of a list, the items that can be read, and the faults of the others.
    fileprivate mutating func set(
        _ section: FormSection, _ values: FormValues, _ faults: inout [FormValues.Fault]
    ) throws(FormValues.Fault) {
        clear(section.field)
        if section.field.isList {
            let items = FormItem.items(of: section, faults: &faults)
            try append(items, to: section.field, values, &faults)
        } else if case .text(let path) = section.field.shape {
            self[keyPath: path] = FormText.text(
                of: section.lines.map { ($0.bytes, $0.isLiteral) }, in: .section)
        } else {
            let lines = section.lines.filter { !$0.isBlank }
            if lines.count > 1 {
                throw lines[1].fault(
                    "'\(section.field.name(in: values.language))' has one line",
                    help: "take this one out, or write it elsewhere")
            }
            if let line = lines.first { try set(section.field, line, values) }
        }
    }

    /// Sets a field that has one line.
    mutating func set(
        _ field: IncidentField, _ line: FormLine, _ values: FormValues
    ) throws(FormValues.Fault) {
        switch field.shape {
        case .line(let path):
            self[keyPath: path] = FormText.text(ofLine: line.bytes, in: .section)
        case .time(let path): self[keyPath: path] = try values.time(line)
        case .type: type = try values.type(line)
        case .severity: severity = try values.severity(line)
        case .status: status = try values.status(line)
        case .text, .lines, .impact, .steps, .actions, .related: break
        }
    }

    /// Adds items to a field that is a list.
    mutating func append(
        _ items: [FormItem], to field: IncidentField, _ values: FormValues,
        _ faults: inout [FormValues.Fault]
    ) throws(FormValues.Fault) {
        for item in items {
            do throws(FormValues.Fault) {
                switch field.shape {
                case .lines(let path):
                    self[keyPath: path].append(try item.line(of: field, in: values.language))
                case .related:
                    _ = try item.line(of: field, in: values.language)
                    related.append(try values.related(item.lines[0]))
                case .impact: impact.append(try values.claim(item))
                case .steps: steps.append(try values.step(item))
                case .actions: actions.append(try values.action(item))
                case .line, .text, .time, .type, .severity, .status: break
                }
            } catch { faults.append(error) }
        }
    }
}
