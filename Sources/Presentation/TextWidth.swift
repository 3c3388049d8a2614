/// How many terminal columns UTF-8 text takes, and text cut or padded to a number of columns.
///
/// Wide and fullwidth characters (Unicode Standard Annex 11) and emoji take two columns, combining
/// marks and format characters none. An emoji joined by U+200D, its skin tone and U+FE0F belong to
/// the emoji before them; terminals that draw such parts side by side will differ. A tab counts
/// one column, since its width depends on where it stands; other control characters and line
/// separators count none. Each broken UTF-8 sequence counts one, the width of U+FFFD.
package enum TextWidth {
    /// The columns of a scalar on its own: 2 for wide characters, 0 for marks, else 1.
    package static func columns(of scalar: Unicode.Scalar) -> Int {
        ColumnWidths.width(of: scalar.value)
    }

    /// Where text stands in a field that is wider than it.
    package enum Alignment: Sendable {
        case leading
        case trailing
    }

    /// The columns that `bytes` takes; runs of ASCII cost little, other text a table look-up each.
    package static func columns(of bytes: Span<UInt8>) -> Int {
        var meter = ColumnMeter()
        var index = 0
        while index < bytes.count {
            let runStart = index
            while index < bytes.count, bytes[index] >= 0x20 && bytes[index] < 0x7F { index += 1 }
            meter.countPlain(index - runStart)
            if index < bytes.count { index += meter.step(bytes, at: index).length }
        }
        return meter.columns
    }

    /// The columns that `text` takes.
    package static func columns(of text: String) -> Int {
        columns(of: text.utf8.span)
    }

    /// Appends `bytes`, then or before it as many spaces as bring it to `columns`.
    ///
    /// Longer text is appended whole. A tab is written as a space, as it was counted. Text that
    /// carries colour sequences is measured wrong: pad first, colour afterwards.
    package static func append(
        _ bytes: Span<UInt8>, paddedTo columns: Int, alignment: Alignment = .leading,
        to output: inout [UInt8]
    ) {
        let missing = max(0, columns - self.columns(of: bytes))
        if alignment == .trailing { output.append(contentsOf: repeatElement(0x20, count: missing)) }
        appendUntabbed(bytes, in: 0..<bytes.count, to: &output)
        if alignment == .leading { output.append(contentsOf: repeatElement(0x20, count: missing)) }
    }

    /// Appends `bytes`, cut before the character that would pass `columns`, with `…` in the last
    /// column when something was cut.
    ///
    /// Nothing is appended when `columns` is zero or less. A tab is written as a space.
    package static func append(
        _ bytes: Span<UInt8>, truncatedTo columns: Int, to output: inout [UInt8]
    ) {
        guard columns > 0 else { return }
        var meter = ColumnMeter()
        var index = 0
        var cut = 0
        while index < bytes.count {
            let step = meter.step(bytes, at: index)
            if meter.columns > columns {
                appendUntabbed(bytes, in: 0..<cut, to: &output)
                output.append(scalar: 0x2026)
                return
            }
            index += step.length
            if meter.columns < columns { cut = index }
        }
        appendUntabbed(bytes, in: 0..<bytes.count, to: &output)
    }

    /// A copy of `text`, cut as `append(_:truncatedTo:to:)` does.
    package static func cut(_ text: String, to columns: Int) -> String {
        var bytes: [UInt8] = []
        append(text.utf8.span, truncatedTo: columns, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends `bytes` in exactly `columns` columns, cut with `…` or padded with spaces.
    package static func append(
        _ bytes: Span<UInt8>, fittedTo columns: Int, alignment: Alignment = .leading,
        to output: inout [UInt8]
    ) {
        var cut: [UInt8] = []
        append(bytes, truncatedTo: columns, to: &cut)
        append(cut.span, paddedTo: columns, alignment: alignment, to: &output)
    }

    private static func appendUntabbed(
        _ bytes: Span<UInt8>, in range: Range<Int>, to output: inout [UInt8]
    ) {
        let start = output.count
        output.append(bytes, in: range)
        for index in start..<output.count where output[index] == 0x09 { output[index] = 0x20 }
    }
}

/// Adds up columns, one scalar after the other.
private struct ColumnMeter {
    private(set) var columns = 0
    private var previousWidth = 0
    private var isJoined = false
    /// Whether the last visible scalar is one that U+FE0F turns into a two-column picture.
    private var isSymbol = false

    /// Counts `count` printable ASCII characters.
    mutating func countPlain(_ count: Int) {
        guard count > 0 else { return }
        columns += count
        (previousWidth, isSymbol, isJoined) = (1, false, false)
    }

    /// Counts the scalar at `index`.
    mutating func step(_ bytes: Span<UInt8>, at index: Int) -> DecodedScalar {
        let byte = bytes[index]
        if byte < 0x80 {
            previousWidth = byte == 0x09 || (byte >= 0x20 && byte != 0x7F) ? 1 : 0
            columns += previousWidth
            (isSymbol, isJoined) = (false, false)
            return DecodedScalar(value: UInt32(byte), length: 1, isValid: true)
        }
        let scalar = DecodedScalar.read(bytes, at: index)
        count(scalar.value)
        return scalar
    }

    private mutating func count(_ scalar: UInt32) {
        switch scalar {
        case 0x200D:
            isJoined = previousWidth == 2
            return
        case 0xFE0F where previousWidth == 1 && isSymbol:
            columns += 1
            previousWidth = 2
            return
        case 0x1F3FB...0x1F3FF where previousWidth == 2:
            return
        default: break
        }
        let width = ColumnWidths.width(of: scalar)
        guard width > 0 else { return }
        isSymbol = (0x2190...0x2BFF).contains(scalar) || scalar >= 0x1F000
        if !(isJoined && isSymbol) { columns += width }
        previousWidth = isJoined && isSymbol ? 2 : width
        isJoined = false
    }
}

/// The width of single scalars.
private enum ColumnWidths {
    static func width(of value: UInt32) -> Int {
        if value < 0x300 { return value < 0xA0 && value >= 0x7F ? 0 : 1 }
        guard let scalar = Unicode.Scalar(value) else { return 1 }
        if isWide(value) { return isZero(scalar) ? 0 : 2 }
        if isZero(scalar) { return 0 }
        // A regional indicator is half of a flag: two of them make one picture of two columns.
        let isIndicator = (0x1F1E6...0x1F1FF).contains(value)
        return value >= 0x231A && scalar.properties.isEmojiPresentation && !isIndicator ? 2 : 1
    }

    private static func isZero(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1160...0x11FF, 0xD7B0...0xD7FF: return true  // Hangul vowels and finals
        default: break
        }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .lineSeparator, .paragraphSeparator:
            return true
        default: return false
        }
    }

    /// East Asian Wide and Fullwidth, except the emoji; unassigned code points in the blocks that
    /// Unicode gives to ideographs count as wide, as its EastAsianWidth.txt says.
    private static func isWide(_ value: UInt32) -> Bool {
        switch value {
        case 0..<0x1100: return false
        case 0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x3247,
            0x3250...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3,
            0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60,
            0xFFE0...0xFFE6, 0x16FE0...0x18D08, 0x1AFF0...0x1B2FB, 0x1F200...0x1F265,
            0x20000...0x3FFFD:
            return true
        default: return false
        }
    }
}
