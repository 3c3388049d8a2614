internal import Arguments
internal import Glibc
internal import LogModel
internal import LogParsing
internal import LogShipping
internal import LogStore
internal import Presentation

/// `logq ship --check`: what a configuration means, and which files it would read as what.
enum ShipCheck {
    /// Prints it, and writes nothing to the store, which need not be there yet.
    ///
    /// The exit code is that of an answer: 1 where no file would be read, 3 where something could
    /// not be looked at. Mistakes in the configuration ended it before.
    static func run(
        _ configuration: ShipperConfiguration, store directory: String, formats: FormatLibrary
    ) throws -> ExitCode {
        let (store, state) = try existingStore(directory)
        let preview = try ShippingPreview(
            of: configuration, formats: formats, store: store, excluding: [directory])
        let report = ShipCheckReport(configuration, preview)
        Standard.output(
            SafeText.escaped("store: \(directory), \(state)\n" + report.text, keepNewlines: true))
        for problem in preview.problems { CommandLineTool.report(problem.description) }
        if report.hasUnreadable || !preview.problems.isEmpty { return .incomplete }
        return preview.files.isEmpty ? .noneFound : .success
    }

    private static func existingStore(
        _ directory: String
    ) throws(StoreError) -> (Store?, state: String) {
        do throws(StoreError) {
            return (try Store(directory: directory), "there")
        } catch .missing {
            let isClosed = access(directory, X_OK) != 0 && errno == EACCES
            return (nil, isClosed ? "closed to this user, so all looks new" : "not there yet")
        }
    }
}

/// The text of a check: each source with what its events get, its files, and what is odd.
struct ShipCheckReport {
    private let configuration: ShipperConfiguration
    private let preview: ShippingPreview

    init(_ configuration: ShipperConfiguration, _ preview: ShippingPreview) {
        self.configuration = configuration
        self.preview = preview
    }

    var hasUnreadable: Bool {
        preview.files.contains { file in
            if case .unreadable = file.content { true } else { false }
        }
    }

    var text: String {
        var text = limits
        for index in configuration.sources.indices {
            let source = configuration.sources[index]
            text += "\n\(source.name)\n"
            for line in Self.settings(source) { text += "  " + line + "\n" }
            for file in preview.files where file.source == index { text += line(for: file) }
            for glob in preview.unmatched where glob.source == index {
                text += "  nothing: \(glob.glob): \(glob.reason)\n"
            }
        }
        let total = preview.files.reduce(Int64(0)) { $0 + $1.size }
        let count = preview.files.count
        let files = count == 1 ? "1 file" : "\(HumanUnits.count(Int64(count))) files"
        return text + "\n\(files), \(HumanUnits.bytes(total))\n"
    }

    private var limits: String {
        let ballast =
            configuration.ballast == 0
            ? "no ballast" : "ballast of \(Self.size(configuration.ballast))"
        return """
            keeps \(Self.size(configuration.reserve)) of its disk free, \(ballast); \
            at most \(configuration.descriptors) files open; a look at everything each \
            \(HumanUnits.duration(nanoseconds: configuration.rescan))

            """
    }

    /// In the units in which sizes are set.
    private static func size(_ bytes: Int64) -> String {
        if bytes == 0 || bytes % (1 << 20) != 0 { return HumanUnits.bytes(bytes) }
        return bytes % (1 << 30) == 0 ? "\(bytes >> 30) GiB" : "\(bytes >> 20) MiB"
    }

    // MARK: A source

    private static func settings(_ source: SourceConfiguration) -> [String] {
        let service = source.service.map { "service \($0)" } ?? "service by format or name"
        let environment = source.environment.isEmpty ? "" : ", env \(source.environment)"
        let format = source.format.map { $0.name == "inline" ? $0.title : $0.name }
        var lines = [
            "host \(source.host), \(service)\(environment)",
            "format \(format ?? "by content"), zone \(source.zone.name), "
                + (source.encoding == .utf8 ? "encoding by content" : "encoding gb18030"),
            "what is new is read from \(beginning(source.start, source.zone))",
        ]
        if !source.exceptFiles.isEmpty {
            lines.append("without files " + source.exceptFiles.joined(separator: " "))
        }
        for test in source.include { lines.append("only events with \(test)") }
        for test in source.exclude { lines.append("without events with \(test)") }
        return lines
    }

    private static func beginning(_ start: Start, _ zone: Zone) -> String {
        switch start {
        case .beginning: "the beginning"
        case .end: "its end"
        case .time(let time): RFC3339.clockText(time, zone: zone) + " on"
        }
    }

    // MARK: A file

    private func line(for file: ShippingPreview.File) -> String {
        let size = HumanUnits.bytes(file.size)
        let padding = String(repeating: " ", count: max(0, 8 - size.utf8.count))
        var line = "  \(padding)\(size)  \(file.path): \(words(for: file))"
        if !file.otherSources.isEmpty {
            let names = file.otherSources.map { "'\(configuration.sources[$0].name)'" }
            line += "; also named by \(names.joined(separator: ", ")): the first source has it"
        }
        return line + "\n"
    }

    private func words(for file: ShippingPreview.File) -> String {
        switch file.content {
        case .empty: return "empty"
        case .other(let kind): return "left out, it is \(kind)"
        case .unreadable(let reason): return "cannot be read: \(reason)"
        case .text(let format, let encoding, let beginning):
            let kind = "\(format.isEmpty ? "no known format" : format), \(encoding)"
            let zone = configuration.sources[file.source].zone
            switch beginning {
            case .new(let start): return "\(kind); new, from \(Self.beginning(start, zone))"
            case .known(let position):
                return "\(kind); known, goes on at byte \(HumanUnits.count(position))"
            case .whole: return "\(kind); known, nothing new"
            }
        }
    }
}
