import Glibc

extension Zone {
    /// The zone of a name: `Asia/Shanghai`, `UTC`, `Z`, `local`, or an offset like `+08:00`.
    ///
    /// Reads one small file of the system's zone directory (`/usr/share/zoneinfo`, or `TZDIR`).
    /// Offsets may be written `+08:00`, `+0800`, `-7` and `UTC+8`, up to 18 hours; east of
    /// Greenwich is plus, also in `GMT+8`. Names that would leave the directory are refused, and
    /// an unknown one lists the directory to suggest what was meant.
    package static func named(_ name: String) throws(ZoneError) -> Zone {
        if utcNames.contains(name) { return utc }
        if name == "local" { return local() }
        if let offset = fixedOffset(Array(name.utf8)) {
            return offset == 0 ? utc : Zone(name: fixedName(offset), offset: offset)
        }
        guard isPlainName(name) else {
            throw ZoneError(name: name, problem: "not a zone name", suggestions: [])
        }
        guard let bytes = ZoneDirectory.read("\(ZoneDirectory.path)/\(name)") else {
            // A rule as in `TZ`, such as CST-8.
            if let rule = PosixZoneRule(name.utf8) {
                return Zone(name: name, file: TimeZoneFile(rule: rule))
            }
            let near = ZoneSuggestions.near(name, among: ZoneDirectory.names())
            throw ZoneError(name: name, problem: "unknown", suggestions: near)
        }
        guard let file = TimeZoneFile(bytes) else {
            let problem = "its file in \(ZoneDirectory.path) is damaged or counts leap seconds"
            throw ZoneError(name: name, problem: problem, suggestions: [])
        }
        return Zone(name: name, file: file)
    }

    /// The machine's zone: the `TZ` variable, else `/etc/localtime`, else UTC.
    ///
    /// `TZ` may hold a name, a path or a POSIX rule (`CST-8`), each with or without a leading
    /// colon; as in the C library an unknown one means UTC. The name comes from the link's target
    /// or from `/etc/timezone`.
    package static func local() -> Zone {
        if let variable = getenv("TZ") { return fromEnvironment(String(cString: variable)) }
        let target = ZoneDirectory.linkTarget("/etc/localtime").flatMap(ZoneDirectory.zoneName)
        if let target, let zone = database(target) { return zone }
        let name = target ?? ZoneDirectory.firstLine("/etc/timezone")
        if let file = ZoneDirectory.read("/etc/localtime").flatMap(TimeZoneFile.init) {
            return Zone(name: name ?? "local", file: file)
        }
        return name.flatMap(database) ?? utc
    }

    /// The zone that a value of the `TZ` variable means.
    static func fromEnvironment(_ value: String) -> Zone {
        let name = value.hasPrefix(":") ? String(value.dropFirst()) : value
        if name.hasPrefix("/") {
            guard let file = ZoneDirectory.read(name).flatMap(TimeZoneFile.init) else { return utc }
            return Zone(name: ZoneDirectory.zoneName(inPath: name) ?? "local", file: file)
        }
        if let zone = database(name) { return zone }
        guard let rule = PosixZoneRule(name.utf8) else { return utc }
        return Zone(name: name, file: TimeZoneFile(rule: rule))
    }

    private static func database(_ name: String) -> Zone? {
        if utcNames.contains(name) { return utc }
        guard isPlainName(name), let bytes = ZoneDirectory.read("\(ZoneDirectory.path)/\(name)")
        else { return nil }
        return TimeZoneFile(bytes).map { Zone(name: name, file: $0) }
    }

    /// Known without the zone directory, which small machines may lack.
    private static let utcNames: Set<String> = [
        "UTC", "utc", "Z", "z", "GMT", "UCT", "Zulu", "Universal", "Etc/UTC", "Etc/GMT", "Etc/UCT",
        "Etc/Zulu", "Etc/Universal",
    ]

    private static func isPlainName(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        let parts = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return bytes.count <= 255 && bytes.allSatisfy(isNameByte)
            && parts.allSatisfy { !$0.isEmpty && $0.first != UInt8(ascii: ".") }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
            UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "/"):
            true
        default: false
        }
    }

    private static func fixedOffset(_ name: [UInt8]) -> Int? {
        var text = name[...]
        if text.starts(with: "UTC".utf8) || text.starts(with: "GMT".utf8) {
            text = text.dropFirst(3)
        }
        guard let sign = text.popFirst(), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-")
        else { return nil }
        let parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        var digits = Array(parts.joined())
        guard digits.allSatisfy({ DigitReader.digit($0) <= 9 }) else { return nil }
        switch (parts.count, digits.count) {
        case (1, 1), (1, 2): digits += [0x30, 0x30]
        case (1, 3), (1, 4): break
        case (2, 3), (2, 4): guard parts[1].count == 2 else { return nil }
        default: return nil
        }
        let value = digits.reduce(0) { $0 * 10 + Int(DigitReader.digit($1)) }
        let seconds = value / 100 * 3_600 + value % 100 * 60
        guard value % 100 <= 59, seconds <= 64_800 else { return nil }
        return sign == UInt8(ascii: "-") ? 0 - seconds : seconds
    }

    private static func fixedName(_ offset: Int) -> String {
        let minutes = abs(offset) / 60
        let digits = String(10_000 + minutes / 60 * 100 + minutes % 60)
        return "\(offset < 0 ? "-" : "+")\(digits.dropFirst().prefix(2)):\(digits.suffix(2))"
    }
}

/// The system's directory of compiled time zones.
enum ZoneDirectory {
    /// `TZDIR`, else where Debian, Red Hat and Alpine put it.
    static var path: String {
        getenv("TZDIR").map { String(cString: $0) } ?? "/usr/share/zoneinfo"
    }

    /// The bytes of a regular file up to 1 MiB (the largest zone has 4 KiB), else nil.
    static func read(_ path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            status.st_size <= 1 << 20
        else { return nil }
        let size = Int(status.st_size)
        return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                let got = Glibc.read(
                    descriptor, buffer.baseAddress.map { $0 + count }, size - count)
                if got < 0, errno == EINTR { continue }
                guard got > 0 else { return }
                count += got
            }
        }
    }

    /// What a symbolic link holds.
    static func linkTarget(_ path: String) -> String? {
        let bytes = [UInt8](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, count in
            let length = buffer.withMemoryRebound(to: CChar.self) { text in
                text.baseAddress.map { readlink(path, $0, text.count) } ?? 0
            }
            count = max(0, length)
        }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }

    /// The part of a path after `zoneinfo/`, without the variants `posix/` and `right/`.
    static func zoneName(inPath path: String) -> String? {
        let parts = path.split(separator: "/")
        guard let root = parts.lastIndex(of: "zoneinfo") else { return nil }
        let name = parts[(root + 1)...].drop { $0 == "posix" || $0 == "right" }
        return name.isEmpty ? nil : name.joined(separator: "/")
    }

    static func firstLine(_ path: String) -> String? {
        guard let line = read(path)?.split(separator: 0x0A).first else { return nil }
        return String(decoding: line, as: UTF8.self)
    }

    /// All zone names, unordered; empty without the directory. Costs about a millisecond.
    static func names() -> [String] {
        var found: [String] = []
        list(path, prefix: "", depth: 0, into: &found)
        return found
    }

    private static func list(
        _ directory: String, prefix: String, depth: Int, into found: inout [String]
    ) {
        guard depth < 4, let stream = opendir(directory) else { return }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            // Tables such as zone1970.tab, and the variants posix and right, start otherwise.
            guard let first = name.utf8.first, (0x41...0x5A).contains(first) else { continue }
            if entry.pointee.d_type == DT_DIR {
                list(
                    "\(directory)/\(name)", prefix: "\(prefix)\(name)/", depth: depth + 1,
                    into: &found)
            } else {
                found.append(prefix + name)
            }
        }
    }
}
