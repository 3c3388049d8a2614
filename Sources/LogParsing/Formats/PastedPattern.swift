/// Takes a pattern out of the configuration that it was pasted with.
///
/// Known wrappings: an XML attribute `pattern="…"` or element `<pattern>…</pattern>`, over one or
/// more lines. A `log_format` statement and XML entities are left to the notation itself. Anything
/// else is the pattern itself, with lines that were broken joined again.
enum PastedPattern {
    static func text(of pasted: String, in notation: Notation) -> String {
        switch notation {
        case .nginx:
            pasted == "combined" ? nginxCombined : isStatement(pasted) ? pasted : joined(pasted)
        case .tomcat, .logback, .log4j2: unwrapped(joined(pasted))
        case .nginxError, .unstructured: pasted
        }
    }

    /// What nginx itself knows by that name.
    private static let nginxCombined =
        #"$remote_addr - $remote_user [$time_local] "$request" $status "#
        + #"$body_bytes_sent "$http_referer" "$http_user_agent""#

    /// The strings of a statement may stand on several lines.
    private static func isStatement(_ pasted: String) -> Bool {
        pasted.hasPrefix("log_format") || pasted.hasPrefix("'")
    }

    /// The breaks and the indentation of an XML element are no text.
    private static func joined(_ pasted: String) -> String {
        pasted.utf8.contains(0x0A)
            ? pasted.split(separator: "\n").joined(separator: "") : pasted
    }

    private static func unwrapped(_ pasted: String) -> String {
        let bytes = Array(pasted.utf8)
        for (open, close) in [
            ("<pattern>", "</pattern>"), ("<Pattern>", "</Pattern>"), (" pattern=\"", "\""),
        ] {
            guard let start = end(of: open, in: bytes[...]) else { continue }
            let inner = bytes[start...]
            guard let stop = end(of: close, in: inner) else { continue }
            return String(decoding: inner[..<(stop - close.utf8.count)], as: UTF8.self)
        }
        return pasted
    }

    /// The place behind the first `word`.
    private static func end(of word: String, in bytes: ArraySlice<UInt8>) -> Int? {
        let count = word.utf8.count
        guard bytes.count >= count else { return nil }
        return (bytes.startIndex...(bytes.endIndex - count)).first {
            bytes[$0..<($0 + count)].elementsEqual(word.utf8)
        }.map { $0 + count }
    }
}
