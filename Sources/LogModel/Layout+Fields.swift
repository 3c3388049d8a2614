extension Layout {
    /// The indexes of the fields whose captures can yield the stored name `name`.
    ///
    /// A query evaluates a predicate on these captures. Most names are one field's; a whole context
    /// map yields every `mdc.…`, the tail of an nginx error line its keys, a trace the three names
    /// of an exception, and the body of a request is what its parts stand in.
    package func fieldIndices(named name: String) -> [Int] {
        fields.indices.filter { fields[$0].canYield(name) }
    }

    /// The first and the last field of the request, which is the body of events without a message.
    ///
    /// The body runs from the start of the first capture to the end of the last. Nil where the
    /// layout has a message, or no whole request; without a message the body is then the original.
    package var requestFields: ClosedRange<Int>? {
        guard !fields.contains(where: { $0.kind == .body }) else { return nil }
        if let line = fields.firstIndex(where: { $0.name == FieldName.requestLine }) {
            return line...line
        }
        guard let first = fields.firstIndex(where: { $0.name == FieldName.method }),
            let last = fields.firstIndex(where: { $0.name == FieldName.protocolVersion }),
            first < last
        else { return nil }
        return first...last
    }

    /// Whether the fields lie in a cleaned copy and not in the original.
    package var isCleaned: Bool { fields.first?.kind == .original }

    /// Whether the layout is of a format's events and not of unparsed lines.
    package var isParsed: Bool { !format.isEmpty }

    /// The names that events of this layout can have besides what all events have.
    ///
    /// A context map stands as `mdc.*`, since its keys are in the events only.
    package var attributeNames: [String] {
        fields.flatMap(\.yieldedNames)
    }
}

extension Field {
    /// Whether a capture of this field can hold the value of `name`.
    package func canYield(_ name: String) -> Bool {
        switch kind {
        case .contextMap: name.hasPrefix(self.name + ".")
        case .ignored, .original: false
        case .nginxErrorTail, .stackTrace: yieldedNames.contains(name)
        case .body: name == FieldName.body
        default: name == self.name
        }
    }

    var yieldedNames: [String] {
        switch kind {
        case .contextMap: [name + ".*"]
        case .ignored, .original, .timestamp, .severity, .body: []
        case .nginxErrorTail: NginxErrorTail.names
        case .stackTrace:
            [
                FieldName.exceptionType, FieldName.exceptionMessage,
                FieldName.exceptionStackTrace,
            ]
        default: name == FieldName.logger ? [] : [name]
        }
    }
}

extension FieldName {
    /// A request that is no HTTP request line, as it was sent.
    package static let requestLine = "http.request.line"
}
