/// Secrets that are known by how they look: addresses of mail, passwords in URLs, tokens, keys.
extension SecretScanner {
    // MARK: Mail

    /// The address around `@` or `%40`.
    func email(at place: Int, width: Int) -> Secret? {
        let start = text.start(to: place, limit: max(floor, place &- 64)) {
            $0.isLetter || $0.isDigit || [0x2E, 0x5F, 0x2B, 0x2D].contains($0)
        }
        var end = place &+ width
        var dot = 0
        while end < text.count {
            let byte = text[end]
            if byte == UInt8(ascii: "."), end > place &+ width, dot != end &- 1 {
                dot = end
            } else if !byte.isLetter, !byte.isDigit, byte != UInt8(ascii: "-") {
                break
            }
            end &+= 1
        }
        if dot == end &- 1 {
            end = dot
            dot = text.start(to: end, limit: place) { $0 != UInt8(ascii: ".") } &- 1
        }
        // A domain ends in letters; `//user@host` is no mail.
        guard start < place, dot > place, end &- dot > 2, text.isEdge(end),
            text.end(from: dot &+ 1, while: { $0.isLetter }) == end, !text.has("//", at: start &- 2)
        else { return nil }
        return Secret(.email, start..<end)
    }

    // MARK: URLs

    /// The password of `//user:password@host`, and of `jdbc:oracle:thin:user/password@host`.
    func credentials(at colon: Int) -> Secret? {
        if text.has("thin:", at: colon &- 4), text[colon &+ 1].isLetter {
            return password(from: colon &+ 1, behind: UInt8(ascii: "/"))
        }
        guard text.has("://", at: colon) else { return nil }
        return password(from: colon &+ 3, behind: UInt8(ascii: ":"))
    }

    /// What stands between the mark and the last `@` of an authority.
    private func password(from start: Int, behind mark: UInt8) -> Secret? {
        let slash = UInt8(ascii: "/")
        var (place, first, last) = (start, 0, 0)
        while place < text.count, place < start &+ 256 {
            let byte = text[place]
            if byte <= 0x20 || byte == 0x22 || byte == 0x27 || byte == UInt8(ascii: "?")
                || byte == slash && mark != slash
            {
                break
            }
            if byte == mark, first == 0 { first = place &+ 1 }
            if byte == UInt8(ascii: "@"), first > 0 {
                last = place
                if mark == slash { break }
            }
            place &+= 1
        }
        guard last > first, !text.has("‹", at: first) else { return nil }
        return Secret(.password, first..<last)
    }

    // MARK: Tokens

    /// How keys begin, which bytes go on, and how many at least.
    private static let prefixes: [(text: StaticString, least: Int)] = [
        ("AKIA", 16), ("ASIA", 16), ("AKID", 32), ("LTAI", 12), ("ghp_", 30), ("gho_", 30),
        ("ghs_", 30), ("github_pat_", 40), ("glpat-", 20), ("sk-", 20), ("sk_live_", 16),
        ("xoxb-", 20), ("xoxp-", 20),
    ]

    /// The token at the start of a word.
    func key(at start: Int) -> Secret? {
        guard text[start] | 0x20 == UInt8(ascii: "b") else { return webToken(start) ?? key(start) }
        for (scheme, length) in [("bearer " as StaticString, 7), ("basic ", 6)]
        where text.has(scheme, at: start, anyCase: true) {
            let end = text.end(from: start &+ length, while: Self.isToken)
            let size = end &- start &- length
            let hasDigit = (start &+ length..<end).contains { text[$0].isDigit }
            guard size >= 24 || size >= 8 && hasDigit else { return nil }
            return Secret(.token, start &+ length..<end)
        }
        return nil
    }

    private func key(_ start: Int) -> Secret? {
        for (prefix, least) in Self.prefixes where text.has(prefix, at: start) {
            let first = start &+ prefix.utf8CodeUnitCount
            let end = text.end(from: first) {
                $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
            }
            if end &- first >= least { return Secret(.token, start..<end) }
        }
        return nil
    }

    private static func isToken(_ byte: UInt8) -> Bool {
        byte.isLetter || byte.isDigit
            || [0x2D, 0x2E, 0x5F, 0x7E, 0x2B, 0x2F, 0x3D].contains(byte)
    }

    /// The longest first part of a web token: it names algorithms and keys.
    private static let longestHead = 512

    /// Three parts of base64url; the first one begins with `{"`.
    private func webToken(_ start: Int) -> Secret? {
        guard text.has("eyJ", at: start) else { return nil }
        var end = start
        for part in 0..<3 {
            // Without a limit, many beginnings without an end would take the square of their number.
            let limit = part == 0 ? start &+ Self.longestHead : Int.max
            while end < limit, text[end].isWord || text[end] == UInt8(ascii: "-") { end &+= 1 }
            guard part < 2 else { break }
            guard text[end] == UInt8(ascii: ".") else { return nil }
            end &+= 1
        }
        return end &- start >= 30 ? Secret(.token, start..<end) : nil
    }

    /// What stands between `-----BEGIN … PRIVATE KEY-----` and its end, or the text's.
    func privateKey(at start: Int) -> Secret? {
        guard text.has("-----BEGIN ", at: start) else { return nil }
        let name = text.end(from: start &+ 11) { $0 == 0x20 || $0.isLetter }
        guard text.has("PRIVATE KEY-----", at: name &- 11) else { return nil }
        let first = name &+ 5
        var end = first
        while end < text.count, !text.has("-----END", at: end) { end &+= 1 }
        return Secret(.token, first..<end)
    }
}
