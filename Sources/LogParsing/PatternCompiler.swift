internal import LogModel

/// Turns the elements of a pattern into the steps of a program.
struct PatternCompiler {
    private(set) var lead: [UInt8] = []
    private(set) var literals: [UInt8] = []
    private(set) var steps: [PatternProgram.Step] = []
    private(set) var fields: [Field?] = []
    private(set) var timeFormats: [TimestampFormat] = []
    private(set) var zone: Zone?
    private(set) var timeStep = -1
    private(set) var severityStep = -1
    private(set) var statusStep = -1
    private(set) var messageStep = -1
    private(set) var variantCount = 1
    private(set) var hasBreaks = false
    private(set) var firstLooseStep = Int.max

    mutating func compile(_ elements: [PatternElement]) throws(PatternError) {
        var elements = Self.withoutExceptions(elements)[...]
        while case .literal(let bytes)? = elements.first {
            lead += bytes
            elements.removeFirst()
        }
        while let element = elements.popFirst() {
            try append(element, followedBy: &elements)
        }
        if !steps.isEmpty, steps[steps.count - 1].ending == .literal {
            steps[steps.count - 1].ending = .end
        }
        chooseTime()
        findBrackets()
        let loose = steps.firstIndex {
            $0.minimum > 0 || $0.matcher == .name || $0.matcher == .severity || $0.isQuoted
                || $0.closer != 0 || $0.matcher == .addresses
        }
        firstLooseStep = loose ?? .max
    }

    /// Stack traces follow the message in any case, so where `%ex` stands says nothing new.
    private static func withoutExceptions(_ elements: [PatternElement]) -> [PatternElement] {
        var result: [PatternElement] = []
        for (index, element) in elements.enumerated() {
            switch element {
            case .exception:
                guard case .literal(let bytes)? = result.last,
                    bytes.allSatisfy({ $0 == 0x20 }),
                    elements[(index + 1)...].allSatisfy({ $0.isInvisible })
                else { continue }
                result.removeLast()
            case .literal(let bytes):
                if case .literal(let before)? = result.last {
                    result[result.count - 1] = .literal(before + bytes)
                } else if !bytes.isEmpty {
                    result.append(element)
                }
            default: result.append(element)
            }
        }
        while case .lineBreak? = result.last { result.removeLast() }
        return result
    }

    private mutating func append(
        _ element: PatternElement, followedBy rest: inout ArraySlice<PatternElement>
    ) throws(PatternError) {
        var step = PatternProgram.Step(matcher: .nothing)
        var field: Field?
        switch element {
        case .literal(let bytes):
            step.literalStart = Int32(literals.count)
            step.literalCount = Int32(bytes.count)
            literals += bytes
        case .field(let element):
            field = element.field
            step.matcher = element.matcher
            step.minimum = Int32(clamping: element.minimum)
            step.dashMeansAbsent = element.field.dashMeansAbsent
            try note(element, in: &step)
            if case .literal(let bytes)? = rest.first {
                step.literalStart = Int32(literals.count)
                step.literalCount = Int32(bytes.count)
                literals += bytes
                rest.removeFirst()
            }
        case .lineBreak, .exception, .optional, .either: break
        }
        if case .lineBreak? = rest.first {
            rest.removeFirst()
            if messageStep >= 0 {
                throw PatternError(
                    problem: "fields after the line break behind the message", offset: 0,
                    help: "leave out what follows %msg%n")
            }
            step.ending = .lineBreak
            hasBreaks = true
        } else if rest.isEmpty {
            step.ending = .end
        }
        steps.append(step)
        fields.append(field)
    }

    private mutating func note(
        _ element: FieldElement, in step: inout PatternProgram.Step
    ) throws(PatternError) {
        switch element.matcher {
        case .message, .nginxMessage:
            guard messageStep < 0 else {
                throw PatternError(
                    problem: "the pattern has two messages", offset: 0,
                    help: "keep the one that is printed")
            }
            messageStep = steps.count
        case .time:
            guard let format = element.field.format else { break }
            step.timeFormat = Int32(timeFormats.count)
            timeFormats.append(format)
            if zone == nil { zone = element.zone }
        case .request, .addresses:
            guard variantCount <= 8 else { break }
            step.variantBit = UInt8(variantCount)
            variantCount <<= 1
        default: break
        }
        if element.matcher == .severity || element.field.kind == .severity, severityStep < 0 {
            severityStep = steps.count
        }
        if element.field.name == FieldName.status { statusStep = steps.count }
    }

    /// The event's time is the one that says most; the others are attributes.
    private mutating func chooseTime() {
        var best = -1
        for (index, step) in steps.enumerated() where step.matcher == .time {
            let format = timeFormats[Int(step.timeFormat)]
            let weight =
                (format.hasDate ? 32 : 0) + (format.hasYear ? 32 : 0) + (format.hasZone ? 16 : 0)
                + format.fractionDigits
            guard weight > best else { continue }
            best = weight
            timeStep = index
        }
        for (index, step) in steps.enumerated() where step.matcher == .time && index != timeStep {
            fields[index] = Field("log.timestamp.\(index)", .text)
        }
    }

    private mutating func findBrackets() {
        var before = lead.last
        for index in steps.indices {
            let step = steps[index]
            let literal = literals[
                Int(step.literalStart)..<Int(step.literalStart + step.literalCount)]
            if step.matcher == .text || step.matcher == .name {
                switch (before, literal.first) {
                case (UInt8(ascii: "["), UInt8(ascii: "]")), (UInt8(ascii: "("), UInt8(ascii: ")")):
                    steps[index].opener = before ?? 0
                    steps[index].closer = literal.first ?? 0
                default: break
                }
            }
            let isText = [.text, .request, .target, .addresses].contains(step.matcher)
            steps[index].isQuoted = isText && before == 0x22 && literal.first == 0x22
            before = literal.last
        }
    }
}

extension PatternElement {
    /// Whether it is or holds a field.
    var hasField: Bool {
        switch self {
        case .field: true
        case .optional(let part): part.contains(where: \.hasField)
        case .either(let first, let second): (first + second).contains(where: \.hasField)
        case .literal, .lineBreak, .exception: false
        }
    }

    fileprivate var isInvisible: Bool {
        switch self {
        case .lineBreak, .exception: true
        default: false
        }
    }
}
