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
            ("logq incident new --title '502 on /api/pay' --severity P1", "begin a record"),
            ("logq incident pin 7 '数据库连接超时' --note 'the first one'", "keep log lines as evidence"),
            ("logq incident edit 7", "the record as a form, in your editor"),
            ("logq incident lint 7", "what is missing before it can be closed"),
            ("logq incident export 7 --format html -o report.html", "a report for others"),
        ],
        subcommands: subcommands)

    // In the order in which a record comes about, then what is done with many.
    private static let subcommands: [Command] = [
        IncidentDraftCommand.command,
        IncidentNewCommand.command, IncidentEditCommand.command, IncidentStepCommand.command,
        IncidentPinCommand.command, IncidentUnpinCommand.command, IncidentShowCommand.command,
        IncidentTimelineCommand.command, IncidentLintCommand.command, IncidentCloseCommand.command,
        IncidentReopenCommand.command, IncidentExportCommand.command,
        IncidentImportCommand.command, IncidentVerifyCommand.command,
        IncidentPurgeCommand.command, IncidentListCommand.command, IncidentStatsCommand.command,
        IncidentMatchCommand.command, IncidentSimilarCommand.command,
        IncidentRecurrencesCommand.command,
    ]
}
