internal import Incidents
internal import LogModel
internal import Presentation

/// A draft for people and for programs.
struct IncidentDraftOutput {
    let draft: IncidentDraft
    let request: DraftRequest
    /// The record that was made of it.
    let id: IncidentID?

    /// The form, with what is not known as remarks.
    func form() -> String {
        let form = IncidentForm(nil, zone: request.zone)
        let bytes = form.text(
            of: draft.incident, in: request.language, remarks: draft.remarks)
        return String(decoding: bytes, as: UTF8.self)
    }

    func json() -> String {
        var json = JSONWriter()
        json.beginObject()
        if let id {
            json.key("id")
            json.string(id.description)
        }
        json.key("incident")
        json.beginObject()
        draft.incident.writeMembers(to: &json)
        json.endObject()
        json.key("ongoing")
        json.boolean(draft.fault.isOngoing)
        write("findings", draft.findings, to: &json)
        write("deployments", draft.deployments, to: &json)
        write("known_faults", draft.knownFaults, to: &json)
        json.key("similar")
        json.beginArray()
        for record in draft.similar {
            json.beginObject()
            record.write(to: &json)
            json.endObject()
        }
        json.endArray()
        json.key("pins")
        json.beginArray()
        for pin in draft.pins { write(pin, to: &json) }
        json.endArray()
        json.key("unknown")
        json.beginObject()
        for field in IncidentField.allCases {
            guard let remark = draft.remarks[field] else { continue }
            json.key(field.rawValue)
            json.string(remark)
        }
        json.endObject()
        json.key("gaps")
        json.beginArray()
        for gap in draft.gaps { json.string(gap) }
        json.endArray()
        json.endObject()
        json.endLine()
        return String(decoding: json.bytes, as: UTF8.self)
    }

    private func write(_ pin: Pin, to json: inout JSONWriter) {
        json.beginObject()
        json.key("pin")
        json.string(pin.name)
        json.key("id")
        json.string(pin.event.uid)
        json.key("note")
        json.string(pin.note)
        json.key("text")
        json.string(pin.originals.event.span)
        json.endObject()
    }

    private func write(_ name: String, _ findings: [Finding], to json: inout JSONWriter) {
        json.key(name)
        json.beginArray()
        for finding in findings {
            json.beginObject()
            json.key("text")
            json.string(finding.text)
            json.key("query")
            json.string(finding.query)
            json.key("events")
            json.integer(Int64(finding.events))
            json.key("onset")
            json.string(RFC3339.text(finding.onset))
            json.key("pins")
            json.beginArray()
            for pin in finding.pins { json.string("P\(pin)") }
            json.endArray()
            json.endObject()
        }
        json.endArray()
    }
}
