/// A date pattern that cannot be used: where it goes wrong, why, and what to write instead.
package struct TimestampFormatError: Error, Equatable, CustomStringConvertible {
    /// The whole pattern.
    package let pattern: String
    /// The byte of `pattern` at which the problem starts.
    package let position: Int
    /// What is wrong there.
    package let problem: String
    /// What to write instead.
    package let help: String

    /// One line for people.
    package var description: String {
        "date pattern '\(pattern)', byte \(position + 1): \(problem); \(help)"
    }
}
