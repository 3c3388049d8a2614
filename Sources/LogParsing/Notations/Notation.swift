internal import LogModel

/// The notations in which software describes its own log lines.
package enum Notation: String, Sendable, CaseIterable {
    /// Logback's `PatternLayout`; Spring Boot's patterns are of this kind.
    case logback
    /// Log4j 2's (and Log4j 1's) `PatternLayout`.
    case log4j2
    /// nginx `log_format`.
    case nginx
    /// Tomcat's `AccessLogValve` pattern.
    case tomcat
    /// nginx's error log, which has one fixed form.
    case nginxError = "nginx-error"
    /// No pattern at all: lines as they are.
    case unstructured
}

/// A pattern that cannot be compiled: what is wrong, where, and what to write instead.
package struct PatternError: Error, Equatable {
    package let problem: String
    /// The byte of the pattern's UTF-8 text at which the problem starts.
    package let offset: Int
    package let help: String?

    package init(problem: String, offset: Int, help: String? = nil) {
        self.problem = problem
        self.offset = offset
        self.help = help
    }
}

/// What a notation's text says, piece by piece, before it is compiled to steps.
enum PatternElement: Sendable {
    case literal([UInt8])
    case field(FieldElement)
    /// `%n` with more of the event behind it.
    case lineBreak
    /// Where a stack trace is written: `%ex` and its kin.
    case exception
    /// What may be there or not.
    case optional([PatternElement])
    /// The first form, or else the second.
    case either([PatternElement], [PatternElement])
}

/// A field of a pattern and how its end is found.
struct FieldElement: Sendable {
    var field: Field
    var matcher: Matcher
    /// The least number of characters, from a width such as `%-5level`.
    var minimum = 0
    /// The zone that the pattern itself names, as in `%d{HH:mm:ss, UTC}`.
    var zone: Zone?
}

/// How the bytes of a field are recognised.
enum Matcher: UInt8, Sendable {
    /// A place between two literals; no field.
    case nothing
    /// Anything up to the next literal.
    case text
    /// A name without blanks, `:` and `@` (logger, class, method); anything if that fails.
    case name
    /// A known level with blanks around it.
    case severity
    case integer
    case number
    /// What the time format of the field reads.
    case time
    /// Blanks that pad a group.
    case padding
    /// Values without blanks, separated by `, ` or ` : `.
    case list
    /// `key=value, key=value` or the same in braces.
    case context
    /// One or more network addresses.
    case addresses
    /// `GET /path?query HTTP/1.1`, or anything else in its place.
    case request
    /// `/path?query`.
    case target
    /// The message, which may go on over the following lines.
    case message
    /// nginx's error message with its `, client: …` tail; one line.
    case nginxMessage
}
