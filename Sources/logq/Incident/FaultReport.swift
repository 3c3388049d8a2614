internal import Arguments
internal import Glibc
internal import Incidents
internal import LogModel
internal import Presentation

/// Shows known faults, and where they were found, to people and to programs.
struct FaultReport {
    private let language: Language
    private let zone: Zone
    private let isJSON: Bool
    private let painter: Painter

    init(_ arguments: ParsedArguments, zone: Zone) {
        language = IncidentOptions.language(arguments)
        self.zone = zone
        isJSON = arguments.isSet("json")
        let color = Environment.color(arguments)
        painter = Painter(isEnabled: color.isEnabled(for: STDOUT_FILENO))
    }

    // MARK: Faults

    func text(_ faults: [KnownFault]) -> String {
        if isJSON { return JSONWriter.lines(faults) { $1.write(to: &$0, language) } }
        var bytes: [UInt8] = []
        for fault in faults {
            appendHead(fault, to: &bytes)
            if !fault.source.isEmpty { append(words.source, fault.source, to: &bytes) }
            let symptom = fault.symptom(in: language)
            if !symptom.isEmpty { append(words.symptom, symptom, to: &bytes) }
            for pattern in fault.patterns { append(words.pattern, pattern, to: &bytes) }
            if let condition = condition(of: fault) {
                append(words.least, condition, to: &bytes)
            }
            appendAdvice(fault, to: &bytes)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func condition(of fault: KnownFault) -> String? {
        guard fault.least > 1 || fault.share != nil else { return nil }
        let share = fault.share.map { ", \(HumanUnits.percent($0.least)) of \($0.query)" } ?? ""
        return HumanUnits.count(Int64(fault.least)) + share
    }

    // MARK: Matches

    func text(_ matches: [FaultMatch], window: Range<Int64>) -> String {
        if isJSON { return JSONWriter.lines(matches) { $1.write(to: &$0, language) } }
        var bytes: [UInt8] = []
        for match in matches {
            appendHead(match.fault, to: &bytes)
            append(words.events, events(match), to: &bytes)
            append(words.time, times(match.first, match.last), to: &bytes)
            append(words.query, match.query, to: &bytes)
            appendLabel(words.example, to: &bytes)
            var line = EventLine(
                zone: zone, painter: painter, unfolds: false, highlights: { _ in [] })
            line.append(match.example, to: &bytes)
            appendAdvice(match.fault, to: &bytes)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func events(_ match: FaultMatch) -> String {
        var text = HumanUnits.count(Int64(match.events))
        if let share = match.share { text += ", " + HumanUnits.percent(share) }
        guard let before = match.before else { return text }
        return text + " (" + words.before(HumanUnits.count(Int64(before))) + ")"
    }

    /// The two times, the second without the date that both have.
    private func times(_ first: Int64, _ last: Int64) -> String {
        let from = RFC3339.clockText(first, zone: zone)
        if first == last { return from }
        let to = RFC3339.clockText(last, zone: zone)
        return from + " – " + (from.prefix(10) == to.prefix(10) ? String(to.dropFirst(11)) : to)
    }

    // MARK: Parts

    private func appendHead(_ fault: KnownFault, to bytes: inout [UInt8]) {
        if !bytes.isEmpty { bytes.append(0x0A) }
        painter.append(SafeText.escaped(fault.title(in: language)), in: .bold, to: &bytes)
        let type = fault.type.map { ", " + $0.name(in: language) } ?? ""
        painter.append("  " + SafeText.escaped(fault.name) + type, in: .dim, to: &bytes)
        bytes.append(0x0A)
    }

    private func appendAdvice(_ fault: KnownFault, to bytes: inout [UInt8]) {
        for cause in fault.causes(in: language) { append(words.cause, cause, to: &bytes) }
        for step in fault.handling(in: language) { append(words.handling, step, to: &bytes) }
    }

    private func append(_ label: String, _ text: String, to bytes: inout [UInt8]) {
        appendLabel(label, to: &bytes)
        bytes += Array(SafeText.escaped(text).utf8)
        bytes.append(0x0A)
    }

    private func appendLabel(_ label: String, to bytes: inout [UInt8]) {
        var padded: [UInt8] = []
        TextWidth.append(label.utf8.span, paddedTo: words.width, to: &padded)
        painter.append("  " + String(decoding: padded, as: UTF8.self), in: .dim, to: &bytes)
        bytes += Array("  ".utf8)
    }

    private var words: FaultWords { FaultWords(language) }
}

/// The names of the lines, and how wide they are.
private struct FaultWords {
    private let isEnglish: Bool

    init(_ language: Language) { isEnglish = language == .english }

    var width: Int { 8 }
    var source: String { isEnglish ? "source" : "出处" }
    var symptom: String { isEnglish ? "symptom" : "现象" }
    var pattern: String { isEnglish ? "pattern" : "特征" }
    var least: String { isEnglish ? "least" : "至少" }
    var events: String { isEnglish ? "events" : "事件数" }
    var time: String { isEnglish ? "time" : "时间" }
    var query: String { isEnglish ? "query" : "查询" }
    var example: String { isEnglish ? "example" : "示例" }
    var cause: String { isEnglish ? "cause" : "可能原因" }
    var handling: String { isEnglish ? "handling" : "处理方法" }

    func before(_ count: String) -> String {
        isEnglish ? "\(count) in as long before" : "此前同样长的时间内 \(count)"
    }
}
