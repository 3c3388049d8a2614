internal import LogModel
internal import LogStore
internal import Presentation

// The shipper's part of `logq status`, for people.
extension ShipperReport {
    /// How many files of a source are shown where not all are asked for.
    private static let fewFiles = 3

    func text(zone: Zone, painter: Painter, allFiles: Bool) -> [UInt8] {
        guard state != nil || isRunning || !sources.isEmpty else { return [] }
        var text: [UInt8] = []
        let (line, style) = stateLine(zone)
        painter.append(SafeText.escaped(line), in: style, to: &text)
        text.append(0x0A)
        for source in sources {
            painter.append(
                SafeText.escaped(source.name) + ": " + source.figures,
                in: source.failing > 0 ? .error : source.isBehind ? .warning : nil, to: &text)
            text.append(0x0A)
            let shown = allFiles ? source.files[...] : source.files.prefix(Self.fewFiles)
            for file in shown { file.append(to: &text, zone, painter) }
            let hidden = source.files.count - shown.count
            if hidden > 0 { text += Array("  and \(hidden) more; --files shows all\n".utf8) }
        }
        return text
    }

    private func stateLine(_ zone: Zone) -> (String, Style?) {
        guard let state else {
            return ("shipper: " + (isRunning ? "starting" : "not running, never left to run"), nil)
        }
        let since = RFC3339.clockText(state.changed, zone: zone)
        guard isRunning else {
            if state.state == "stopped" {
                return ("shipper: not running, stopped \(since)", .warning)
            }
            return ("shipper: not running, killed; it said at \(since): \(state.state)", .error)
        }
        let isAtWork = state.state == "running"
        let started = RFC3339.clockText(state.started, zone: zone)
        return isAtWork
            ? ("shipper: running since \(started), process \(state.process)", nil)
            : ("shipper: \(state.state), since \(since), process \(state.process)", .warning)
    }
}

extension ShipperReport.Source {
    fileprivate var figures: String {
        var parts = [
            "\(HumanUnits.count(Int64(files.count))) file\(files.count == 1 ? "" : "s")",
            HumanUnits.bytes(size),
            bytesBehind == 0 && unread == 0
                ? "up to date" : FileLag.text(bytes: bytesBehind, nanoseconds: nanoseconds),
        ]
        if unread > 0 { parts.append("\(unread) compressed to be read") }
        parts.append(HumanUnits.rate(bytesPerSecond))
        if failing > 0 { parts.append("\(failing) failing") }
        return parts.joined(separator: ", ")
    }
}

extension FileLag {
    /// `12 MB (3 min 5 s) behind`.
    static func text(bytes: Int64, nanoseconds: Int64?) -> String {
        let time = nanoseconds.map { HumanUnits.duration(nanoseconds: $0) }
        return "\(HumanUnits.bytes(bytes)) (\(time ?? "never read to its end")) behind"
    }

    fileprivate func append(to text: inout [UInt8], _ zone: Zone, _ painter: Painter) {
        let file = content.file
        text += Array("  ".utf8)
        painter.append(
            SafeText.escaped(file.path),
            in: !file.error.isEmpty ? .error : isBehind ? .warning : nil, to: &text)
        var parts = [HumanUnits.bytes(size)]
        if file.generation != nil { parts.append("read to \(HumanUnits.count(content.position))") }
        if file.readAt > 0 {
            parts[parts.count - 1] += " at " + RFC3339.clockText(file.readAt, zone: zone)
        }
        switch bytes {
        case nil: parts.append("compressed, not read yet")
        case 0: parts.append("up to date")
        case let bytes?: parts.append(Self.text(bytes: bytes, nanoseconds: nanoseconds))
        }
        parts.append(HumanUnits.rate(file.bytesPerSecond))
        text += Array("\n      \(parts.joined(separator: ", "))\n".utf8)
        guard !file.error.isEmpty else { return }
        text += Array("      ".utf8)
        painter.append(SafeText.escaped(file.error), in: .error, to: &text)
        text.append(0x0A)
    }
}

extension HumanUnits {
    /// `1.2 MB/s`; what is not finite is 0.
    fileprivate static func rate(_ bytesPerSecond: Double) -> String {
        let isSensible = bytesPerSecond.isFinite && bytesPerSecond.magnitude < 1e18
        return bytes(isSensible ? Int64(bytesPerSecond.rounded()) : 0) + "/s"
    }
}
