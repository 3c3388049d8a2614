internal import LogModel
internal import LogQuery
internal import LogStore
internal import Presentation

/// What a search has to say of its sources: known gaps in its window, files that are not read to
/// where the window reaches, and what was removed of the window.
///
/// Costs a statement for each of them; where a shipper follows files, a `stat` for each that the query
/// can match.
struct SourceNotes {
    let lines: [String]

    private static let mostLines = 10

    init(_ search: Search, zone: Zone) throws(StoreError) {
        lines =
            try search.gaps().map { GapText.note($0, zone: zone) }
            + search.lags().map {
                "\(GapText.name($0.content.file.path, host: $0.content.host)) is "
                    + FileLag.text(bytes: $0.bytes ?? $0.size, nanoseconds: $0.nanoseconds)
            } + RemovalText.notes(try search.removals())
    }

    /// Prints them on standard error.
    func report() {
        for line in lines.prefix(Self.mostLines) { CommandLineTool.report(line) }
        let hidden = lines.count - Self.mostLines
        if hidden > 0 {
            CommandLineTool.report(
                "and \(hidden) more; 'logq audit' names the gaps, 'logq status' what is behind")
        }
    }
}

/// Gaps in words.
enum GapText {
    /// `control.log on control-1`.
    static func name(_ path: String, host: String) -> String {
        let base = path.split(separator: "/").last.map(String.init) ?? path
        return host.isEmpty ? base : "\(base) on \(host)"
    }

    /// `known gap: control.log on control-1: …`.
    static func note(_ gap: Gap, zone: Zone) -> String {
        "known gap: \(name(gap.generation.path, host: gap.generation.host)): "
            + what(gap, zone: zone)
    }

    static func what(_ gap: Gap, zone: Zone) -> String {
        let span = RFC3339.clockTexts(
            gap.times.lowerBound, max(gap.times.lowerBound, gap.times.upperBound &- 1),
            joinedBy: "and", zone: zone)
        guard gap.missingBytes > 0 else {
            return "lines written between \(span) may be lost: it was truncated while it was read"
        }
        let bytes = "\(HumanUnits.count(gap.missingBytes)) byte\(gap.missingBytes == 1 ? "" : "s")"
        let verb = gap.missingBytes == 1 ? "was" : "were"
        return gap.isCut
            ? "\(bytes) between \(span) \(verb) truncated before they were read"
            : "\(bytes) between \(span) \(verb) not read before the file was gone"
    }
}
