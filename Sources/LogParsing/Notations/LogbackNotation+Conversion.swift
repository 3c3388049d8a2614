internal import LogModel

/// `%` and what follows it.
extension LogbackNotation {
    private struct Width {
        var minimum = 0
        var isLeft = false
    }

    mutating func conversion() throws(PatternError) {
        let start = text.index
        text.index += 1
        if text.peek == UInt8(ascii: "%") {
            literal.append(UInt8(ascii: "%"))
            text.index += 1
            return
        }
        let width = try width()
        if text.peek == UInt8(ascii: "(") {
            flush()
            try group(width)
            return
        }
        guard let word = LogbackWord.longest(at: &text) else {
            let name = text.takeName()
            let problem = name.isEmpty ? "nothing follows the '%'" : "unknown word '%\(name)'"
            throw text.error(
                problem, at: start, help: "write \\% for a percent sign, or use a known word")
        }
        flush()
        try add(word, width, at: start)
    }

    /// `-40.40`: justification, least and greatest width.
    private mutating func width() throws(PatternError) -> Width {
        var width = Width()
        if text.peek == UInt8(ascii: "-") {
            width.isLeft = true
            text.index += 1
        }
        width.minimum = text.takeNumber() ?? 0
        if text.peek == UInt8(ascii: ".") {
            text.index += 1
            if text.peek == UInt8(ascii: "-") { text.index += 1 }
            guard text.takeNumber() != nil else {
                throw text.error("a number must follow the '.' of a width")
            }
        }
        return width
    }

    /// `%-30(…)`: the padding is a field of its own.
    private mutating func group(_ width: Width) throws(PatternError) {
        guard let (inner, start) = try text.takeEnclosed(0x28, 0x29) else { return }
        try add(group: inner, at: start, width)
        while try text.takeEnclosed(0x7B, 0x7D) != nil {}
    }

    private mutating func add(
        group inner: ArraySlice<UInt8>, at start: Int, _ width: Width
    ) throws(PatternError) {
        var notation = LogbackNotation(
            PatternText(inner, origin: text.origin + start), dialect, depth: depth + 1)
        let parts = try notation.parse()
        let padding = PatternElement.field(
            FieldElement(field: Field("", .ignored), matcher: .padding))
        if width.minimum > 0, !width.isLeft { elements.append(padding) }
        elements += parts
        if width.minimum > 0, width.isLeft { elements.append(padding) }
    }

    private mutating func add(
        _ word: LogbackWord, _ width: Width, at start: Int
    ) throws(PatternError) {
        switch word {
        case .lineBreak: elements.append(.lineBreak)
        case .exception:
            try skipOptions()
            elements.append(.exception)
        case .nothing: try skipOptions()
        case .wrapper, .optionalWrapper: try wrap(word, width)
        case .bracketed: try bracketed()
        case .date: try date(width)
        case .context: try context(width)
        case .level:
            let options = try options()
            var field = FieldElement(
                field: Field(FieldName.severityText, .severity), matcher: .severity)
            // `%p{length=1}` and `%p{WARN=W}` write what is no known level.
            if options.contains(where: { $0.utf8.contains(UInt8(ascii: "=")) }) {
                field.matcher = .name
            }
            field.minimum = width.minimum
            elements.append(.field(field))
        case .field(var field):
            try skipOptions()
            if field.matcher != .message { field.minimum = width.minimum }
            elements.append(.field(field))
        }
    }

    /// `%clr(…){faint}`, `%highlight{…}{…}`, `%replace(…){'a','b'}`: what is inside counts.
    private mutating func wrap(_ word: LogbackWord, _ width: Width) throws(PatternError) {
        let isRound = text.peek == UInt8(ascii: "(")
        let pair: (UInt8, UInt8) = isRound ? (0x28, 0x29) : (0x7B, 0x7D)
        guard let (inner, start) = try text.takeEnclosed(pair.0, pair.1) else { return }
        while try text.takeEnclosed(0x7B, 0x7D) != nil {}
        guard case .optionalWrapper = word else {
            return try add(group: inner, at: start, width)
        }
        let before = elements
        elements = []
        try add(group: inner, at: start, width)
        elements = before + [.optional(elements)]
    }

    /// Spring Boot's `%esb(…){NAME}`: `[value] `, or nothing where the value is unset.
    private mutating func bracketed() throws(PatternError) {
        _ = try text.takeEnclosed(0x28, 0x29)
        var name = "esb"
        if let (inner, _) = try text.takeEnclosed(0x7B, 0x7D) {
            name = String(decoding: inner, as: UTF8.self)
        }
        let field =
            name == "APPLICATION_NAME"
            ? Field("spring.application.name") : Field("log.property." + name)
        elements.append(
            .optional([
                .literal([0x5B]), .field(FieldElement(field: field, matcher: .text)),
                .literal([0x5D, 0x20]),
            ]))
    }

    private mutating func options() throws(PatternError) -> [String] {
        var options: [String] = []
        while let (inner, _) = try text.takeEnclosed(0x7B, 0x7D) {
            options.append(String(decoding: inner, as: UTF8.self))
        }
        return options
    }

    private mutating func skipOptions() throws(PatternError) { _ = try options() }

    /// `%X{key}`, `%X{key:-default}`, or the whole context.
    private mutating func context(_ width: Width) throws(PatternError) {
        let options = try options()
        var element = FieldElement(field: Field("mdc", .contextMap), matcher: .context)
        if let option = options.first, !option.utf8.contains(UInt8(ascii: ",")) {
            let name = Self.split(Array(option.utf8)[...]).name
            if !name.isEmpty {
                element = FieldElement(field: Field("mdc." + name), matcher: .text)
            }
        }
        element.minimum = width.minimum
        elements.append(.field(element))
    }

    private mutating func date(_ width: Width) throws(PatternError) {
        let start = text.index
        let parts = try options().map { LogbackDate(resolved($0)) }
        var pattern = "DEFAULT"
        var zoneName: String?
        if let first = parts.first {
            pattern = first.pattern.isEmpty ? pattern : first.pattern
            zoneName = first.zone
        }
        if parts.count > 1 { zoneName = parts[1].pattern }
        let format: TimestampFormat
        do throws(TimestampFormatError) {
            format = try TimestampFormat(pattern, dialect: dialect)
        } catch {
            throw text.error(
                "date pattern '\(pattern)': \(error.problem)", at: start, help: error.help)
        }
        var element = FieldElement(
            field: Field(FieldName.timestamp, .timestamp, format: format), matcher: .time)
        element.minimum = width.minimum
        element.zone = zoneName.flatMap { try? Zone.named($0) }
        elements.append(.field(element))
    }

    /// The option with its property references replaced by their defaults.
    private func resolved(_ option: String) -> String {
        guard option.hasPrefix("${"), option.hasSuffix("}") else { return option }
        let inner = Array(option.utf8.dropFirst(2).dropLast())
        guard let fallback = Self.split(inner[...]).fallback else { return "" }
        return resolved(String(decoding: fallback, as: UTF8.self))
    }
}
