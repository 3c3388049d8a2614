internal import LogModel

/// What the text of a time can hold, by its notation alone.
enum TimeText {
    /// Whether a time of this format can hold `literal`, in any case.
    ///
    /// Its figures can stand anywhere; a letter must be one of the notation's own or part of a name
    /// that the notation writes; any other byte must stand in the notation, or be an offset's.
    static func mayHold(_ literal: [UInt8], in format: TimestampFormat) -> Bool {
        let literal = literal.map(\.asciiLowercased)
        let notation = ByteSet(format.pattern.utf8.map(\.asciiLowercased) + offsets)
        var run: [UInt8] = []
        for byte in literal {
            if byte &- 0x61 < 26 {
                run.append(byte)
                continue
            }
            guard byte &- 0x30 < 10 || notation.contains(byte), mayBe(run[...], notation) else {
                return false
            }
            run = []
        }
        return mayBe(run[...], notation)
    }

    /// What offsets and names of zones are written with.
    private static let offsets = Array("+-:zutcgmt".utf8)

    /// Whether a run of letters is made of names, cut off at its ends, and of the notation's letters.
    private static func mayBe(_ run: ArraySlice<UInt8>, _ notation: ByteSet) -> Bool {
        if run.allSatisfy(notation.contains) { return true }
        for name in names {
            if contains(name, run) { return true }
            for start in name.indices.dropFirst() where run.starts(with: name[start...]) {
                if mayGoOn(run.dropFirst(name.count - start), notation) { return true }
            }
        }
        return mayGoOn(run, notation)
    }

    /// The same from a place on where no name is under way.
    private static func mayGoOn(_ run: ArraySlice<UInt8>, _ notation: ByteSet) -> Bool {
        guard let first = run.first else { return true }
        if notation.contains(first), mayGoOn(run.dropFirst(), notation) { return true }
        return names.contains { name in
            name.starts(with: run)
                || run.starts(with: name) && mayGoOn(run.dropFirst(name.count), notation)
        }
    }

    private static func contains(_ name: [UInt8], _ run: ArraySlice<UInt8>) -> Bool {
        guard run.count <= name.count else { return false }
        return (0...name.count - run.count).contains { name[$0...].starts(with: run) }
    }

    /// The names in English, which are the ones that formats write; months and days in short too.
    private static let names: [[UInt8]] = {
        let full = [
            "january", "february", "march", "april", "may", "june", "july", "august", "september",
            "october", "november", "december", "monday", "tuesday", "wednesday", "thursday",
            "friday", "saturday", "sunday",
        ]
        return (full + full.map { String($0.prefix(3)) } + ["am", "pm"]).map { Array($0.utf8) }
    }()
}
