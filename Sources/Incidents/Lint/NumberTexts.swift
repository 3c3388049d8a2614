/// Numbers that a sentence claims.
enum NumberTexts {
    /// The numbers of a text as they are written (`63`, `1,200`, `4.5 %` as `4.5%`), each once.
    ///
    /// What is a part of a name, a version, a date or a time is none: `pay-web-1`, `2.3.1`, `10:14`,
    /// `11 月 20 日`, `30 分钟`.
    static func numbers(in text: String) -> [String] {
        var found: [String] = []
        let scalars = Array(text.unicodeScalars)
        var index = 0
        while index < scalars.count {
            guard isDigit(scalars[index]) else {
                index += 1
                continue
            }
            let start = index
            while index < scalars.count, isPart(scalars, index) { index += 1 }
            guard isFree(scalars, start, index) else { continue }
            var number = String(String.UnicodeScalarView(scalars[start..<index]))
            if isPercent(scalars, index) { number += "%" }
            if !found.contains(number) { found.append(number) }
        }
        return found
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        ("0"..."9").contains(scalar)
    }

    /// A digit, or a comma or point between two.
    private static func isPart(_ scalars: [Unicode.Scalar], _ index: Int) -> Bool {
        if isDigit(scalars[index]) { return true }
        return [",", "."].contains(scalars[index]) && index + 1 < scalars.count
            && isDigit(scalars[index + 1])
    }

    private static func isFree(_ scalars: [Unicode.Scalar], _ start: Int, _ end: Int) -> Bool {
        if start > 0, isOfName(scalars[start - 1]) { return false }
        if scalars[start..<end].count(where: { $0 == "." }) > 1 { return false }
        if end < scalars.count, isOfName(scalars[end]) { return false }
        return next(scalars, end).map { !timeUnits.contains($0) } ?? true
    }

    private static func isOfName(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII
            && (scalar.properties.isAlphabetic || ["-", "_", ":", "/", "@"].contains(scalar))
    }

    private static let timeUnits: Set<Unicode.Scalar> = [
        "年", "月", "日", "号", "点", "时", "分", "秒", "小", "天",
    ]

    private static func isPercent(_ scalars: [Unicode.Scalar], _ index: Int) -> Bool {
        next(scalars, index).map { $0 == "%" || $0 == "％" } ?? false
    }

    /// What stands behind a number and its blanks.
    private static func next(_ scalars: [Unicode.Scalar], _ index: Int) -> Unicode.Scalar? {
        scalars[index...].first { $0 != " " }
    }
}
