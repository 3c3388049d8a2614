internal import LogModel

/// What is wrong with a format definition, and where.
///
/// Shown as `nginx-access.format:7: unknown key 'ngnix'; did you mean 'nginx'?`, with the column
/// after the line where a pattern is at fault.
package struct FormatError: Error, Equatable, CustomStringConvertible {
    /// The file's name or path as it was given, or the directory's.
    package let file: String
    /// Counted from one; 0 when the whole file is meant.
    package let line: Int
    /// The byte of the line, counted from one; 0 when the whole line is meant.
    package let column: Int
    package let problem: String
    /// What to do about it.
    package let help: String?

    package init(
        file: String, line: Int = 0, column: Int = 0, problem: String, help: String? = nil
    ) {
        self.file = file
        self.line = line
        self.column = column
        self.problem = problem
        self.help = help
    }

    package var description: String {
        var place = file
        if line > 0 { place += ":\(line)" }
        if column > 0 { place += ":\(column)" }
        guard let help else { return "\(place): \(problem)" }
        return "\(place): \(problem); \(help)"
    }
}

/// Guesses the word that was meant.
enum Spelling {
    /// "did you mean 'nginx'?" for the nearest of `candidates`, or nil when none is near.
    static func hint(for word: String, among candidates: [String]) -> String? {
        NearestName.find(word, in: candidates).map { "did you mean '\($0)'?" }
    }
}

/// Why a format that somebody asked for cannot be had.
package enum FormatChoiceError: Error, Equatable {
    /// There is none of that name; `help` guesses which was meant.
    case unknown(String, help: String?)
    /// The pasted pattern has a fault, at an offset behind the colon.
    case pattern(PatternError)
}
