/// Reports of fault records, for people who were not there.
package enum Report {
    /// Markdown, readable as it stands; no text of people or logs has a meaning in it.
    package static func markdown(
        _ document: IncidentDocument, _ settings: ReportSettings
    ) -> [UInt8] {
        MarkdownReport.text(ReportComposer(document, settings).blocks(), settings)
    }

    /// A page of HTML that needs nothing else and runs nothing.
    package static func html(_ document: IncidentDocument, _ settings: ReportSettings) -> [UInt8] {
        let composer = ReportComposer(document, settings)
        let incident = document.record
        return HTMLReport.text(
            composer.blocks(), titled: "\(incident.id) \(incident.incident.title)", settings)
    }
}
