internal import Arguments
internal import LogModel
internal import LogStore
internal import Presentation

/// `logq status`: what the store holds.
enum StatusCommand {
    static let command = Command(
        declaration: CommandDeclaration(
            name: "status",
            summary: "what the store holds, day by day",
            examples: [("logq status", "days, events and sizes")],
            flags: [Environment.dataFlag],
            operands: nil),
        run: run)

    private static func run(_ arguments: ParsedArguments) throws -> ExitCode {
        let store = try Store(directory: Environment.dataDirectory(arguments))
        var text = ""
        var failures: [StoreError] = []
        for day in try store.days() {
            if let path = store.damagedPart(of: day) {
                failures.append(.damaged(path: path, reason: "set aside earlier"))
            }
            do {
                let totals = try store.partition(day).totals()
                text += day.name
                for column in [
                    HumanUnits.count(Int64(totals.events)) + " events",
                    HumanUnits.bytes(Int64(totals.rawBytes)), "\(totals.blocks) blocks",
                ] {
                    text += "  " + String(repeating: " ", count: max(0, 18 - column.utf8.count))
                    text += column
                }
                text += "\n"
            } catch {
                failures.append(error)
            }
        }
        text += "store: \(SafeText.escaped(store.directory)), "
        text += "\(try store.generations().count) sources\n"
        Standard.output(text)
        for failure in failures { CommandLineTool.report(failure.description) }
        return failures.isEmpty ? .success : .incomplete
    }
}
