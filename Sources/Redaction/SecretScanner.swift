/// Finds what is to be masked, in one walk over the bytes.
///
/// Most bytes begin nothing and cost one look into a table; the others are looked at by what they can begin or
/// stand in the middle of: digits, the marks of names and values, `@`, and the first letters of keys.
struct SecretScanner {
    let text: SecretText
    private(set) var secrets: [Secret] = []
    /// Where the last secret ended: nothing before it is looked at again.
    private(set) var floor = 0

    init(_ text: SecretText) { self.text = text }

    private enum Mark: UInt8 {
        case none, digit, at, percent, value, wideColon, letter, dash
    }

    private static let marks: [UInt8] = {
        var marks = [UInt8](repeating: Mark.none.rawValue, count: 256)
        func set(_ bytes: String, _ mark: Mark) {
            for byte in bytes.utf8 { marks[Int(byte)] = mark.rawValue }
        }
        set("0123456789", .digit)
        set("@", .at)
        set("%", .percent)
        set("=:>", .value)
        set("BbeALgsx", .letter)
        set("-", .dash)
        // The first byte of `：`, U+FF1A.
        marks[0xEF] = Mark.wideColon.rawValue
        return marks
    }()

    /// All of them, in order; none overlap.
    mutating func found() -> [Secret] {
        Self.marks.withUnsafeBufferPointer { marks in
            var place = 0
            while place < text.count {
                // There are 256 marks.
                let mark = marks[Int(text[place])]
                place = mark == 0 ? place &+ 1 : look(Mark(rawValue: mark) ?? .none, at: place)
            }
        }
        return secrets
    }

    /// Looks at a marked byte, and returns where to go on.
    private mutating func look(_ mark: Mark, at place: Int) -> Int {
        switch mark {
        case .digit: return number(at: place)
        case .at: return take(email(at: place, width: 1), at: place)
        case .percent:
            if text.has("%40", at: place) { return take(email(at: place, width: 3), at: place) }
            guard text.has("%3d", at: place, anyCase: true) else { return place &+ 1 }
            return take(value(ofNameBefore: place, at: place &+ 3), at: place)
        case .value:
            if text[place] == UInt8(ascii: ":"), let secret = credentials(at: place) {
                return take(secret, at: place)
            }
            return take(value(ofNameBefore: place, at: place &+ 1), at: place)
        case .wideColon:
            guard text.has("：", at: place) else { return place &+ 1 }
            return take(value(ofNameBefore: place, at: place &+ 3), at: place)
        case .letter:
            guard text.isEdge(place &- 1) else { return place &+ 1 }
            return take(key(at: place), at: place)
        case .dash: return take(privateKey(at: place), at: place)
        case .none: return place &+ 1
        }
    }

    private mutating func take(_ secret: Secret?, at place: Int) -> Int {
        guard let secret, secret.range.lowerBound >= floor, !secret.range.isEmpty else {
            return place &+ 1
        }
        secrets.append(secret)
        floor = secret.range.upperBound
        return max(floor, place &+ 1)
    }

    /// Looks at the number that begins at `place`, and returns where to go on.
    private mutating func number(at place: Int) -> Int {
        // In `%2086138…` the number begins behind the escape.
        let isEscape = text[place &- 1] == UInt8(ascii: "%") && text[place &+ 1].isHexDigit
        let start = isEscape ? place &+ 2 : place
        let end = text.end(from: start, while: { $0.isDigit })
        guard end > start else { return max(end, place &+ 1) }
        return max(end, take(number(start, end), at: place))
    }
}
