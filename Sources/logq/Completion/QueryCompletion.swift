internal import LogModel

/// What a store and its people have that a query can name.
protocol CompletionSource {
    /// The names of attributes beyond the fixed table.
    var attributes: [String] { get }
    /// The values of a stored field that are known without reading events.
    func values(of field: String) -> [String]
    /// Saved queries and what they are for.
    var savedQueries: [(name: String, about: String)] { get }
}

/// A word that can stand at the cursor, and what it is.
struct CompletionCandidate: Equatable {
    var word: String
    var about = ""
    /// Whether more has to follow without a blank, as behind `level:`.
    var isOpen: Bool { word.hasSuffix(":") || word.hasSuffix("(") || word.hasSuffix("=") }
}

/// Completes the last term of a query.
struct QueryCompletion {
    let source: any CompletionSource

    /// The words that `current` can become, behind the arguments `earlier` of the same query.
    ///
    /// One argument may hold a whole query: what stands before its last term stays as it is.
    func candidates(for current: String, after earlier: [String]) -> [CompletionCandidate] {
        if earlier.isEmpty, current.hasPrefix("@"), !current.contains(where: \.isWhitespace) {
            return source.savedQueries.map {
                CompletionCandidate(word: "@" + $0.name, about: $0.about)
            }.filter { $0.word.hasPrefix(current) }
        }
        let start = Self.lastTerm(in: current)
        let head = String(current[..<start])
        let term = String(current[start...])
        let whole = (earlier + [head]).joined(separator: " ")
        let found =
            Self.stage(whole).map { inStage($0, term) } ?? inFilter(term)
        return found.map { CompletionCandidate(word: head + $0.word, about: $0.about) }
            .filter { $0.word.hasPrefix(current) && $0.word != current }
    }

    // MARK: The place of the cursor

    /// Where the last term begins: behind the last blank, bracket or pipe outside of quotes.
    private static func lastTerm(in text: String) -> String.Index {
        last(of: " (|,", in: text).map { text.index(after: $0) } ?? text.startIndex
    }

    /// The words of the stage behind the last pipe; nil in the filter.
    private static func stage(_ text: String) -> [Substring]? {
        last(of: "|", in: text).map { text[text.index(after: $0)...].split(separator: " ") }
    }

    /// The place of the last of some characters that stands outside of quotes, behind no backslash.
    private static func last(of characters: String, in text: String) -> String.Index? {
        var found: String.Index?
        var isQuoted = false
        var isEscaped = false
        for index in text.indices {
            let character = text[index]
            if isEscaped {
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                isQuoted.toggle()
            } else if !isQuoted, characters.contains(character) {
                found = index
            }
        }
        return found
    }

    // MARK: Candidates

    static let stages = [
        ("context", "lines before and after"), ("dedup", "the first of each"),
        ("diff", "what changed"), ("extract", "fields out of text, by an expression"),
        ("fields", "only these"), ("head", "the first"), ("parse", "fields out of text"),
        ("patterns", "templates of messages"), ("rare", "the least frequent values"),
        ("sort", "by fields"), ("stats", "figures by fields"), ("tail", "the last"),
        ("timechart", "over time"), ("top", "the most frequent values"),
        ("where", "only rows for which it holds"),
    ]

    private static let functions = [
        "avg(", "count()", "dc(", "first(", "last(", "max(", "min(", "p50(", "p90(", "p95(", "p99(",
        "sum(",
    ]

    private func inStage(_ words: [Substring], _ term: String) -> [CompletionCandidate] {
        guard let stage = words.first else {
            return Self.stages.map { CompletionCandidate(word: $0.0, about: $0.1) }
        }
        if stage == "where" { return inFilter(term) }
        var found = fieldNames(for: term)
        if ["stats", "timechart"].contains(stage), words.last != "by" {
            found += Self.functions.map { CompletionCandidate(word: $0) }
            found.append(CompletionCandidate(word: "by"))
        }
        return found
    }

    private func inFilter(_ term: String) -> [CompletionCandidate] {
        let sign = term.hasPrefix("-") ? "-" : ""
        let rest = String(term.dropFirst(sign.count))
        guard let colon = rest.firstIndex(of: ":") else {
            // Nothing typed: all fields would only be in the way of the file names of a shell.
            return fieldNames(for: rest).map {
                CompletionCandidate(word: sign + $0.word + ":", about: $0.about)
            }
        }
        let name = String(rest[..<colon])
        let value = rest[rest.index(after: colon)...]
        let operation = value.prefix { "<>=".contains($0) }
        let typed = value.dropFirst(operation.count)
        let isQuoted = typed.hasPrefix("\"")
        return values(of: name, like: typed.hasPrefix("\"") ? typed.dropFirst() : typed).map {
            CompletionCandidate(
                word: sign + name + ":" + operation + Self.written($0.word, isQuoted: isQuoted),
                about: $0.about)
        }
    }

    /// Short names, then those of the store; the long names where none of these begins so.
    private func fieldNames(for typed: String) -> [CompletionCandidate] {
        var found: [CompletionCandidate] = []
        var known: Set<String> = []
        func add(_ name: String, _ about: String) {
            guard name.hasPrefix(typed), known.insert(name).inserted else { return }
            found.append(CompletionCandidate(word: name, about: about))
        }
        for field in FieldNames.all {
            for name in field.shortNames { add(name, field.name) }
        }
        for name in source.attributes where FieldNames.resolve(name) == nil {
            add(name.hasSuffix("*") ? String(name.dropLast()) : name, "in these logs")
        }
        if !typed.isEmpty, found.isEmpty {
            for field in FieldNames.all {
                for name in [field.name] + field.aliases { add(name, "") }
            }
        }
        return found
    }

    private func values(of name: String, like typed: Substring) -> [CompletionCandidate] {
        let field = FieldNames.resolve(name)
        switch field?.type {
        case .severity:
            // Levels match in any case: they are offered in the one that was begun.
            let isLower = typed.first?.isLowercase ?? false
            return ["TRACE", "DEBUG", "INFO", "NOTICE", "WARN", "ERROR", "CRIT", "FATAL"].map {
                CompletionCandidate(word: isLower ? $0.lowercased() : $0)
            }
        case .time:
            return ["now", "today", "yesterday"].map { CompletionCandidate(word: $0) }
        default: break
        }
        switch field?.name {
        case FieldName.status:
            return Self.statuses.map { CompletionCandidate(word: $0.0, about: $0.1) }
        case FieldName.method:
            return ["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS"].map {
                CompletionCandidate(word: $0)
            }
        default:
            return source.values(of: field?.name ?? name).map { CompletionCandidate(word: $0) }
        }
    }

    private static let statuses = [
        ("200", "OK"), ("201", "Created"), ("204", "No Content"), ("301", "Moved Permanently"),
        ("302", "Found"), ("304", "Not Modified"), ("400", "Bad Request"), ("401", "Unauthorized"),
        ("403", "Forbidden"), ("404", "Not Found"), ("405", "Method Not Allowed"),
        ("429", "Too Many Requests"), ("499", "client closed the request"),
        ("500", "Internal Server Error"), ("502", "Bad Gateway"), ("503", "Service Unavailable"),
        ("504", "Gateway Timeout"),
    ]

    /// A value as a query writes it: in quotes where something in it has a meaning.
    private static func written(_ value: String, isQuoted: Bool) -> String {
        let isPlain = value.unicodeScalars.allSatisfy {
            $0.properties.isAlphabetic || $0.properties.numericType != nil
                || "-_./".unicodeScalars.contains($0)
        }
        if isPlain, !isQuoted { return value }
        var text = "\""
        for character in value {
            if character == "\"" || character == "\\" { text += "\\" }
            text.append(character)
        }
        return text + "\""
    }
}
