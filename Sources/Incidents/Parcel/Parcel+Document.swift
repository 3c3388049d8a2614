extension Parcel {
    /// The parcel of a document: its record's chain, and the reports.
    ///
    /// Of a masked document it is a masked copy. The chain must be the one that the document was read from.
    package init(
        _ document: IncidentDocument, _ chain: EntryChain, _ settings: ReportSettings
    ) {
        self.init(chain)
        if document.isMasked {
            let masked = Masked(document.incident, document.pins)
            self.init(chain, masked: masked, digests: document.digests)
        }
        reports = [
            "report.md": Report.markdown(document, settings),
            "report.html": Report.html(document, settings),
            "record.json": Report.json(document),
        ]
    }
}
