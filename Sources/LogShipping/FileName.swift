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
        var parts = base(path).split(separator: ".").map(String.init)
        while parts.count > 1, let last = parts.last, isDecoration(last) { parts.removeLast() }
        parts = parts.filter { !isDate($0) }
        var stem = parts.joined(separator: ".")
        while let cut = stem.lastIndex(where: { $0 == "-" || $0 == "_" }),
            isDate(String(stem[stem.index(after: cut)...])) || endsInDate(stem)
        {
            stem = endsInDate(stem) ? String(stem.dropLast(11)) : String(stem[..<cut])
        }
        return stem.isEmpty ? base(path) : stem
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
        return digits >= 6
            && part.utf8.allSatisfy {
                (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x5F || $0 == 0x54
            }
    }

    /// Whether the name ends in `-2026-11-20` or `_2026-11-20`.
    private static func endsInDate(_ stem: String) -> Bool {
        let tail = Array(stem.utf8.suffix(11))
        guard tail.count == 11, tail[0] == 0x2D || tail[0] == 0x5F else { return false }
        return tail.dropFirst().enumerated().allSatisfy { index, byte in
            index == 4 || index == 7 ? byte == 0x2D : (0x30...0x39).contains(byte)
        }
    }
}
