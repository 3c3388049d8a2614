internal import Glibc
internal import LogModel
internal import LogQuery
internal import Presentation

/// Says on a terminal what reading the archive will take, before it is read.
enum ArchiveNote {
    /// Seconds that nobody has to be told of.
    private static let moment: Int64 = 1_000_000_000

    static func tell(of search: Search, isListing: Bool, now: Int64) throws {
        guard TerminalWindow.isTerminal(STDERR_FILENO), let cost = try search.archiveCost(),
            cost.time >= moment
        else { return }
        CommandLineTool.report(text(cost, isListing: isListing, now: now))
    }

    /// `reads 12 archived days: 18 GB of logs, about 25 s; --since 30d leaves them out`.
    static func text(_ cost: ArchiveCost, isListing: Bool, now: Int64) -> String {
        let verb = isListing ? "may read" : "reads"
        let days = "\(verb) \(cost.days) archived day\(cost.days == 1 ? "" : "s"): "
        let price =
            "\(HumanUnits.bytes(cost.bytes)) of logs, about "
            + HumanUnits.duration(nanoseconds: cost.time)
        guard let left = cost.daysLeft(at: now) else { return days + price }
        return days + price + "; --since \(left)d leaves \(cost.days == 1 ? "it" : "them") out"
    }
}
