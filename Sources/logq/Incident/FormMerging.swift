internal import Arguments
internal import Glibc
internal import Incidents
internal import LogModel
internal import LogStore
internal import Presentation

/// A filled in form that becomes a revision, beside whatever others did to the record meanwhile.
struct FormMerging {
    private let arguments: ParsedArguments
    private let filled: FormSession.Filled
    private let base: Incident?
    private let session: FormSession

    init(_ arguments: ParsedArguments, _ filled: FormSession.Filled, base: Incident?) throws {
        (self.arguments, self.filled, self.base) = (arguments, filled, base)
        session = try FormSession(arguments)
    }

    func save(_ id: IncidentID) throws -> ExitCode {
        try session.keeping(filled.form, filled.path) { try merge(id) }
    }

    /// Reads the record and adds the revision under the lock of those who write, so that nobody comes
    /// in between.
    private func merge(_ id: IncidentID) throws -> ExitCode {
        let store = try IncidentOptions.storeForChanges(arguments)
        let stored = try store.record(id)
        let merge = IncidentMerge(
            base: base, mine: filled.incident, theirs: stored.incident)
        let others = try others(id, in: store)
        guard merge.conflicts.isEmpty else {
            return try keep(merge, stored, others)
        }
        if !merge.theirs.isEmpty {
            report(id, others, merge)
            Standard.error("your changes are put together with these\n")
        }
        try IncidentOptions.revise(stored, merge.merged, arguments, in: store)
        filled.done()
        return .success
    }

    /// The entries since the form was made.
    private func others(_ id: IncidentID, in store: IncidentStore) throws -> [Entry] {
        try store.entries(of: id).map(\.entry).filter { $0.number > filled.form.entry }
    }

    private func report(_ id: IncidentID, _ others: [Entry], _ merge: IncidentMerge) {
        let fields = merge.theirs.map { $0.name(in: session.language) }.joined(separator: ", ")
        CommandLineTool.report("\(id) was changed since your form was made: \(fields)")
        for entry in others where entry.kind.isRevision {
            let time = RFC3339.clockText(entry.time, zone: filled.form.zone)
            let line =
                "  entry \(entry.number), \(entry.kind.rawValue), \(time), by \(entry.author)"
            Standard.error(SafeText.escaped(line) + "\n")
        }
    }

    /// Leaves the record alone; the form stays, with what the others wrote as hints in it.
    private func keep(
        _ merge: IncidentMerge, _ stored: StoredIncident, _ others: [Entry]
    ) throws -> ExitCode {
        report(stored.id, others, merge)
        let form = IncidentForm(stored.id, entry: stored.entries, zone: filled.form.zone)
        let author = others.last { $0.kind.isRevision }?.author ?? "the record"
        var remarks: [IncidentField: String] = [:]
        for field in merge.conflicts {
            let (mine, theirs) = (
                text(of: field, filled.incident), text(of: field, stored.incident)
            )
            let isEnglish = session.language == .english
            remarks[field] = author + (isEnglish ? " wrote:" : " 写的是：") + "\n" + theirs
            Standard.error(
                SafeText.escaped(
                    """
                    \(field.name(in: session.language))
                      \(author): \(indented(theirs))
                      you: \(indented(mine))

                    """, keepNewlines: true))
        }
        let path = filled.isTemporary ? filled.path : filled.path + ".merged.md"
        try SmallFile.replace(
            path, by: form.text(of: merge.merged, in: session.language, remarks: remarks))
        CommandLineTool.report(
            "nothing is changed, and nothing is lost: \(path) has your form, with their texts as "
                + "hints where both of you wrote; choose, then " + session.goOn(form, path))
        return .failure
    }

    private func text(of field: IncidentField, _ incident: Incident) -> String {
        let lines = filled.form.content(of: field, incident, session.language)
        let text = String(decoding: Array(lines.joined(separator: [0x0A])), as: UTF8.self)
        return text.isEmpty ? "-" : text
    }

    private func indented(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\n    ")
    }
}
