internal import Glibc
internal import LogModel
internal import LogStore

/// The two lists of an export: `SHA256SUMS`, which `sha256sum -c` checks, and `INDEX`, which says what is
/// in which file.
///
/// ```
/// # file⇥host⇥service⇥environment⇥path⇥first⇥last⇥events⇥bytes⇥blocks
/// web-1/nginx/2026-10-21/var/log/nginx/access.log.gz⇥web-1⇥nginx⇥⇥/var/log/nginx/access.log⇥…
/// ```
///
/// Sorted by file. Lines of files that this export did not make are kept, so that one directory can be
/// filled day by day. `blocks` is a hash of what the file was made of, by which a later export sees
/// that it would make the same one. Of the names, `\` and control characters are escaped as in manifests.
struct ExportIndex {
    private let directory: String
    /// By file.
    private var lines: [String: String] = [:]
    private var sums: [String: String] = [:]

    private static let head =
        "# file\thost\tservice\tenvironment\tpath\tfirst\tlast\tevents\tbytes\tblocks"
    private static let mostBytes = 1 << 28

    /// Reads the lists that are there.
    init(of directory: String) throws(StoreError) {
        self.directory = directory
        for line in try Self.lines(directory + "/INDEX") where !line.hasPrefix("#") {
            if let end = line.firstIndex(of: "\t") { lines[String(line[..<end])] = line }
        }
        for line in try Self.lines(directory + "/SHA256SUMS") where line.utf8.count > 66 {
            sums[String(line.dropFirst(66))] = String(line.prefix(64))
        }
    }

    private static func lines(_ path: String) throws(StoreError) -> [String] {
        guard access(path, F_OK) == 0 else { return [] }
        let text = String(
            decoding: try SmallFile.read(path, limit: mostBytes), as: UTF8.self)
        return text.split(separator: "\n").map(String.init)
    }

    /// The sum that a file is said to have.
    func sum(of file: String) -> String? { sums[file] }

    /// What the list says of a file.
    func figures(
        of file: String
    ) -> (times: ClosedRange<Int64>, events: Int, rawBytes: Int64, mark: Substring)? {
        guard let fields = lines[file]?.split(separator: "\t", omittingEmptySubsequences: false),
            fields.count == 10, let first = Self.time(fields[5]), let last = Self.time(fields[6]),
            first <= last, let events = Int(fields[7]), let bytes = Int64(fields[8])
        else { return nil }
        return (first...last, events, bytes, fields[9])
    }

    private static func time(_ text: Substring) -> Int64? {
        Array(text.utf8).withUnsafeBufferPointer { RFC3339.parse($0) }
    }

    mutating func add(_ file: ExportedFile) {
        let source = file.source
        let names = [source.host, source.service, source.environment, source.path]
            .map(Escapes.escape)
        let figures = [
            Self.time(file.times.lowerBound), Self.time(file.times.upperBound),
            String(file.events), String(file.rawBytes), file.mark,
        ]
        lines[file.path] = ([file.path] + names + figures).joined(separator: "\t")
        sums[file.path] = Digest.hex(file.sum)
    }

    private static func time(_ time: Int64) -> String {
        var bytes: [UInt8] = []
        RFC3339.append(time, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Writes both lists, each as a new file that then takes the name.
    func write() throws(StoreError) {
        let index = [Self.head] + lines.sorted { $0.key < $1.key }.map(\.value)
        let sums = sums.sorted { $0.key < $1.key }.map { "\($0.value)  \($0.key)" }
        for (name, lines) in [("INDEX", index), ("SHA256SUMS", sums)] {
            try SmallFile.replace(
                directory + "/" + name, by: Array(lines.map { $0 + "\n" }.joined().utf8))
        }
    }
}
