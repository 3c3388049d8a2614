/// All that is wrong with a configuration, so that one look mends it.
///
/// Shown one fault a line, as `shipper.conf:7:1: unknown key 'exlude'; did you mean 'exclude'?`.
package struct ConfigurationError: Error, Equatable, CustomStringConvertible {
    /// One mistake: where it stands, what is wrong, what to do.
    package struct Fault: Error, Hashable {
        /// Counted from one; 0 when the whole file is meant.
        package let line: Int
        /// The byte of the line, counted from one; 0 when the whole line is meant.
        package let column: Int
        package let problem: String
        package let help: String?

        package init(line: Int = 0, column: Int = 0, _ problem: String, help: String? = nil) {
            self.line = line
            self.column = column
            self.problem = problem
            self.help = help
        }
    }

    /// The file's path as it was given.
    package let file: String
    /// In the order of lines; at least one.
    package let faults: [Fault]

    /// A text of many mistakes is no configuration; the first ones are enough to see that.
    private static let mostShown = 50

    package init(file: String, faults: some Sequence<Fault>) {
        self.file = file
        self.faults = faults.sorted { ($0.line, $0.column) < ($1.line, $1.column) }
    }

    package var description: String {
        var lines = faults.prefix(Self.mostShown).map(line)
        if faults.count > Self.mostShown {
            lines.append("\(file): \(faults.count - Self.mostShown) more")
        }
        return lines.joined(separator: "\n")
    }

    private func line(for fault: Fault) -> String {
        var text = file
        if fault.line > 0 { text += ":\(fault.line)" }
        if fault.column > 0 { text += ":\(fault.column)" }
        text += ": " + fault.problem
        return fault.help.map { text + "; " + $0 } ?? text
    }
}

extension Set<ConfigurationError.Fault> {
    /// What a line says, or nil; a fault of it is noted.
    package mutating func value<Entry, Value>(
        of entry: Entry?, _ read: (Entry) throws(ConfigurationError.Fault) -> Value
    ) -> Value? {
        guard let entry else { return nil }
        do throws(ConfigurationError.Fault) {
            return try read(entry)
        } catch {
            insert(error)
            return nil
        }
    }
}
