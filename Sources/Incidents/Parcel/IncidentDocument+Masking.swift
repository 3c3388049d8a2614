internal import Redaction

extension IncidentDocument {
    /// Replaces personal data and secrets by names in all texts of the record and its pins.
    ///
    /// The same value gets the same name everywhere in it. What `Redactor` knows nothing of stays: names of people,
    /// and who made a change, which stands in the headers that the chain's sums are of. Digests are still those of the
    /// originals.
    package mutating func mask() {
        var redactor = Redactor()
        let stored = record
        record = StoredIncident(
            id: stored.id, incident: stored.incident.masked(by: &redactor), entries: stored.entries,
            revision: stored.revision, root: stored.root, created: stored.created,
            changed: stored.changed)
        for index in pins.indices { pins[index].mask(by: &redactor) }
        removals = removals.map { pin in
            RemovedPin(
                number: pin.number, entry: pin.entry, reason: redactor.masked(pin.reason),
                by: pin.by, time: pin.time, isPurged: pin.isPurged)
        }
        isMasked = true
    }
}

extension Incident {
    fileprivate func masked(by redactor: inout Redactor) -> Incident {
        var incident = self
        for field in IncidentField.allCases {
            switch field.shape {
            case .line(let path), .text(let path):
                incident[keyPath: path] = redactor.masked(self[keyPath: path])
            case .lines(let path):
                incident[keyPath: path] = self[keyPath: path].map { redactor.masked($0) }
            case .impact:
                incident.impact = impact.map { claim in
                    ImpactClaim(
                        redactor.masked(claim.text), query: redactor.masked(claim.query),
                        pins: claim.pins)
                }
            case .steps:
                incident.steps = steps.map { step in
                    HandlingStep(
                        redactor.masked(step.text), at: step.time,
                        by: redactor.masked(step.person), pins: step.pins)
                }
            case .actions:
                incident.actions = actions.map { action in
                    PreventionAction(
                        redactor.masked(action.text), owner: redactor.masked(action.owner),
                        due: action.due, state: action.state)
                }
            case .time, .type, .severity, .status, .related: break
            }
        }
        incident.origin = redactor.masked(origin)
        return incident
    }
}

extension Pin {
    fileprivate mutating func mask(by redactor: inout Redactor) {
        note = redactor.masked(note)
        place.path = redactor.masked(path: place.path)
        finding.query = redactor.masked(finding.query)
        event.fields = event.fields.map { field in
            Field(field.name, redactor.masked(field.value, named: field.name))
        }
        originals.event = redactor.masked(originals.event)
        originals.before = redactor.masked(originals.before)
        originals.after = redactor.masked(originals.after)
    }
}
