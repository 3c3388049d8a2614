internal import Arguments

/// `logq incident`: fault records that rest on evidence, a sub-command each.
enum IncidentCommand {
    static let command = Command(
        group: "incident",
        summary: "fault records: what happened, why, and the log lines that show it",
        discussion: """
            A record has the fields that fault reports ask for: time, type, description, impact scope, \
            handling steps, root cause, prevention, handlers. It keeps copies of the log lines that \
            it rests on, which outlive the logs, and every change of it. Nothing in it is ever \
            changed unseen: each entry has the digest of the one before.
            Records are named INC-2026-0007; 2026-7 and, for the newest such record, 7 will do.
            """,
        examples: [
            ("logq incident list", "the records there are")
        ],
        subcommands: subcommands)

    private static let subcommands: [Command] = [
        IncidentNewCommand.command, IncidentListCommand.command, IncidentShowCommand.command,
        IncidentEditCommand.command, IncidentStepCommand.command,
        IncidentPinCommand.command, IncidentUnpinCommand.command, IncidentTimelineCommand.command,
        IncidentMatchCommand.command, IncidentRecurrencesCommand.command,
        IncidentSimilarCommand.command,
        IncidentLintCommand.command, IncidentCloseCommand.command, IncidentReopenCommand.command,
        IncidentExportCommand.command, IncidentImportCommand.command, IncidentVerifyCommand.command,
        IncidentStatsCommand.command, IncidentPurgeCommand.command,
        // In the order in which a record comes about.
        IncidentPinCommand.command, IncidentUnpinCommand.command,
        IncidentListCommand.command,
        IncidentTimelineCommand.command,
        IncidentExportCommand.command,
        IncidentPurgeCommand.command,
    ]
}
