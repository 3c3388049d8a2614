internal import Configuration
internal import LogModel

/// A line below a heading.
struct FormLine {
    let number: Int
    /// Where `bytes` begin in the line, from one.
    let column: Int
    let bytes: ArraySlice<UInt8>
    /// Whether it begins an item of a list.
    var isItem = false
    /// Whether it stands within a block of code, fences included.
    var isLiteral = false

    var isBlank: Bool { bytes.trimmingBlanks.isEmpty }

    func fault(_ problem: String, help: String? = nil) -> ConfigurationError.Fault {
        ConfigurationError.Fault(line: number, column: column, problem, help: help)
    }
}

/// What stands below one heading.
struct FormSection {
    let field: IncidentField
    let line: Int
    var lines: [FormLine] = []
}

/// Cuts a form into sections, leaves hints out, and finds what stands in the wrong place.
struct FormScanner {
    private(set) var sections: [FormSection] = []
    private(set) var faults: [ConfigurationError.Fault] = []
    private var number = 0
    private var openComment: Int?
    /// The block of code that the line stands in: where it begins, how many backticks, from which
    /// column its lines count.
    private var openFence: (line: Int, length: Int, indentation: Int)?
    /// Whether lines belong to a heading that could not be read, or to none and that was said.
    private var isPassing = false

    /// After so many mistakes reading ends: this is something else.
    private static let mostFaults = 1000

    init(_ bytes: [UInt8]) {
        var rest = bytes[...]
        if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
        while !rest.isEmpty, faults.count < Self.mostFaults {
            number += 1
            let end = rest.firstIndex(of: 0x0A) ?? rest.endIndex
            var line = rest[rest.startIndex..<end]
            if line.last == 0x0D { line = line.dropLast() }
            rest = rest[min(end + 1, rest.endIndex)...]
            read(line)
        }
        if let line = openComment {
            note(line, 1, "the hint has no end", help: "write '-->' behind it")
        }
        if let fence = openFence {
            note(
                fence.line, 1, "the block of code has no end",
                help: "write \(String(repeating: "`", count: fence.length)) below it")
        }
    }

    private mutating func note(_ line: Int, _ column: Int, _ problem: String, help: String?) {
        faults.append(ConfigurationError.Fault(line: line, column: column, problem, help: help))
    }

    private mutating func read(_ line: ArraySlice<UInt8>) {
        if !line.withUnsafeBufferPointer({ UTF8Bytes.isValid($0) }) {
            note(number, 0, "the line is not valid UTF-8", help: "save the form as UTF-8")
        } else if openComment != nil {
            endComment(in: line)
        } else if openFence != nil {
            readCode(line)
        } else if FormText.isComment(line) {
            openComment = number
            endComment(in: line.dropFirst(4))
        } else if let heading = FormHeading(line) {
            begin(heading)
        } else {
            readContent(line)
        }
    }

    private mutating func endComment(in line: ArraySlice<UInt8>) {
        let end = Array("-->".utf8)
        guard let index = line.indices.first(where: { line[$0...].starts(with: end) }) else {
            return
        }
        openComment = nil
        if !line[(index + 3)...].trimmingBlanks.isEmpty {
            note(
                number, 0, "a text stands behind a hint",
                help: "write it in a line of its own; a text that begins with '<!--' is written "
                    + "'\\<!--'")
        }
    }

    private mutating func begin(_ heading: FormHeading) {
        isPassing = true
        guard let field = heading.field else {
            let near = heading.nearest.map { "did you mean '\($0)'?" }
            note(
                number, heading.column, "there is no field '\(heading.name.prefix(60))'",
                help: near ?? "a text that begins with '##' is written '\\##'")
            return
        }
        if !heading.isWellFormed {
            note(
                number, heading.column, "'\(heading.name)' is a field",
                help: "write '## \(heading.name)', or '\\#' where it is part of the text")
        } else if let other = sections.first(where: { $0.field == field }) {
            note(
                number, heading.column, "a second '\(heading.name)'",
                help: "the first one is line \(other.line); keep one of them")
        } else {
            isPassing = false
            sections.append(FormSection(field: field, line: number))
        }
    }

    private mutating func readContent(_ line: ArraySlice<UInt8>) {
        guard !isPassing else { return }
        guard let field = sections.last?.field else {
            if line.trimmingBlanks.isEmpty { return }
            isPassing = true
            return note(
                number, 1, "a text stands above all headings",
                help: "write it below one, such as '## Description'")
        }
        if field.isList { return readListLine(line) }
        append(line, column: 1)
        openFence(line, indentation: 0)
    }

    private mutating func readListLine(_ line: ArraySlice<UInt8>) {
        if line.trimmingBlanks.isEmpty { return append(line, column: 1) }
        let isIndented = line.starts(with: [0x20, 0x20]) || line.first == 0x09
        if !isIndented, FormText.isBullet(line) {
            let content = line.dropFirst().drop { $0 == 0x20 || $0 == 0x09 }
            return append(content, column: line.count - content.count + 1, isItem: true)
        }
        let hasItem = sections.last?.lines.contains(where: \.isItem) ?? false
        guard isIndented, hasItem else {
            return note(
                number, 1, "expected '- ITEM'",
                help: "a line that goes on with an item begins with two blanks")
        }
        let indentation = line.first == 0x09 ? 1 : 2
        append(line.dropFirst(indentation), column: indentation + 1)
        openFence(line.dropFirst(indentation), indentation: indentation)
    }

    private mutating func openFence(_ line: ArraySlice<UInt8>, indentation: Int) {
        guard let length = FormText.fenceLength(line) else { return }
        openFence = (number, length, indentation)
        markLiteral()
    }

    private mutating func readCode(_ line: ArraySlice<UInt8>) {
        guard let fence = openFence else { return }
        let blanks = line.prefix(fence.indentation).prefix { $0 == 0x20 || $0 == 0x09 }.count
        if blanks < fence.indentation, !line.trimmingBlanks.isEmpty {
            openFence = nil
            note(
                number, 1, "the block of code of line \(fence.line) has no end",
                help: "its lines begin with two blanks, as it is part of an item")
            return
        }
        let content = line.dropFirst(blanks)
        append(content, column: blanks + 1)
        markLiteral()
        if FormText.closes(content, fence.length) { openFence = nil }
    }

    private mutating func append(
        _ bytes: ArraySlice<UInt8>, column: Int, isItem: Bool = false
    ) {
        guard let last = sections.indices.last else { return }
        sections[last].lines.append(
            FormLine(number: number, column: column, bytes: bytes, isItem: isItem))
    }

    private mutating func markLiteral() {
        guard let last = sections.indices.last, let line = sections[last].lines.indices.last else {
            return
        }
        sections[last].lines[line].isLiteral = true
    }
}

extension IncidentField {
    /// Whether a form has its values as items of a list.
    package var isList: Bool {
        switch shape {
        case .lines, .impact, .steps, .actions, .related: true
        case .line, .text, .time, .type, .severity, .status: false
        }
    }
}
