/// Takes a pattern out of the configuration that it was pasted with.
///
/// Known wrappings: the nginx statement `log_format name [escape=…] '…' '…';` with its quoted
/// strings, an XML attribute `pattern="…"` or element `<pattern>…</pattern>` and the entities in
/// it, and a properties line `….pattern = …`. Anything else is the pattern itself.
enum PastedPattern {
    static func text(of pasted: String, in notation: Notation) -> String {
        switch notation {
        case .nginx: predefinedNginx[pasted] ?? nginx(pasted)
        case .tomcat:
            named(entitiesReplaced(unwrapped(joined(pasted), "pattern=\"", "\"")))
        case .logback, .log4j2: layout(joined(pasted))
        case .nginxError, .unstructured: pasted
        }
    }

    /// What the software itself calls by name.
    private static let predefinedNginx = [
        "combined": #"$remote_addr - $remote_user [$time_local] "$request" $status "#
            + #"$body_bytes_sent "$http_referer" "$http_user_agent""#
    ]

    private static func named(_ tomcat: String) -> String {
        switch tomcat {
        case "common": #"%h %l %u %t "%r" %s %b"#
        case "combined": #"%h %l %u %t "%r" %s %b "%{Referer}i" "%{User-Agent}i""#
        default: tomcat
        }
    }

    /// XML elements may be broken over lines; the breaks and the indentation are no text.
    private static func joined(_ pasted: String) -> String {
        pasted.utf8.contains(0x0A)
            ? pasted.split(separator: "\n").joined(separator: "") : pasted
    }

    private static func layout(_ pasted: String) -> String {
        let hasMarkup = pasted.hasPrefix("<") || pasted.utf8.contains(UInt8(ascii: "&"))
        for (open, close) in [
            ("<pattern>", "</pattern>"), ("<Pattern>", "</Pattern>"), ("pattern=\"", "\""),
        ] {
            let inner = unwrapped(pasted, open, close)
            if inner != pasted { return entitiesReplaced(inner) }
        }
        return hasMarkup ? entitiesReplaced(pasted) : pasted
    }

    /// What stands between `open` and the next `close`, or `text` when they are not there.
    private static func unwrapped(_ text: String, _ open: String, _ close: String) -> String {
        let bytes = Array(text.utf8)
        guard let start = position(of: Array(open.utf8), in: bytes, from: 0) else { return text }
        let inner = start + open.utf8.count
        guard let end = position(of: Array(close.utf8), in: bytes, from: inner) else { return text }
        return String(decoding: bytes[inner..<end], as: UTF8.self)
    }

    private static func position(of word: [UInt8], in bytes: [UInt8], from: Int) -> Int? {
        guard bytes.count >= from + word.count else { return nil }
        return (from...(bytes.count - word.count)).first {
            bytes[$0..<($0 + word.count)].elementsEqual(word)
        }
    }

    private static func entitiesReplaced(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
        let entities = [
            ("&quot;", "\""), ("&lt;", "<"), ("&gt;", ">"), ("&apos;", "'"), ("&amp;", "&"),
        ]
        var result: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.first {
            if let (entity, plain) = entities.first(where: { rest.starts(with: $0.0.utf8) }) {
                result += plain.utf8
                rest = rest.dropFirst(entity.utf8.count)
            } else {
                result.append(byte)
                rest = rest.dropFirst()
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The strings of a `log_format` statement, joined as nginx joins them.
    private static func nginx(_ pasted: String) -> String {
        let isStatement = pasted.hasPrefix("log_format")
        let isQuoted =
            pasted.hasPrefix("'") && (pasted.hasSuffix("'") || pasted.hasSuffix("';"))
        guard isStatement || isQuoted else { return joined(pasted) }
        var result: [UInt8] = []
        var rest = Array(pasted.utf8)[...]
        if isStatement {
            // The name and `escape=` come before the first quote.
            guard let quote = rest.firstIndex(where: { $0 == 0x27 || $0 == 0x22 }) else {
                return pasted
            }
            rest = rest[quote...]
        }
        while let quote = rest.first {
            rest = rest.dropFirst()
            guard quote == 0x27 || quote == 0x22 else { continue }
            while let byte = rest.first, byte != quote {
                rest = rest.dropFirst()
                if byte == 0x5C, let next = rest.first, next == quote || next == 0x5C {
                    result.append(next)
                    rest = rest.dropFirst()
                } else {
                    result.append(byte)
                }
            }
            rest = rest.dropFirst()
        }
        return String(decoding: result, as: UTF8.self)
    }
}
