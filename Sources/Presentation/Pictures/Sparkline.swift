/// Bars one cell high, a character a value.
///
/// The scale is linear, from zero at the lower edge of the line to `maximum` (else the largest value)
/// at the upper. What is not above zero is a blank, what is above is at least the lowest bar. A reader
/// cannot tell the maximum from the picture: write it beside.
package enum Sparkline {
    /// The bars of `values`; what is not finite is a blank, what passes `maximum` a full cell.
    package static func bytes(
        _ values: [Double], maximum: Double? = nil, glyphs: Glyphs = .blocks
    ) -> [UInt8] {
        let top = maximum ?? values.filter(\.isFinite).max() ?? 0
        var output: [UInt8] = []
        for value in values { output.append(scalar: glyph(value, maximum: top, glyphs).value) }
        return output
    }

    static func glyph(_ value: Double, maximum: Double, _ glyphs: Glyphs) -> Unicode.Scalar {
        guard value.isFinite, value > 0, maximum > 0 else { return glyphs.column(0) }
        let steps = (min(1, value / maximum) * Double(glyphs.steps)).rounded()
        return glyphs.column(max(1, Int(steps)))
    }
}
