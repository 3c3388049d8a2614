/// A strict reader of flat JSON objects (RFC 8259), for what samples expect.
///
/// Values are strings, numbers, null and arrays of strings. Duplicate names, nested objects, text
/// behind the object and everything else that the RFC forbids are errors.
struct FlatJSON {
    enum Value: Equatable, Sendable {
        case null
        case text([UInt8])
        case number(Double)
        case list([[UInt8]])
    }

    struct Failure: Error, Equatable {
        let problem: String
        /// The byte at which it was noticed, counted from zero.
        let offset: Int
    }

    private let bytes: [UInt8]
    private var position = 0

    /// The members of the object in `bytes`, in their order.
    static func object(_ bytes: [UInt8]) throws(Failure) -> [(name: String, value: Value)] {
        var reader = FlatJSON(bytes: bytes)
        let members = try reader.object()
        reader.skipBlanks()
        guard reader.position == bytes.count else {
            throw reader.failure("text after the object")
        }
        return members
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func object() throws(Failure) -> [(name: String, value: Value)] {
        try expect("{")
        var members: [(name: String, value: Value)] = []
        if take("}") { return members }
        repeat {
            let name = String(decoding: try string(), as: UTF8.self)
            if members.contains(where: { $0.name == name }) {
                throw failure("the name \"\(name)\" is there twice")
            }
            try expect(":")
            members.append((name, try value()))
        } while take(",")
        try expect("}")
        return members
    }

    private mutating func value() throws(Failure) -> Value {
        skipBlanks()
        switch peek ?? 0 {
        case UInt8(ascii: "\""): return .text(try string())
        case UInt8(ascii: "["): return .list(try list())
        case UInt8(ascii: "n"): return try null()
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw failure("expected a string, a number, null or an array of strings")
        }
    }

    private mutating func list() throws(Failure) -> [[UInt8]] {
        try expect("[")
        var items: [[UInt8]] = []
        if take("]") { return items }
        repeat { items.append(try string()) } while take(",")
        try expect("]")
        return items
    }

    private mutating func null() throws(Failure) -> Value {
        guard bytes[position...].starts(with: "null".utf8) else { throw failure("expected null") }
        position += 4
        return .null
    }

    private mutating func number() throws(Failure) -> Value {
        let start = position
        while let byte = peek, "+-.eE0123456789".utf8.contains(byte) { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard isNumber(Array(text.utf8)), let number = Double(text), number.isFinite else {
            position = start
            throw failure("'\(text)' is no JSON number")
        }
        return .number(number)
    }

    /// The grammar's `-? int frac? exp?`, which is narrower than what `Double` reads.
    private func isNumber(_ text: [UInt8]) -> Bool {
        var rest = text[...]
        func digits() -> Int {
            let count = rest.prefix { (0x30...0x39).contains($0) }.count
            rest = rest.dropFirst(count)
            return count
        }
        if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        let startsWithZero = rest.first == 0x30
        let count = digits()
        guard count > 0, !startsWithZero || count == 1 else { return false }
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            guard digits() > 0 else { return false }
        }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest = rest.dropFirst()
            if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") {
                rest = rest.dropFirst()
            }
            guard digits() > 0 else { return false }
        }
        return rest.isEmpty
    }

    private mutating func string() throws(Failure) -> [UInt8] {
        try expect("\"")
        var text: [UInt8] = []
        while let byte = peek {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return text
            case UInt8(ascii: "\\"): text += try escape()
            case 0..<0x20: throw failure("a control character in a string")
            default: text.append(byte)
            }
        }
        throw failure("a string without its closing quote")
    }

    private mutating func escape() throws(Failure) -> [UInt8] {
        guard let byte = peek else { throw failure("a string without its closing quote") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"): return try scalar()
        default: throw failure("an unknown escape in a string")
        }
    }

    /// The UTF-8 of `\uXXXX`, or of the two that form a surrogate pair.
    private mutating func scalar() throws(Failure) -> [UInt8] {
        let unit = try hexadecimal()
        var code = UInt32(unit)
        if (0xD800...0xDBFF).contains(unit), bytes[position...].starts(with: #"\u"#.utf8) {
            position += 2
            let low = try hexadecimal()
            guard (0xDC00...0xDFFF).contains(low) else { throw failure("half a surrogate pair") }
            code = 0x10000 + ((UInt32(unit) - 0xD800) << 10) + (UInt32(low) - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw failure("half a surrogate pair") }
        return Array(String(Character(scalar)).utf8)
    }

    private mutating func hexadecimal() throws(Failure) -> UInt16 {
        let digits = bytes[position...].prefix(4)
        // `UInt16` would take a sign.
        guard digits.count == 4, digits.first != UInt8(ascii: "+"),
            let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw failure("an escape without four hexadecimal digits") }
        position += 4
        return unit
    }

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipBlanks() {
        while let byte = peek, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipBlanks()
        guard let byte = peek, UInt32(byte) == character.value else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(Failure) {
        guard take(character) else { throw failure("expected '\(character)'") }
    }

    private func failure(_ problem: String) -> Failure {
        Failure(problem: problem, offset: position)
    }
}
