internal import LogModel

/// What a conversion word of a `PatternLayout` stands for.
enum LogbackWord {
    case field(FieldElement)
    case level
    case date
    case context
    case exception
    case lineBreak
    /// A word that writes nothing.
    case nothing
    /// Colours and replacing: what is inside is written.
    case wrapper
    /// What is inside is written only if it has a value.
    case optionalWrapper
    /// Spring Boot's `%esb`.
    case bracketed

    static let pid = FieldElement(field: Field(FieldName.pid, .integer), matcher: .integer)

    /// Takes the longest known word at the cursor; none leaves the cursor where it is.
    static func longest(at text: inout PatternText) -> LogbackWord? {
        let start = text.index
        let name = Array(text.takeName().utf8)
        var count = name.count
        while count > 0 {
            if let word = words[String(decoding: name[..<count], as: UTF8.self)] {
                text.index = start + count
                return word
            }
            count -= 1
        }
        text.index = start
        return nil
    }

    private static func text(_ name: String) -> LogbackWord {
        .field(FieldElement(field: Field(name), matcher: .text))
    }
    private static func name(_ name: String) -> LogbackWord {
        .field(FieldElement(field: Field(name), matcher: .name))
    }
    private static func integer(_ name: String) -> LogbackWord {
        .field(FieldElement(field: Field(name, .integer), matcher: .integer))
    }

    private static let words: [String: LogbackWord] = {
        var words: [String: LogbackWord] = [:]
        func add(_ names: [String], _ word: LogbackWord) {
            for name in names { words[name] = word }
        }
        add(["d", "date"], .date)
        add(["t", "tn", "thread", "threadName"], text(FieldName.thread))
        add(["T", "tid", "threadId"], integer("thread.id"))
        add(["tp", "threadPriority"], integer("thread.priority"))
        add(["p", "le", "level"], .level)
        add(["c", "lo", "logger"], name(FieldName.logger))
        add(["C", "class"], name("code.namespace"))
        add(["M", "method"], name("code.function.name"))
        add(["L", "line"], integer("code.line.number"))
        add(["F", "file"], name("code.file.path"))
        add(["l", "location"], text("code.location"))
        add(["caller"], .nothing)
        add(
            ["m", "msg", "message"],
            .field(FieldElement(field: Field(FieldName.body, .body), matcher: .message)))
        add(["n"], .lineBreak)
        add(["X", "mdc", "MDC"], .context)
        add(["x", "NDC"], text("ndc"))
        add(
            ["K", "map", "MAP"],
            .field(
                FieldElement(field: Field("map", .contextMap), matcher: .context)))
        add(["r", "relative"], integer("log.relative_time"))
        add(["N", "nano"], integer("log.nano_time"))
        add(["sn", "sequenceNumber"], integer("log.sequence_number"))
        add(["pid", "processId"], .field(pid))
        add(["u", "uuid"], text("log.uuid"))
        add(["marker", "markerSimpleName"], text("log.marker"))
        add(["kvp"], text("log.key_values"))
        add(["cn", "contextName"], text("log.context_name"))
        add(["applicationName"], text("spring.application.name"))
        add(["applicationGroup"], text("spring.application.group"))
        add(["correlationId"], text("trace_id"))
        add(["property"], text("log.property"))
        add(
            [
                "ex", "exception", "throwable", "xEx", "xException", "xThrowable", "rEx",
                "rException",
                "rThrowable", "rootException", "wEx", "wex", "throwableProxy",
            ], .exception)
        add(["nopex", "nopexception"], .nothing)
        add(
            [
                "clr", "highlight", "style", "replace", "rep", "encode", "enc", "maxLen",
                "maxLength",
                "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white", "gray",
                "boldRed", "boldGreen", "boldYellow", "boldBlue", "boldMagenta", "boldCyan",
                "boldWhite", "equals", "equalsIgnoreCase",
            ], .wrapper)
        add(["notEmpty", "varsNotEmpty", "variablesNotEmpty"], .optionalWrapper)
        add(["esb"], .bracketed)
        return words
    }()
}
