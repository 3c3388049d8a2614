internal import Configuration
internal import LogModel

/// An item of a list in a form: a text, and details below it.
///
///     - rolled back to release1.0.4
///       - by: 李雷
///       - evidence: P1, P3
struct FormItem {
    typealias Fault = ConfigurationError.Fault

    private(set) var lines: [FormLine]
    private(set) var details: [FormDetail.Kind: FormDetail] = [:]

    /// The items of a section; mistakes are noted.
    static func items(of section: FormSection, faults: inout [Fault]) -> [FormItem] {
        var items: [FormItem] = []
        var rest = section.lines.drop { !$0.isItem }
        while let first = rest.first {
            let more = rest.dropFirst().prefix { !$0.isItem }
            rest = rest.dropFirst(more.count + 1)
            var item = FormItem(lines: [first])
            for line in more { item.add(line, of: section.field, &faults) }
            // A bullet with nothing behind it is one that nobody filled in.
            if !item.isEmpty { items.append(item) }
        }
        return items
    }

    /// An item as a flag has it, on one line: `TEXT; owner: 李雷; due: 2026-12-01`.
    ///
    /// Nothing in it is a notation of the form's but the time of a step.
    init(flag text: String, of field: IncidentField) throws(Fault) {
        let pieces = FormDetail.pieces(of: FormText.value(of: text)[...], of: field)
        lines = [FormLine(number: 0, column: 0, bytes: pieces[0], isItem: true, isLiteral: true)]
        for piece in pieces.dropFirst() {
            try add(FormDetail(FormLine(number: 0, column: 0, bytes: piece), of: field))
        }
    }

    private init(lines: [FormLine]) { self.lines = lines }

    private var isEmpty: Bool { details.isEmpty && lines.allSatisfy(\.isBlank) }

    private mutating func add(
        _ line: FormLine, of field: IncidentField, _ faults: inout [Fault]
    ) {
        do throws(Fault) {
            if !line.isLiteral, FormText.isBullet(line.bytes) {
                let content = line.bytes.trimmingBlanks.dropFirst().trimmingBlanks
                let column = line.column + content.startIndex - line.bytes.startIndex
                try add(
                    FormDetail(
                        FormLine(number: line.number, column: column, bytes: content), of: field))
            } else if details.isEmpty {
                lines.append(line)
            } else if !line.isBlank {
                throw line.fault(
                    "a text stands below the details of an item", help: "write it above them")
            }
        } catch { faults.append(error) }
    }

    private mutating func add(_ detail: FormDetail) throws(Fault) {
        guard details.updateValue(detail, forKey: detail.kind) == nil else {
            throw detail.line.fault("a second '\(detail.kind.rawValue)'", help: "keep one of them")
        }
    }

    /// The text, without the time that a step begins with.
    var text: String {
        FormText.text(of: lines.map { ($0.bytes, $0.isLiteral) }, in: .item)
    }

    /// The text of an item that has one line and nothing else.
    func line(of field: IncidentField, in language: Language) throws(Fault) -> String {
        if let more = lines.dropFirst().first(where: { !$0.isBlank }) {
            throw more.fault(
                "an item of '\(field.name(in: language))' has one line", help: "begin it with '- '")
        }
        return FormText.text(ofLine: lines[0].bytes, in: .item)
    }

    /// Takes the time off that the text begins with, if it does.
    mutating func takeTime(_ read: (FormLine) throws(Fault) -> Int64) throws(Fault) -> Int64? {
        let first = lines[0]
        guard let end = FormTime.prefix(of: first.bytes) else { return nil }
        let rest = first.bytes[end...].drop { $0 == 0x20 || $0 == 0x09 }
        lines[0] = FormLine(
            number: first.number, column: first.column + rest.startIndex - first.bytes.startIndex,
            bytes: rest, isItem: true, isLiteral: first.isLiteral)
        return try read(
            FormLine(
                number: first.number, column: first.column,
                bytes: first.bytes[first.bytes.startIndex..<end]))
    }
}

/// A detail of an item: `- owner: 李雷`.
struct FormDetail {
    enum Kind: String, CaseIterable {
        case query, evidence, by, owner, due, state

        func name(in language: Language) -> String {
            if language == .english { return rawValue }
            return switch self {
            case .query: "查询"
            case .evidence: "证据"
            case .by: "人员"
            case .owner: "负责人"
            case .due: "截止日期"
            case .state: "状态"
            }
        }

        /// The details of the items of a field, in the order in which they are written.
        static func all(of field: IncidentField) -> [Kind] {
            switch field.shape {
            case .impact: [.query, .evidence]
            case .steps: [.by, .evidence]
            case .actions: [.owner, .due, .state]
            default: []
            }
        }

        /// The name that was probably meant.
        fileprivate static func nearest(
            to name: ArraySlice<UInt8>, of field: IncidentField
        ) -> String? {
            let names = all(of: field).flatMap { kind in
                Language.allCases.map { kind.name(in: $0) }
            }
            let word = String(decoding: name.trimmingBlanks, as: UTF8.self).lowercased()
            return NearestName.find(word, in: names)
        }

        fileprivate static func named(
            _ name: ArraySlice<UInt8>, of field: IncidentField
        ) -> Kind? {
            let name = String(decoding: name.trimmingBlanks, as: UTF8.self).lowercased()
            return all(of: field).first { kind in
                Language.allCases.contains { kind.name(in: $0) == name }
            }
        }
    }

    let kind: Kind
    /// The value with its place.
    let line: FormLine

    /// Reads `owner: 李雷`.
    init(_ line: FormLine, of field: IncidentField) throws(FormItem.Fault) {
        let colon = Self.colon(in: line.bytes)
        let name = line.bytes[..<(colon?.lowerBound ?? line.bytes.endIndex)]
        guard let colon, let kind = Kind.named(name, of: field) else {
            throw Self.unknown(name, line, of: field)
        }
        self.kind = kind
        let value = line.bytes[colon.upperBound...].trimmingBlanks
        self.line = FormLine(
            number: line.number,
            column: line.column
                + (value.isEmpty ? colon.upperBound : value.startIndex) - line.bytes.startIndex,
            bytes: value)
    }

    var text: String { FormText.text(ofValue: line.bytes) }

    private static func unknown(
        _ name: ArraySlice<UInt8>, _ line: FormLine, of field: IncidentField
    ) -> FormItem.Fault {
        let kinds = Kind.all(of: field)
        guard !kinds.isEmpty else {
            return line.fault("an item of '\(field.rawValue)' has nothing below it")
        }
        let word = String(decoding: name.trimmingBlanks.prefix(60), as: UTF8.self)
        let near = Kind.nearest(to: name, of: field).map { "did you mean '\($0)'? " } ?? ""
        let isFlag = line.number == 0
        let text =
            isFlag
            ? "--json takes a text with such a word" : "a text's line with '- ' is written '\\- '"
        return line.fault(
            "'\(word)' is no detail",
            help: "\(near)the details are "
                + "\(kinds.map(\.rawValue).joined(separator: ", ")); \(text)")
    }

    private static func colon(in bytes: ArraySlice<UInt8>) -> Range<Int>? {
        let marks = [":", "："].map { Array($0.utf8) }
        for start in bytes.indices {
            let mark = marks.first { bytes[start...].starts(with: $0) }
            if let mark { return start..<start + mark.count }
        }
        return nil
    }

    /// A text and the details behind it, cut at each `; NAME:` with the name of a detail, or one that was
    /// probably meant to be one; behind a detail, any word is meant to be one.
    fileprivate static func pieces(
        of text: ArraySlice<UInt8>, of field: IncidentField
    ) -> [ArraySlice<UInt8>] {
        var pieces: [ArraySlice<UInt8>] = []
        var start = text.startIndex
        for mark in text.indices {
            let width = text[mark...].starts(with: "；".utf8) ? 3 : 1
            guard width == 3 || text[mark] == UInt8(ascii: ";") else { continue }
            let rest = text[(mark + width)...].trimmingBlanks
            guard let colon = colon(in: rest.prefix(40)) else { continue }
            let name = rest[..<colon.lowerBound]
            let isDetail =
                Kind.named(name, of: field) != nil
                || isWord(name.trimmingBlanks, colon, rest)
                    && (!pieces.isEmpty || Kind.nearest(to: name, of: field) != nil)
                || name.trimmingBlanks.count > 3 && Kind.nearest(to: name, of: field) != nil
            guard isDetail else { continue }
            pieces.append(text[start..<mark].trimmingBlanks)
            start = mark + width
        }
        return pieces + [text[start...].trimmingBlanks]
    }

    /// Whether it is one lower-case word, and a blank or nothing behind its colon; a wide one needs none.
    private static func isWord(
        _ name: ArraySlice<UInt8>, _ colon: Range<Int>, _ text: ArraySlice<UInt8>
    ) -> Bool {
        guard !name.isEmpty, name.allSatisfy({ (0x61...0x7A).contains($0) }) else { return false }
        let next = text[colon.upperBound...].first
        return colon.count > 1 || next.map { $0 == 0x20 || $0 == 0x09 } ?? true
    }
}
