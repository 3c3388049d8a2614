internal import LogModel

/// The pattern of `parse`: literal texts with fields between them.
struct LiteralPattern: Equatable, Sendable {
    struct Part: Equatable, Sendable {
        /// The number of the field; nil for what is passed over.
        let name: Int?
        /// The text that ends the field; empty at the end of the pattern, where the rest is taken.
        var end: [UInt8]
    }

    var prefix: [UInt8]
    var parts: [Part]

    /// The places of the fields in `text`, by their number; nil where the pattern does not fit.
    ///
    /// The prefix is looked for from the left, and each field ends at the next occurrence of the
    /// text behind it. Linear in the text.
    func firstMatch(in text: UnsafeBufferPointer<UInt8>) -> [Range<Int>?]? {
        var found: [Range<Int>?] = []
        guard let start = prefix.isEmpty ? 0 : Bytes.find(prefix, in: text, from: 0) else {
            return nil
        }
        var position = start + prefix.count
        for part in parts {
            let end: Int
            if part.end.isEmpty {
                end = text.count
            } else {
                guard let next = Bytes.find(part.end, in: text, from: position) else { return nil }
                end = next
            }
            if part.name != nil { found.append(position..<end) }
            position = end + part.end.count
        }
        return found
    }
}

/// `parse` and `extract`: rows with further fields. Rows that the pattern does not fit pass as they
/// are.
final class ExtractSink: PipeSink {
    private enum Matcher {
        case literals(LiteralPattern)
        case regex(RegexCaptures)
    }

    private let extraction: Extraction
    private let fields: RowFields
    private let matcher: Matcher
    private let next: any PipeSink

    init(_ extraction: Extraction, _ shape: PipeShape, next: any PipeSink) {
        self.extraction = extraction
        fields = RowFields(shape)
        switch extraction.pattern {
        case .literals(let pattern): matcher = .literals(pattern)
        case .regex(let pattern):
            let captures = try? RegexCaptures(
                pattern.pattern, caseInsensitive: pattern.ignoresCase)
            // The parser has compiled it before.
            matcher =
                captures.map(Matcher.regex) ?? .literals(LiteralPattern(prefix: [], parts: []))
        }
        self.next = next
    }

    func take(_ row: PipeRow) throws(SearchError) -> Bool {
        let texts = captures(fields.value(of: extraction.field.name, in: row)?.bytes ?? [])
        switch row {
        case .values(let values):
            let added = texts ?? extraction.names.map { _ in nil }
            return try next.take(.values(values + added.map { $0.map { .text($0) } }))
        case .event(var event):
            for (field, text) in zip(extraction.names, texts ?? []) {
                guard let text else { continue }
                event.attributes.removeAll { $0.name == field.name }
                event.attributes.append((name: field.name, value: .text(text)))
            }
            return try next.take(.event(event))
        }
    }

    private func captures(_ text: [UInt8]) -> [[UInt8]?]? {
        let ranges = text.withUnsafeBufferPointer { text in
            switch matcher {
            case .literals(let pattern): pattern.firstMatch(in: text)
            case .regex(let captures): captures.firstMatch(in: text)
            }
        }
        return ranges?.map { $0.map { Array(text[$0]) } }
    }

    func finish() throws(SearchError) { try next.finish() }
}
