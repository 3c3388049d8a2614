/// Fields of records, one by one.
extension Incident {
    /// Takes a field as another record has it.
    package mutating func take(_ field: IncidentField, from other: Incident) {
        switch field.shape {
        case .line(let path), .text(let path): self[keyPath: path] = other[keyPath: path]
        case .time(let path): self[keyPath: path] = other[keyPath: path]
        case .lines(let path): self[keyPath: path] = other[keyPath: path]
        case .type: type = other.type
        case .severity: severity = other.severity
        case .status: status = other.status
        case .impact: impact = other.impact
        case .steps: steps = other.steps
        case .actions: actions = other.actions
        case .related: related = other.related
        }
    }

    /// The fields that another record has differently, to the byte.
    package func fields(differingFrom other: Incident) -> [IncidentField] {
        IncidentField.allCases.filter { only($0).json() != other.only($0).json() }
    }

    /// The record with one field, all others empty.
    package func only(_ field: IncidentField) -> Incident {
        var incident = Incident()
        incident.take(field, from: self)
        return incident
    }

    /// Adds a step behind those that were taken before it; one without a time comes last.
    package mutating func insert(_ step: HandlingStep) {
        let later = step.time.flatMap { time in
            steps.firstIndex { $0.time.map { $0 > time } ?? false }
        }
        steps.insert(step, at: later ?? steps.count)
    }
}
