internal import Presentation

/// A mistake in the command line: what is wrong, what was probably meant, what to try.
package struct ArgumentError: Error, Equatable, CustomStringConvertible {
    /// What is wrong; what came from the command line is in it with its control characters escaped.
    package let problem: String
    /// What was probably meant, if anything is near.
    package let nearest: String?
    /// The command that explains.
    package let tryCommand: String

    /// Makes an error; `problem` may quote anything from the command line.
    package init(_ problem: String, nearest: String? = nil, tryCommand: String) {
        self.problem = SafeText.escaped(problem)
        self.nearest = nearest
        self.tryCommand = tryCommand
    }

    /// All of it in one line.
    package var description: String {
        let guess = nearest.map { "; did you mean '\($0)'?" } ?? ";"
        return problem + guess + " try '\(tryCommand)'"
    }
}
