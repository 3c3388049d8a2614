/// The few Unicode properties that patterns need, asked of the standard library's own tables.
enum RegexUnicode {
    /// Whether a scalar is a word character for `\w` and `\b`.
    ///
    /// Follows UTS #18 annex C: alphabetic, marks, decimal digits, connectors; number letters too.
    static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x30...0x39, 0x41...0x5A, 0x5F, 0x61...0x7A: return true
        case 0..<0x80: return false
        // Chinese, kana and Korean and their usual punctuation are the bulk of non-ASCII logs.
        case 0x4E00...0x9FFF, 0x3041...0x3096, 0x30A1...0x30FA, 0xAC00...0xD7A3: return true
        case 0x3000...0x3004, 0x3008...0x3020, 0x2010...0x2027, 0xFF01...0xFF0F: return false
        case 0xFF1A...0xFF20: return false
        default: return isWordByProperty(scalar.properties)
        }
    }

    private static func isWordByProperty(_ properties: Unicode.Scalar.Properties) -> Bool {
        if properties.isAlphabetic || properties.isJoinControl { return true }
        switch properties.generalCategory {
        case .decimalNumber, .letterNumber, .otherNumber, .connectorPunctuation: return true
        case .nonspacingMark, .spacingMark, .enclosingMark: return true
        default: return false
        }
    }

    /// The blocks that have letters with case; what lies outside has none to fold.
    static let casedBlocks: [ClosedRange<UInt32>] = [
        0x41...0x5A, 0x61...0x7A, 0xB5...0x58F, 0x10A0...0x10FF, 0x13A0...0x13FF,
        0x1C80...0x1CBF, 0x1D79...0x1D8E, 0x1E00...0x1FFF, 0x2126...0x2188, 0x24B6...0x24E9,
        0x2C00...0x2D2D, 0xA640...0xA7FF, 0xAB53...0xABBF, 0xFF21...0xFF5A, 0x10400...0x104FB,
        0x10570...0x105BC, 0x10C80...0x10CF2, 0x118A0...0x118DF, 0x16E40...0x16E7F,
        0x1E900...0x1E943,
    ]

    /// The other cases of a letter, by simple (one scalar to one) mapping.
    static func caseVariants(of value: UInt32) -> [UInt32] {
        if value < 0x80 {
            let isLetter = (0x41...0x5A).contains(value) || (0x61...0x7A).contains(value)
            return isLetter ? [value ^ 0x20] : []
        }
        guard let scalar = Unicode.Scalar(value) else { return [] }
        var variants: [UInt32] = []
        for mapped in [lower(scalar), upper(scalar), lower(upper(scalar)), upper(lower(scalar))]
        where mapped.value >= 0x80 && mapped.value != value {
            variants.append(mapped.value)
        }
        return variants
    }

    private static func lower(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        single(scalar.properties.lowercaseMapping) ?? scalar
    }

    private static func upper(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        single(scalar.properties.uppercaseMapping) ?? scalar
    }

    private static func single(_ mapping: String) -> Unicode.Scalar? {
        mapping.unicodeScalars.count == 1 ? mapping.unicodeScalars.first : nil
    }
}

/// The names that `\p{…}` knows: general categories and the scripts of East Asia.
extension RegexUnicode {
    static let propertyHelp =
        "known are L, Lu, Ll, Lt, Lm, Lo, M, N, Nd, Nl, No, P, S, Z, Alphabetic, Han, Hiragana, "
        + "Katakana, Hangul"

    /// The scalars of a property, or nil where the name is unknown.
    ///
    /// A category is found by asking for each scalar: three to five milliseconds each time.
    static func property(named name: String) -> RegexSet? {
        if let ranges = scripts[name] { return RegexSet(ranges) }
        if name == "Alphabetic" || name == "Alpha" {
            return RegexSet(scan { $0.properties.isAlphabetic })
        }
        guard let test = categories[name] else { return nil }
        return RegexSet(scan { test($0.properties.generalCategory) })
    }

    /// Scripts.txt, Unicode 15.1.
    private static let scripts: [String: [ClosedRange<UInt32>]] = [
        "Han": [
            0x2E80...0x2E99, 0x2E9B...0x2EF3, 0x2F00...0x2FD5, 0x3005...0x3005, 0x3007...0x3007,
            0x3021...0x3029, 0x3038...0x303B, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFA6D,
            0xFA70...0xFAD9, 0x16FE2...0x16FE3, 0x16FF0...0x16FF1, 0x20000...0x2A6DF,
            0x2A700...0x2B739, 0x2B740...0x2B81D, 0x2B820...0x2CEA1, 0x2CEB0...0x2EBE0,
            0x2EBF0...0x2EE5D, 0x2F800...0x2FA1D, 0x30000...0x3134A, 0x31350...0x323AF,
        ],
        "Hiragana": [
            0x3041...0x3096, 0x309D...0x309F, 0x1B001...0x1B11F, 0x1B132...0x1B132,
            0x1B150...0x1B152, 0x1F200...0x1F200,
        ],
        "Katakana": [
            0x30A1...0x30FA, 0x30FD...0x30FF, 0x31F0...0x31FF, 0x32D0...0x32FE, 0x3300...0x3357,
            0xFF66...0xFF6F, 0xFF71...0xFF9D, 0x1AFF0...0x1AFFE, 0x1B000...0x1B000,
            0x1B120...0x1B122, 0x1B155...0x1B155, 0x1B164...0x1B167,
        ],
        "Hangul": [
            0x1100...0x11FF, 0x302E...0x302F, 0x3131...0x318E, 0x3200...0x321E, 0x3260...0x327E,
            0xA960...0xA97C, 0xAC00...0xD7A3, 0xD7B0...0xD7C6, 0xD7CB...0xD7FB, 0xFFA0...0xFFBE,
            0xFFC2...0xFFC7, 0xFFCA...0xFFCF, 0xFFD2...0xFFD7, 0xFFDA...0xFFDC,
        ],
    ]

    private static let letters: Set<Unicode.GeneralCategory> = [
        .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
    ]
    private static let punctuation: Set<Unicode.GeneralCategory> = [
        .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
        .initialPunctuation, .finalPunctuation, .otherPunctuation,
    ]

    private static let categories: [String: @Sendable (Unicode.GeneralCategory) -> Bool] = [
        "L": { letters.contains($0) },
        "Lu": { $0 == .uppercaseLetter },
        "Ll": { $0 == .lowercaseLetter },
        "Lt": { $0 == .titlecaseLetter },
        "Lm": { $0 == .modifierLetter },
        "Lo": { $0 == .otherLetter },
        "M": { $0 == .nonspacingMark || $0 == .spacingMark || $0 == .enclosingMark },
        "N": { $0 == .decimalNumber || $0 == .letterNumber || $0 == .otherNumber },
        "Nd": { $0 == .decimalNumber },
        "Nl": { $0 == .letterNumber },
        "No": { $0 == .otherNumber },
        "P": { punctuation.contains($0) },
        "S": {
            $0 == .mathSymbol || $0 == .currencySymbol || $0 == .modifierSymbol
                || $0 == .otherSymbol
        },
        "Z": { $0 == .spaceSeparator || $0 == .lineSeparator || $0 == .paragraphSeparator },
    ]

    /// Blocks whose scalars all have one category: asking once saves nine tenths of a scan.
    private static let uniformBlocks: [ClosedRange<UInt32>] = [
        0x3400...0x4DBF, 0x4E00...0x9FFF, 0xAC00...0xD7A3, 0xE000...0xF8FF, 0x17000...0x187F7,
        0x20000...0x2A6DF, 0x2A700...0x2B739, 0x2B740...0x2B81D, 0x2B820...0x2CEA1,
        0x2CEB0...0x2EBE0, 0x2F800...0x2FA1D, 0x30000...0x3134A, 0x31350...0x323AF,
        0xE0100...0xE01EF,
    ]

    private static let mixedBlocks: [ClosedRange<UInt32>] = [
        0...0x33FF, 0x4DC0...0x4DFF, 0xA000...0xABFF, 0xD7A4...0xD7FF, 0xF900...0x16FFF,
        0x187F8...0x1FFFF,
    ]

    private static func scan(_ holds: (Unicode.Scalar) -> Bool) -> [ClosedRange<UInt32>] {
        var found = uniformBlocks.filter { block in
            Unicode.Scalar(block.lowerBound).map(holds) ?? false
        }
        for block in mixedBlocks {
            var start: UInt32?
            for value in block {
                let isMember = Unicode.Scalar(value).map(holds) ?? false
                if isMember {
                    start = start ?? value
                } else if let first = start {
                    found.append(first...(value - 1))
                    start = nil
                }
            }
            if let first = start { found.append(first...block.upperBound) }
        }
        return found
    }
}
