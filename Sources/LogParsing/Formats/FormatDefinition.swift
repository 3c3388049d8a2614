/// A log format as a `.format` file describes it: its patterns, where it is found, its samples.
///
/// The notation is made for pasting, one `key: value` a line, nothing escaped:
///
///     # comments and blank lines are skipped
///     format: nginx-access
///     title: nginx access log
///     service: nginx
///     files: access.log *access*.log
///     nginx: $remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent
///     sample:
///     > 1.2.3.4 - - [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.1" 200 12
///     = {"Timestamp":"2000-10-10T20:55:36Z","http.request.method":"GET"}
///
/// - `format` and at least one pattern are needed; `format` must be unique in a library.
/// - `files` holds globs (`*`, `?`) of file names, a hint for detection.
/// - `service` is the service name of the events; absent, it comes from the file's own name.
/// - A pattern's key is its notation (`nginx`, `tomcat`, `logback`, `log4j2`, `nginx-error`);
///   several are tried in order. Lines that begin with a blank continue the value above, so that
///   an nginx `log_format` statement or an XML element can be pasted as it stands.
///   `unstructured:` stands for "no patterns": lines as they are, Java stack traces kept together.
/// - `sample:` begins a text of its own, read in UTC, with 2026-01-01 as the file's date. A `>`
///   line is a line of the log; `=` closes an event and holds what it must give as a flat JSON
///   object of stored names: a value, or null for "must be absent". Fields not named are not
///   checked.
package struct FormatDefinition: Sendable {
    package let name: String
    package let title: String
    package let service: String?
    /// Globs of the file names where the format is usual.
    package let fileNames: [String]
    /// Empty for unstructured text.
    package let patterns: [Pattern]
    package let samples: [Sample]
    /// The file that the definition was read from, as it was given.
    package let file: String

    /// One `sample:` section: lines of a log in order, cut into the events expected of them.
    package struct Sample: Sendable {
        package struct Event: Sendable {
            /// The line of its first `>`.
            package let line: Int
            /// The event's lines, joined with newlines.
            package let text: [UInt8]
            /// The JSON object after `=`, and its line; read only when the sample is run.
            package let expected: [UInt8]
            package let expectedLine: Int
        }
        package let events: [Event]
    }

    /// A definition is refused above this size: it is written by hand, and samples are short.
    package static let sizeLimit = 1 << 20

    init(
        name: String, title: String, service: String? = nil, fileNames: [String] = [],
        patterns: [Pattern], samples: [Sample] = [], file: String = ""
    ) {
        self.name = name
        self.title = title
        self.service = service
        self.fileNames = fileNames
        self.patterns = patterns
        self.samples = samples
        self.file = file
    }

    /// Reads a definition from the bytes of a `.format` file; `file` is for messages only.
    ///
    /// Stops at the first error. Costs time in proportion to the text plus the compiling of its
    /// patterns (microseconds each).
    package init(parsing bytes: [UInt8], file: String) throws(FormatError) {
        guard bytes.count <= FormatDefinition.sizeLimit else {
            throw FormatError(
                file: file, problem: "the definition is larger than 1 MiB",
                help: "keep only a few samples of each pattern")
        }
        var parser = FormatDefinitionParser(file: file)
        self = try parser.parse(bytes)
    }
}
