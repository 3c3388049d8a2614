internal import LogModel
internal import LogParsing
internal import LogShipping
internal import LogStore
internal import Presentation

/// What a file is taken for, in words.
struct ExplanationText {
    private(set) var text = ""
    private let file: FileExplanation
    private let zone: Zone

    init(_ file: FileExplanation, zone: Zone) {
        self.file = file
        self.zone = zone
    }

    private mutating func line(_ name: String, _ value: String) {
        text += name + String(repeating: " ", count: max(1, 10 - name.utf8.count)) + value + "\n"
    }

    mutating func begin() {
        line("file", file.path)
        line(
            "size", HumanUnits.count(file.size) + " bytes" + (file.isCompressed ? ", gzip" : ""))
        if let kind = file.kind { line("kind", "left out, it is \(kind)") }
    }

    mutating func describe(_ generation: Generation) {
        line("content", "\(generation.name), of \(generation.service) on \(generation.host)")
        line("because", beginning(generation))
        for candidate in file.candidates where candidate.generation.id == generation.id {
            line("", candidate.reason)
        }
        line("read to", reached(generation))
        line(
            "format",
            generation.format.isEmpty
                ? "none: no line fits any" : "\(generation.format), times in \(generation.zone)")
        line(
            "first",
            "read \(RFC3339.clockText(generation.observed, zone: zone)) as \(generation.path)")
        if let cut = generation.cutAt {
            line("cut", "its file was truncated \(RFC3339.clockText(cut, zone: zone))")
        }
        if let since = generation.missingSince {
            line("missing", "no file had it since \(RFC3339.clockText(since, zone: zone))")
        }
    }

    private func beginning(_ generation: Generation) -> String {
        let shared = min(generation.head.count, file.head.count)
        return "the first \(HumanUnits.count(Int64(shared))) bytes agree"
    }

    private func reached(_ generation: Generation) -> String {
        let position = "\(HumanUnits.count(generation.position)), reading goes on there"
        guard generation.openOffset < generation.position else { return position }
        let from = HumanUnits.count(generation.openOffset)
        return generation.openDay == nil
            ? "\(position); its last event, from \(from), is left out so far"
            : "\(position); its last event, from \(from), may still grow"
    }

    mutating func describeNew(host: String, _ formats: FormatLibrary) throws {
        guard file.kind == nil else { return }
        guard !file.head.isEmpty else { return line("content", "empty: nothing to recognise yet") }
        line("content", "new: \(file.newName(host: host)) on \(host)")
        line(
            "because",
            file.candidates.isEmpty
                ? "nothing known begins with its first \(HumanUnits.count(Int64(file.head.count))) bytes"
                : "what begins like it is something else")
        let (detection, service) = file.detect(formats)
        line("format", "\(detection.format?.name ?? "none"): \(detection.reason)")
        line("service", service)
    }

    /// What begins alike and was not chosen.
    mutating func describeOthers() {
        for candidate in file.candidates where candidate.generation.id != file.generation?.id {
            let other = candidate.generation
            line(
                candidate.isSame ? "also" : "not",
                "\(other.name), of \(other.service) on \(other.host), first read as \(other.path): "
                    + candidate.reason)
        }
    }

    mutating func describe(_ history: [Recognition]) {
        for (index, seen) in history.enumerated() {
            line(
                index == 0 ? "history" : "",
                "\(RFC3339.clockText(seen.firstSeen, zone: zone))  \(seen.path): \(seen.reason)")
        }
    }
}
