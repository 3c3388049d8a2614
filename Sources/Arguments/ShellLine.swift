/// A command line as bash has it up to the cursor: the words before the last one, and that one with
/// what is needed to put a completion in its place.
package struct ShellLine: Equatable, Sendable {
    /// The words before the one at the cursor, without their quotes.
    package private(set) var words: [String] = []
    /// The word at the cursor, without its quotes.
    package private(set) var current = ""
    /// The quote that is open at the cursor.
    private var quote: Unicode.Scalar?
    /// How many scalars of `current` stand before the part that bash replaces.
    private var kept = 0

    /// Reads a line; `breaks` is `COMP_WORDBREAKS`, at which bash begins a word anew.
    ///
    /// Of a line with several commands only the last one counts.
    package init(_ line: String, breaks: String) {
        var isWord = false
        var isEscaped = false
        for scalar in line.unicodeScalars {
            if isEscaped {
                append(scalar)
                isEscaped = false
            } else if scalar == "\\", quote != "'" {
                isEscaped = true
                isWord = true
            } else if let open = quote {
                if scalar == open {
                    quote = nil
                    kept = current.unicodeScalars.count
                } else {
                    append(scalar)
                }
            } else if scalar == "'" || scalar == "\"" {
                quote = scalar
                kept = current.unicodeScalars.count
                isWord = true
            } else if scalar == " " || scalar == "\t" {
                if isWord { words.append(current) }
                (current, kept, isWord) = ("", 0, false)
            } else if scalar == ";" || scalar == "|" || scalar == "&" {
                (words, current, kept, isWord) = ([], "", 0, false)
            } else {
                // Bash breaks before an '@', and behind the others.
                if scalar == "@", breaks.unicodeScalars.contains(scalar) {
                    kept = current.unicodeScalars.count
                }
                append(scalar)
                isWord = true
                if scalar != "@", breaks.unicodeScalars.contains(scalar) {
                    kept = current.unicodeScalars.count
                }
            }
        }
    }

    private mutating func append(_ scalar: Unicode.Scalar) { current.unicodeScalars.append(scalar) }

    /// What bash must insert to make the current word `word`; nil where `word` does not go on from
    /// what bash keeps.
    package func replacement(for word: String) -> String? {
        let keptPart = current.unicodeScalars.prefix(kept)
        guard word.unicodeScalars.starts(with: keptPart) else { return nil }
        var text = ""
        for scalar in word.unicodeScalars.dropFirst(kept) {
            switch quote {
            case "'": text += scalar == "'" ? "'\\''" : String(scalar)
            case "\"":
                text += "\\\"$`".unicodeScalars.contains(scalar) ? "\\\(scalar)" : String(scalar)
            default: text += Self.isPlain(scalar) ? String(scalar) : "\\\(scalar)"
            }
        }
        return text
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        !scalar.isASCII || ("0"..."9").contains(scalar) || ("a"..."z").contains(scalar)
            || ("A"..."Z").contains(scalar) || "@%_-+=:,./".unicodeScalars.contains(scalar)
    }
}
