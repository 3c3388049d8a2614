internal import LogModel

/// One form of a pattern as steps: a literal, then fields with a literal behind each.
///
/// A class, so that a matcher borrows it with one reference count instead of one an array.
final class PatternProgram: Sendable {
    /// A field, how it is recognised, and what stands behind it.
    struct Step: Sendable {
        var matcher: Matcher
        var ending = Ending.literal
        /// The field's place in `stepFields`' sense is the step's own index.
        var minimum: Int32 = 0
        var literalStart: Int32 = 0
        var literalCount: Int32 = 0
        var timeFormat: Int32 = -1
        /// The bit of the layout variant that this step decides; 0 for none.
        var variantBit: UInt8 = 0
        /// Brackets around the field, within which nested ones are skipped; 0 for none.
        var opener: UInt8 = 0
        var closer: UInt8 = 0
        var dashMeansAbsent = false
        /// Whether it stands in double quotes.
        var isQuoted = false

        /// Whether a longer text may be tried when what follows does not fit.
        var isExtendable: Bool {
            switch matcher {
            case .text, .name, .list, .context, .addresses, .request, .target: ending == .literal
            default: false
            }
        }
    }

    /// What must follow a field and its literal.
    enum Ending: UInt8, Sendable {
        case literal
        /// The end of the line, and the next step on the next line.
        case lineBreak
        /// The end of the event's line.
        case end
    }

    let format: String
    /// The bytes before the first field.
    let lead: [UInt8]
    let literals: [UInt8]
    let steps: [Step]
    let fields: [Field?]
    let timeFormats: [TimestampFormat]
    let zone: Zone?
    /// The step whose time is the event's.
    let timeStep: Int
    /// Whether that time names its day and its year.
    let timeHasDate: Bool
    let timeHasYear: Bool
    let severityStep: Int
    let statusStep: Int
    /// The step of the message, or -1.
    let messageStep: Int
    let variantCount: Int
    /// Whether the head has more than one line.
    let hasBreaks: Bool
    /// The first step that can be read loosely (widths, names, levels); none gives `Int.max`.
    let firstLooseStep: Int
    /// The bytes with which its lines can begin.
    let firstBytes: FirstBytes

    init(_ elements: [PatternElement], format: String) throws(PatternError) {
        var compiler = PatternCompiler()
        try compiler.compile(elements)
        self.format = format
        lead = compiler.lead
        literals = compiler.literals
        steps = compiler.steps
        fields = compiler.fields
        timeFormats = compiler.timeFormats
        zone = compiler.zone
        timeStep = compiler.timeStep
        let time = compiler.timeStep < 0 ? -1 : Int(compiler.steps[compiler.timeStep].timeFormat)
        timeHasDate = time < 0 || compiler.timeFormats[time].hasDate
        timeHasYear = time < 0 || compiler.timeFormats[time].hasYear
        severityStep = compiler.severityStep
        statusStep = compiler.statusStep
        messageStep = compiler.messageStep
        variantCount = compiler.variantCount
        hasBreaks = compiler.hasBreaks
        firstLooseStep = compiler.firstLooseStep
        firstBytes = FirstBytes(
            lead: compiler.lead, steps: compiler.steps, timeFormats: compiler.timeFormats)
    }

    var hasLooseForm: Bool { firstLooseStep < .max }
    /// Whether lines without a head of their own continue the event.
    var isContinuable: Bool { messageStep >= 0 && steps[messageStep].matcher == .message }
    /// The steps up to the message: what makes a line the head of an event.
    var headCount: Int { isContinuable ? messageStep : steps.count }
    /// Whether steps follow the message, or a literal does.
    var hasTail: Bool {
        isContinuable
            && (messageStep + 1 < steps.count || steps[messageStep].literalCount > 0)
    }
}
