internal import LogModel

/// How the captures of an event lie in its layout.
struct LayoutVariant: OptionSet, Hashable {
    let rawValue: Int
    // The bits below say which requests were split and which addresses are lists.
    /// The bytes behind the message did not fit: the message takes all.
    static let messageTakesAll = LayoutVariant(rawValue: 0x20)
    /// The fields lie in a cleaned copy.
    static let isCleaned = LayoutVariant(rawValue: 0x40)
    static let limit = 0x80
}

extension PatternProgram {
    /// The layout of the events whose captures were made as `variant` says.
    func layout(_ variant: LayoutVariant) -> Layout {
        var builder = LayoutBuilder()
        builder.add(literal: lead)
        let takesAll = variant.contains(.messageTakesAll)
        let count = takesAll ? messageStep + 1 : steps.count
        for index in 0..<count {
            let step = steps[index]
            let isChosen = step.variantBit != 0 && variant.rawValue & Int(step.variantBit) != 0
            add(step, fields[index], isChosen: isChosen, to: &builder)
            if takesAll, index == messageStep { break }
            let start = Int(step.literalStart)
            builder.add(literal: Array(literals[start..<start + Int(step.literalCount)]))
            // A break is a field, since it may be written in two ways.
            if step.ending == .lineBreak { builder.add(Field("", .ignored)) }
        }
        if isContinuable { builder.add(Field(FieldName.exceptionStackTrace, .stackTrace)) }
        guard variant.contains(.isCleaned) else {
            return Layout(format: format, pieces: builder.pieces, fields: builder.fields)
        }
        return Layout(
            format: format, pieces: [.field(0)],
            fields: [Field(FieldName.original, .original)] + builder.fields)
    }

    private func add(
        _ step: Step, _ field: Field?, isChosen: Bool, to builder: inout LayoutBuilder
    ) {
        guard let field else { return }
        switch step.matcher {
        case .request where isChosen:
            builder.add(Field(FieldName.method))
            builder.add(literal: [0x20])
            builder.add(Field(FieldName.urlPath, escape: field.escape))
            builder.add(Field(FieldName.urlQuery, .urlQuery, escape: field.escape))
            builder.add(literal: Array(" HTTP/".utf8))
            builder.add(Field(FieldName.protocolVersion))
        case .target:
            builder.add(Field(FieldName.urlPath, dashMeansAbsent: true, escape: field.escape))
            builder.add(Field(FieldName.urlQuery, .urlQuery, escape: field.escape))
        case .addresses where isChosen:
            builder.add(
                Field(field.name, .list, dashMeansAbsent: true, escape: field.escape))
        case .nginxMessage:
            builder.add(field)
            builder.add(Field("nginx.error.context", .nginxErrorTail))
        default: builder.add(field)
        }
    }
}

private struct LayoutBuilder {
    var pieces: [Layout.Piece] = []
    var fields: [Field] = []

    mutating func add(literal: [UInt8]) {
        guard !literal.isEmpty else { return }
        if case .literal(let before)? = pieces.last {
            pieces[pieces.count - 1] = .literal(before + literal)
        } else {
            pieces.append(.literal(literal))
        }
    }

    mutating func add(_ field: Field) {
        pieces.append(.field(fields.count))
        fields.append(field)
    }
}
