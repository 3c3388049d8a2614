/// The bytes that mean something in a query.
extension UInt8 {
    static let blank = UInt8(ascii: " ")
    static let tab = UInt8(ascii: "\t")
    static let newline = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let quote = UInt8(ascii: "\"")
    static let backslash = UInt8(ascii: "\\")
    static let slash = UInt8(ascii: "/")
    static let star = UInt8(ascii: "*")
    static let colon = UInt8(ascii: ":")
    static let dash = UInt8(ascii: "-")
    static let pipe = UInt8(ascii: "|")
    static let open = UInt8(ascii: "(")
    static let close = UInt8(ascii: ")")
    static let openBracket = UInt8(ascii: "[")
    static let closeBracket = UInt8(ascii: "]")
    static let openBrace = UInt8(ascii: "{")
    static let closeBrace = UInt8(ascii: "}")
    static let equals = UInt8(ascii: "=")
    static let greater = UInt8(ascii: ">")
    static let less = UInt8(ascii: "<")

    /// Whether a backslash before it takes its meaning away.
    var isSpecial: Bool { #"\"()|:*/-[]{}<>="#.utf8.contains(self) }

    var isNameStart: Bool {
        isLetter || self == UInt8(ascii: "@") || self == UInt8(ascii: "_")
    }

    var isNameByte: Bool {
        isNameStart || self == UInt8(ascii: ".") || self == .dash
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self)
    }

    private var isLetter: Bool {
        self >= 0x80 || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20)
    }
}
