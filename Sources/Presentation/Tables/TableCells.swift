internal import LogModel

/// The cells of one column as a person reads them.
struct TableCells {
    /// How the times of a column, and its fractions, are written: alike in all rows.
    private let fractionDigits: Int
    private let decimals: Int
    private let zone: Zone

    init(_ values: [ResultTable.Value], zone: Zone) {
        self.zone = zone
        var digits = 0
        var decimals = 0
        for value in values {
            switch value {
            case .time(let time):
                let fraction = RFC3339.split(time).nanoseconds
                let needed = fraction == 0 ? 0 : fraction % 1_000_000 == 0 ? 3 : 9
                digits = max(digits, fraction % 1000 == 0 ? min(needed, 6) : needed)
            case .number(let number): decimals = max(decimals, Self.decimals(of: number))
            default: break
            }
        }
        fractionDigits = digits
        self.decimals = decimals
    }

    /// How many decimals three figures of `number` need, at most six and no more than it has.
    private static func decimals(of number: Double) -> Int {
        guard number.isFinite, number != number.rounded() else { return 0 }
        var digits = number.magnitude >= 100 ? 1 : 2
        var magnitude = number.magnitude
        while magnitude < 1, digits < 6 { (magnitude, digits) = (magnitude * 10, digits + 1) }
        let text = number.description.utf8
        guard !text.contains(UInt8(ascii: "e")), let point = text.firstIndex(of: UInt8(ascii: "."))
        else { return digits }
        return min(digits, text.distance(from: point, to: text.endIndex) - 1)
    }

    /// The text of a value; nothing for none. Safe to show.
    func text(_ value: ResultTable.Value) -> String {
        switch value {
        case .none: return ""
        case .text(let bytes):
            var safe: [UInt8] = []
            SafeText.append(bytes.span, to: &safe)
            return String(decoding: safe, as: UTF8.self)
        case .integer(let number): return HumanUnits.count(number)
        case .number(let number): return HumanUnits.decimal(number, digits: decimals)
        case .time(let time): return text(time)
        case .duration(let seconds): return HumanUnits.duration(seconds: seconds)
        case .bytes(let count): return HumanUnits.bytes(count)
        case .share(let share): return HumanUnits.percent(share)
        }
    }

    /// `2026-11-20 10:15:03`.
    private func text(_ time: Int64) -> String {
        var text: [UInt8] = []
        RFC3339.append(time, zone: zone, fractionDigits: fractionDigits, to: &text)
        text = Array(text.prefix(fractionDigits == 0 ? 19 : 20 + fractionDigits))
        if text.count > 10 { text[10] = 0x20 }
        return String(decoding: text, as: UTF8.self)
    }
}
