/// What a log file's name says: which service writes it.
package enum FileName {
    /// The last component of a path.
    package static func base(_ path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: 0x2F) else { return path }
        return String(path[path.index(after: slash)...])
    }

    /// The name without compression, rotation numbers, dates and `.log`: `control` for
    /// `control-2026-11-20.0.log.gz`, `localhost_access_log` for `localhost_access_log.2026-11-20.txt`.
    package static func stem(_ path: String) -> String {
        if path == "-" { return "stdin" }
        var stem = base(path)
        while let shorter = withoutDecoration(stem) { stem = shorter }
        return stem
    }

    /// The name without one ending or date; nil when nothing is left to take off.
    private static func withoutDecoration(_ name: String) -> String? {
        if let dot = name.lastIndex(of: "."), dot != name.startIndex {
            let ending = String(name[name.index(after: dot)...])
            if isDecoration(ending) { return String(name[..<dot]) }
        }
        // From the first separator behind which only a date and figures follow.
        for place in name.indices where "-_.".contains(name[place]) && place != name.startIndex {
            let tail = String(name[name.index(after: place)...])
            if isDate(tail) { return String(name[..<place]) }
        }
        return nil
    }

    /// The directory and the stem: what the files of one log's rotation have in common.
    static func family(_ path: String) -> String {
        String(path.dropLast(base(path).count)) + stem(path)
    }

    private static let endings: Set<String> = [
        "gz", "log", "out", "txt", "err", "tmp", "old", "bak", "json",
    ]

    private static func isDecoration(_ part: String) -> Bool {
        endings.contains(part.lowercased()) || isDate(part)
            || part.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// `20261120`, `2026-11-20`, `2026-11-20_10` and other runs of figures and separators.
    private static func isDate(_ part: String) -> Bool {
        let digits = part.utf8.filter { (0x30...0x39).contains($0) }.count
        return digits >= 6 && (part.utf8.first ?? 0) &- 0x30 < 10
            && part.utf8.allSatisfy {
                (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x5F || $0 == 0x54
            }
    }
}
