internal import LogModel

/// A notation's text compiled to a byte matcher.
///
/// Compiling takes microseconds; matching makes no copies. A pattern whose parts may be absent
/// (`%notEmpty{…}`) holds one program for each of its forms, tried in order.
package struct Pattern: Sendable {
    package let notation: Notation
    package let text: String
    let programs: [PatternProgram]

    /// Compiles `text`; `format` is the definition's name and goes into the layouts.
    ///
    /// `nginxError` and `unstructured` need no text and ignore it.
    package init(_ notation: Notation, _ text: String, format: String) throws(PatternError) {
        self.notation = notation
        self.text = text
        let elements: [PatternElement]
        switch notation {
        case .logback: elements = try LogbackNotation.elements(of: text, dialect: .logback)
        case .log4j2: elements = try LogbackNotation.elements(of: text, dialect: .log4j)
        case .nginx: elements = try NginxNotation.elements(of: text)
        case .tomcat: elements = try TomcatNotation.elements(of: text)
        case .nginxError: elements = try NginxErrorNotation.elements()
        case .unstructured: elements = []
        }
        guard notation != .unstructured else {
            programs = []
            return
        }
        guard elements.contains(where: \.hasField) else {
            throw PatternError(
                problem: "the pattern has no field", offset: 0,
                help: "paste the pattern as the software's own configuration has it")
        }
        var programs: [PatternProgram] = []
        // A form in which every field is absent would fit any line.
        for form in try Self.forms(of: elements) where form.contains(where: \.hasField) {
            programs.append(try PatternProgram(form, format: format))
        }
        self.programs = programs
    }

    /// Every combination of optional parts, present before absent.
    private static func forms(
        of elements: [PatternElement]
    ) throws(PatternError) -> [[PatternElement]] {
        var forms: [[PatternElement]] = [[]]
        for element in elements {
            let choices: [[PatternElement]]
            switch element {
            case .optional(let part): choices = try self.forms(of: part) + [[]]
            case .either(let first, let second):
                choices = try self.forms(of: first) + self.forms(of: second)
            default:
                for index in forms.indices { forms[index].append(element) }
                continue
            }
            guard forms.count * choices.count <= 32 else {
                throw PatternError(
                    problem: "more than five parts may be absent", offset: 0,
                    help: "write the usual forms as patterns of their own")
            }
            forms = forms.flatMap { form in choices.map { form + $0 } }
        }
        return forms
    }
}
