/// Values that are secret for the name in front of them.
extension SecretScanner {
    /// The value that begins behind a mark (`=`, `:`, `>`, `%3D`), if the name before it is that of a secret.
    func value(ofNameBefore mark: Int, at start: Int) -> Secret? {
        let isTag = text[mark] == UInt8(ascii: ">")
        var end = mark
        if !isTag, text[end &- 1] == UInt8(ascii: " ") { end &-= 1 }
        let hasBlank = end < mark
        // `"name":` and, in JSON within JSON, `\"name\":`.
        if isQuote(text[end &- 1]) { end &-= text[end &- 2] == 0x5C ? 2 : 1 }
        guard let kind = kind(ofNameTo: end), !isTag || isTagStart(end) else { return nil }
        // A blank goes with a colon, or stands on both sides.
        let isColon = text[mark] == UInt8(ascii: ":") || text[mark] == 0xEF
        var first = start
        if isColon || hasBlank {
            first = text.end(from: start) { $0 == UInt8(ascii: " ") }
            guard first &- start <= 2 else { return nil }
        }
        return value(kind, at: first)
    }

    /// Whether the name that ends at `end` begins behind `<`.
    private func isTagStart(_ end: Int) -> Bool {
        let start = text.start(to: end, limit: floor) {
            $0.isLetter || $0.isDigit || Self.isJoint($0)
        }
        return text[start &- 1] == UInt8(ascii: "<")
    }

    private func isQuote(_ byte: UInt8) -> Bool { byte == 0x22 || byte == 0x27 }

    // MARK: Names

    private struct Name {
        /// In small letters and without `_`, `-` and `.`.
        let bytes: [UInt8]
        let kind: SecretKind
        /// Whether longer names may end in it: `db.password`.
        let isEnd: Bool
    }

    /// By their last bytes, of which capital letters have the same as small ones.
    private static let names: [[Name]] = {
        var names = [[Name]](repeating: [], count: 256)
        func add(_ kind: SecretKind, isEnd: Bool, _ words: String) {
            for word in words.split(separator: " ") {
                let name = Name(bytes: Array(word.utf8), kind: kind, isEnd: isEnd)
                guard let last = name.bytes.last else { continue }
                names[Int(last)].append(name)
                if last.isLetter { names[Int(last & ~0x20)].append(name) }
            }
        }
        add(.password, isEnd: true, "password passwd passwort passphrase pwd secret secretkey")
        add(.password, isEnd: true, "secretid privatekey accesskeysecret credential credentials")
        add(.password, isEnd: true, "密码 口令 密钥 令牌")
        add(.password, isEnd: false, "pass cvv cvv2 cvc")
        add(
            .token, isEnd: true,
            "token apikey accesskey accesskeyid authkey signature authorization")
        add(.token, isEnd: false, "sign ticket")
        add(.session, isEnd: true, "sessionid sessid cookie")
        add(.session, isEnd: false, "session sid jsession")
        return names
    }()

    /// What the name that ends at `end` stands for.
    func kind(ofNameTo end: Int) -> SecretKind? {
        for name in Self.names[Int(text[end &- 1])] where isName(name, to: end) {
            return name.kind
        }
        return nil
    }

    private func isName(_ name: Name, to end: Int) -> Bool {
        var place = end
        for byte in name.bytes.reversed() {
            while Self.isJoint(text[place &- 1]) { place &-= 1 }
            let found = text[place &- 1]
            guard (found.isLetter ? found | 0x20 : found) == byte, place > floor else {
                return false
            }
            place &-= 1
        }
        return name.isEnd || text.isEdge(place &- 1) && !Self.isJoint(text[place &- 1])
    }

    private static func isJoint(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
    }

    // MARK: Values

    private func value(_ kind: SecretKind, at start: Int) -> Secret? {
        var (first, quote) = (start, UInt8(0))
        if isQuote(text[first]) {
            quote = text[first]
            first &+= 1
        } else if text[first] == 0x5C, isQuote(text[first &+ 1]) {
            quote = 0x5C
            first &+= 2
        }
        guard !isPlaceholder(first) else { return nil }
        let plain = first
        if kind == .token { first = scheme(first) }
        let isLine = kind == .session && quote == 0 && text[start &- 1] == UInt8(ascii: " ")
        let end =
            quote == 0
            ? text.end(from: first) { isLine ? $0 >= 0x20 && $0 != 0x22 : Self.isPart($0, kind) }
            : quotedEnd(first, quote)
        guard end > first, isSecret(first > plain ? .password : kind, first..<end) else {
            return nil
        }
        return Secret(kind, first..<end)
    }

    /// Where an unquoted value goes on. A byte of `，` or `。` ends it as a comma does.
    private static func isPart(_ byte: UInt8, _ kind: SecretKind) -> Bool {
        switch byte {
        case UInt8(ascii: "?"): kind != .session
        case 0...0x20, 0x22, 0x27, 0x3C, 0x3E: false
        case UInt8(ascii: "&"), UInt8(ascii: ","), UInt8(ascii: ";"): false
        case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): false
        case 0xE3, 0xEF, 0xE2: false
        default: true
        }
    }

    /// The end of a quoted value: its quote, or the end of the line.
    private func quotedEnd(_ start: Int, _ quote: UInt8) -> Int {
        var place = start
        while place < text.count, text[place] >= 0x20, text[place] != quote {
            place &+= text[place] == 0x5C ? 2 : 1
        }
        return min(place, text.count)
    }

    /// Behind `Bearer `, `Basic ` and the like.
    private func scheme(_ start: Int) -> Int {
        let end = text.end(from: start, while: \.isLetter)
        let isScheme = (5...12).contains(end &- start) && text[end] == UInt8(ascii: " ")
        return isScheme ? end &+ 1 : start
    }

    private static let ordinary: Set<[UInt8]> = Set(
        ["null", "nil", "none", "true", "false", "undefined", "empty", "expired", "invalid"]
            .map { Array($0.utf8) })

    /// Whether it stands for a value: masked already, or a name that a program replaces.
    private func isPlaceholder(_ start: Int) -> Bool {
        text.has("‹", at: start) || text.has("${", at: start) || text.has("#{", at: start)
    }

    /// Whether a value can be one: not a word that says that there is none. A token has a digit or is long, since words
    /// stand behind `token:` too.
    private func isSecret(_ kind: SecretKind, _ range: Range<Int>) -> Bool {
        let value = range.map { text[$0].isLetter ? text[$0] | 0x20 : text[$0] }
        guard !Self.ordinary.contains(value), !value.allSatisfy({ $0 == UInt8(ascii: "*") }) else {
            return false
        }
        return kind == .password || value.count >= 24
            || value.count >= 6 && value.contains(where: \.isDigit)
    }
}
