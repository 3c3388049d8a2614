internal import LogModel

/// Why a text is no manifest.
struct ManifestError: Error {
    let reason: String
}

/// Reads the text of a manifest, line by line, in the order in which it is written.
struct ManifestReader {
    private var rest: Substring.UTF8View
    private var number = 0

    static func read(_ bytes: [UInt8]) throws(ManifestError) -> Manifest {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ManifestError(reason: "it is not UTF-8")
        }
        var reader = ManifestReader(rest: Substring(text).utf8)
        let manifest = try reader.manifest()
        guard reader.rest.isEmpty else { throw reader.error("more lines than it should have") }
        guard manifest.sources.reduce(0, { $0 &+ $1.events }) == manifest.events,
            manifest.sources.reduce(0, { $0 &+ $1.rawBytes }) == manifest.rawBytes
        else { throw ManifestError(reason: "its counts do not add up") }
        return manifest
    }

    private mutating func manifest() throws(ManifestError) -> Manifest {
        guard try value("logq") == "manifest 1" else { throw error("not '# logq manifest 1'") }
        let name = try value("day")
        guard let day = Day(name: name) else { throw error("'\(name)' is no day") }
        let time = try value("made")
        guard let made = Array(time.utf8).withUnsafeBufferPointer({ RFC3339.parse($0) }) else {
            throw error("'\(time)' is no time")
        }
        let version = try value("version")
        let bytes = try count("bytes")
        let blocks = try count("blocks")
        let events = try count("events")
        let rawBytes = try count("raw")
        var sources: [Manifest.SourceSummary] = []
        while rest.first == 0x23 { sources.append(try source()) }
        return Manifest(
            day: day, made: made, version: version, bytes: bytes, blocks: blocks, events: events,
            rawBytes: rawBytes, sources: sources, sum: try sum(of: day))
    }

    private mutating func line() throws(ManifestError) -> String {
        number += 1
        guard let end = rest.firstIndex(of: 0x0A) else { throw error("the line has no end") }
        let line = String(decoding: rest[..<end], as: UTF8.self)
        rest = rest[rest.index(after: end)...]
        return line
    }

    private mutating func value(_ key: String) throws(ManifestError) -> String {
        let line = try line()
        let start = "# " + key + " "
        guard line.hasPrefix(start), line.utf8.count > start.utf8.count else {
            throw error("not '# \(key) …'")
        }
        return String(line.dropFirst(start.count))
    }

    private mutating func count(_ key: String) throws(ManifestError) -> Int64 {
        let text = try value(key)
        return try number(text)
    }

    /// As it is written: no sign, no zeros in front.
    private func number(_ text: some StringProtocol) throws(ManifestError) -> Int64 {
        guard let number = Int64(text), number >= 0, String(number) == text else {
            throw error("'\(text)' is no number")
        }
        return number
    }

    private mutating func source() throws(ManifestError) -> Manifest.SourceSummary {
        let fields = try value("source").split(separator: "\t", omittingEmptySubsequences: false)
        guard fields.count == 7 else { throw error("not seven fields") }
        let names = try fields.dropFirst(2).map { (field) throws(ManifestError) in
            guard let name = Escapes.unescape(field) else {
                throw error("'\(field)' has an escape that is none")
            }
            return name
        }
        var source = EventSource(
            host: names[1], service: names[2], environment: names[3], path: names[4])
        source.generation = names[0]
        return Manifest.SourceSummary(
            source: source, events: try number(fields[0]), rawBytes: try number(fields[1]))
    }

    private mutating func sum(of day: Day) throws(ManifestError) -> [UInt8] {
        let line = try line()
        let digits = line.prefix(2 * Digest.byteCount)
        guard line.dropFirst(digits.count) == "  \(day.name).db",
            let sum = Self.bytes(digits), sum.count == Digest.byteCount
        else { throw error("not 'SHA256  \(day.name).db'") }
        return sum
    }

    private static func bytes(_ digits: Substring) -> [UInt8]? {
        var nibbles: [UInt8] = []
        for digit in digits.utf8 {
            switch digit {
            case 0x30...0x39: nibbles.append(digit - 0x30)
            case 0x61...0x66: nibbles.append(digit - 0x61 + 10)
            default: return nil
            }
        }
        guard nibbles.count.isMultiple(of: 2) else { return nil }
        return stride(from: 0, to: nibbles.count, by: 2).map { nibbles[$0] << 4 | nibbles[$0 + 1] }
    }

    private func error(_ reason: String) -> ManifestError {
        ManifestError(reason: "line \(number): \(reason)")
    }
}

/// Names in one field of one line, whatever bytes they have: `\` as `\\`, what controls a terminal or a line
/// as `\u{HEX}`.
package enum Escapes {
    package static func escape(_ name: String) -> String {
        var text = ""
        for scalar in name.unicodeScalars {
            if scalar == "\\" {
                text += "\\\\"
            } else if isControl(scalar) {
                text += "\\u{" + String(scalar.value, radix: 16) + "}"
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    /// Nil for what `escape` does not write.
    package static func unescape(_ text: some StringProtocol) -> String? {
        var name = ""
        var rest = Substring(text).unicodeScalars
        while let scalar = rest.popFirst() {
            if scalar != "\\" {
                name.unicodeScalars.append(scalar)
            } else if rest.first == "\\" {
                name.unicodeScalars.append("\\")
                rest.removeFirst()
            } else {
                guard rest.popFirst() == "u", rest.popFirst() == "{",
                    let end = rest.firstIndex(of: "}"),
                    let value = UInt32(String(Substring(rest[..<end])), radix: 16),
                    let escaped = Unicode.Scalar(value)
                else { return nil }
                name.unicodeScalars.append(escaped)
                rest = rest[rest.index(after: end)...]
            }
        }
        return escape(name) == String(text) ? name : nil
    }

    /// Also those that turn the direction of text round, and that end a line.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
