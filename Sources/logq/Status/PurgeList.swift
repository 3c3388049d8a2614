internal import Arguments
internal import LogModel
internal import LogStore
internal import Presentation
internal import Retention

/// `logq purge --list`.
enum PurgeList {
    /// Exit code 1 where a receipt was changed or is gone.
    static func print(_ arguments: ParsedArguments, _ directory: String) throws -> ExitCode {
        let receipts = try PurgeReceipt.all(in: directory)
        let zone = try Environment.zone(arguments)
        for receipt in receipts {
            let text =
                arguments.isSet("json")
                ? String(decoding: receipt.json(), as: UTF8.self) : line(receipt, zone)
            Standard.output(text)
        }
        let broken = try PurgeReceipt.brokenLinks(receipts, in: directory)
        for receipt in broken {
            CommandLineTool.report(
                "the receipt before purge \(receipt.number) was changed or removed since")
        }
        return broken.isEmpty ? .success : .noneFound
    }

    private static func line(_ receipt: PurgeReceipt, _ zone: Zone) -> String {
        let person = receipt.person
        let sudo = person.sudoUser.isEmpty ? "" : " (\(person.sudoUser))"
        let events = HumanUnits.count(Int64(receipt.events))
        let what: String
        switch receipt.request {
        case .day(let day): what = "day \(day.name)"
        case .query(_, let meaning, let digest, _, _):
            what = meaning.isEmpty ? "a query with digest \(digest.prefix(16))" : meaning
        }
        let state = receipt.state == .done ? "" : " [\(receipt.state.rawValue)]"
        return SafeText.escaped(
            "\(receipt.number)  \(RFC3339.clockText(receipt.began, zone: zone))  "
                + "\(person.user)\(sudo)@\(person.host)  \(events) "
                + "event\(receipt.events == 1 ? "" : "s")\(state)  \(what): \(receipt.reason)")
            + "\n"
    }
}
