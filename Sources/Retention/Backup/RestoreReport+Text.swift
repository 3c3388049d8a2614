internal import Glibc
internal import LogModel
package import LogStore

/// The written record of a restore.
extension RestoreReport {
    /// Writes the record to `restores/restore-TIME.txt` in the store; returns its path.
    package func writeRecord(in directory: String) throws(StoreError) -> String {
        let folder = directory + "/restores"
        if mkdir(folder, 0o700) != 0, errno != EEXIST { throw .writing(folder, action: "make") }
        let time = RFC3339.text(started).filter { $0 != ":" && $0 != "-" }
        let path = "\(folder)/restore-\(time.prefix(15))Z.txt"
        try SmallFile.replace(path, by: Array(text.utf8))
        return path
    }

    /// For people: what was chosen, done, verified, and what cannot come back.
    package var text: String {
        var lines = [
            "restore of \(RFC3339.text(started))", "",
            "backup      \(place)",
            "  of        \(information.host):\(information.path)",
            "  made      \(information.made.map(RFC3339.text) ?? "-")",
            "chosen      \(chosenText)",
            "took        \(Int(seconds * 1000)) ms", "",
        ]
        if restoredCatalog {
            lines += ["The catalogue was missing or could not be read, and was restored.", ""]
        }
        for name in restoredDatabases { lines += ["\(name) was missing, and was restored.", ""] }
        lines += restored.map(Self.line)
        lines += left.map { "\($0.day.name)  left as it is: \($0.state.rawValue)" }
        lines += problems.map { "\($0.day?.name ?? "")  NOT RESTORED: \($0.reason)" }
        lines += ["", "together    \(restored.count) days, \(events) events, \(bytes) bytes"]
        lines += ["", "verified    the sum of each file, and every block of it decoded"]
        lines += sinceText + purgeText
        return lines.map { Escapes.escape($0) + "\n" }.joined()
    }

    private var chosenText: String {
        guard let times = options.times else { return "the whole store" }
        return RFC3339.text(times.lowerBound) + " to "
            + RFC3339.text(times.upperBound)
    }

    private static func line(_ item: RestoredDay) -> String {
        "\(item.plan.day.name)  restored (was \(item.plan.state.rawValue)): "
            + "\(item.manifest.events) events, \(item.manifest.rawBytes) bytes of text, "
            + "file of \(item.manifest.bytes) bytes, sha256 \(Digest.hex(item.manifest.sum))"
    }

    /// What came after the backup: whether it comes again, or cannot.
    private var sinceText: [String] {
        guard !rewinds.isEmpty else {
            return ["", "Nothing is missing of what came after the backup."]
        }
        var lines = ["", "what came for these days after the backup:"]
        for rewind in rewinds {
            let from = "\(rewind.generation.host):\(rewind.generation.path)"
            let count = "up to \(rewind.missingBytes) bytes of \(from)"
            lines.append(
                rewind.isReadAgain
                    ? "  \(count) come again when the file is read again, from \(rewind.start) on"
                    : "  \(count) CANNOT COME BACK: no file has them any more")
        }
        return lines
    }

    private var purgeText: [String] {
        var lines: [String] = []
        if !purgedAgain.isEmpty { lines += ["", "purged once more, as after the backup:"] }
        lines += purgedAgain.map { "\($0.day.name)  by \($0.receipt)" }
        if !toPurgeAgain.isEmpty {
            let days = toPurgeAgain.map(\.name).joined(separator: ", ")
            lines += [
                "", "Lines that were purged may come again with the files: \(days).",
                "Restore the same days once more when the files were read; that purges them.",
            ]
        }
        return lines
    }
}
