internal import LogModel
internal import LogStore

/// Where an exported file lies: `HOST/SERVICE/DAY/PATH.gz`, the path as it was on its host.
///
/// Whatever the names were, what comes out is a relative path of `A–Z a–z 0–9 . _ - + = , ~ @ %` and slashes,
/// without `.` or `..`, in pieces of at most 200 bytes; different sources get different ones, of
/// which none is the directory of another. Other bytes become `%` and two hexadecimal digits. A service with
/// an environment is `SERVICE@ENVIRONMENT`, a relative path begins with the directory `%`, and a
/// name that is too long ends in `%%` and the start of its SHA-256.
enum ExportPath {
    static func path(of source: EventSource, _ day: Day) -> String {
        let environment = source.environment.isEmpty ? "" : "@" + escaped(source.environment)
        return [
            host(source.host), piece(escaped(source.service) + environment), day.name,
            file(source.path),
        ].joined(separator: "/")
    }

    private static func host(_ name: String) -> String {
        // The lists of the export are there already.
        let isTaken = name.hasPrefix("INDEX") || name.hasPrefix("SHA256SUMS")
        return piece((isTaken ? "%=" : "") + escaped(name))
    }

    private static func file(_ path: String) -> String {
        var names = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        if path.hasPrefix("/") { names.removeFirst() } else { names.insert("%", at: 0) }
        var pieces = names.enumerated().map { index, name in
            name == "%" && index == 0 && !path.hasPrefix("/") ? name : piece(escaped(name))
        }
        let last = pieces.removeLast()
        // No directory has the name of a file.
        pieces = pieces.map { $0.replacing(".gz", with: "%2Egz") }
        let whole = (pieces + [last]).joined(separator: "/")
        return (whole.utf8.count <= 3000 ? whole : shortened(whole, of: path)) + ".gz"
    }

    private static func escaped(_ name: String) -> String {
        // Nothing is an option, hidden, or the directory above.
        let isMarked = name.hasPrefix("-") || name.hasPrefix(".")
        var text = ""
        for (index, byte) in name.utf8.enumerated() {
            if isSafe(byte), !(index == 0 && isMarked) {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                text += "%" + Digest.hex([byte]).uppercased()
            }
        }
        return text
    }

    private static func isSafe(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "._-+=,~".utf8.contains(byte)
        }
    }

    /// An empty name is `%-`, which no other one is.
    private static func piece(_ name: String) -> String {
        if name.isEmpty { return "%-" }
        return name.utf8.count <= 200 ? name : shortened(name, of: name)
    }

    private static func shortened(_ text: String, of name: String) -> String {
        let sum = Digest.hex(Digest.sha256(name.utf8).prefix(12))
        return text.replacing("/", with: "%2F").prefix(160) + "%%" + sum
    }
}
