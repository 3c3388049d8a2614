import Testing

/// The tags of a page, read strictly: anything but the markup that reports have is an error.
struct Markup {
    struct Problem: Error {
        let text: String
    }

    /// `p`, `/p`, `li class`: names with the names of their attributes.
    private(set) var tags: [String] = []
    private(set) var text = ""

    private static let elements: Set<String> = [
        "!DOCTYPE", "html", "head", "meta", "title", "style", "body", "main", "header", "p", "h1",
        "h2", "h3", "span", "strong", "code", "a", "del", "dl", "dt", "dd", "ul", "ol", "li",
        "div", "table", "thead", "tbody", "tr", "th", "td", "figure", "figcaption", "pre", "svg",
        "desc", "rect", "line", "text", "footer", "br",
    ]
    private static let attributes: Set<String> = [
        "html", "lang", "charset", "http-equiv", "content", "name", "class", "id", "href",
        "viewBox", "role", "aria-labelledby", "x", "y", "x1", "y1", "x2", "y2", "width", "height",
        "text-anchor",
    ]

    init(_ page: [UInt8]) throws {
        let bytes = page
        var index = 0
        var open: [String] = []
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "<") else {
                text.unicodeScalars.append(Unicode.Scalar(bytes[index]))
                index += 1
                continue
            }
            guard let end = bytes[index...].firstIndex(of: UInt8(ascii: ">")) else {
                throw Problem(text: "a tag without an end")
            }
            var tag = String(decoding: bytes[index + 1..<end], as: UTF8.self)
            index = end + 1
            if tag.hasPrefix("/") {
                guard open.popLast() == String(tag.dropFirst()) else {
                    throw Problem(text: "<\(tag)> ends nothing")
                }
                tags.append(tag)
                continue
            }
            let isEmpty = tag.hasSuffix("/")
            if isEmpty { tag.removeLast() }
            let name = try Self.read(tag, into: &tags)
            if !isEmpty, !["meta", "br", "!DOCTYPE"].contains(name) { open.append(name) }
            // What is in the style sheet is no markup.
            if name == "style" {
                let close = Array("</style>".utf8)
                while !bytes[index...].starts(with: close) { index += 1 }
            }
        }
        guard open.isEmpty else { throw Problem(text: "open at the end: \(open)") }
    }

    private static func read(_ tag: String, into tags: inout [String]) throws -> String {
        let parts = tag.split(separator: "\"", omittingEmptySubsequences: false)
        let name = String(parts[0].split(separator: " ").first ?? "")
        guard elements.contains(name) else { throw Problem(text: "<\(tag)> is no tag of ours") }
        var names: [String] = []
        for (index, part) in parts.enumerated() where index % 2 == 0 {
            let words = part.split(separator: " ").dropFirst(index == 0 ? 1 : 0)
            for word in words {
                let attribute = String(word.hasSuffix("=") ? word.dropLast() : word)
                guard attributes.contains(attribute) else {
                    throw Problem(text: "'\(attribute)' of <\(tag)> is no attribute of ours")
                }
                names.append(attribute)
            }
        }
        let isLink = names.contains("href")
        if isLink, !tag.contains("href=\"#P") { throw Problem(text: "<\(tag)> leads out") }
        tags.append(([name] + names).joined(separator: " "))
        return name
    }
}
