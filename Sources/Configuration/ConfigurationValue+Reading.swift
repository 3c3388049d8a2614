package import LogModel
internal import LogQuery

extension ConfigurationValue {
    /// Bytes: a number and its unit, or 0; up to 8 PiB.
    package func size() throws(Fault) -> Int64 {
        let word = try text()
        let text = String(word.text.filter { $0 != " " && $0 != "\t" })
        let hasUnit = text.utf8.last.map { (0x61...0x7A).contains($0 | 0x20) } ?? false
        // Up to 8 PiB a Double is exact to the byte.
        guard hasUnit || text == "0", let count = FieldValue.byteCount(text),
            (0...0x1p53).contains(count)
        else {
            throw fault(
                "'\(word.shown)' is no size", help: "write a number and its unit, such as 256MiB")
        }
        return Int64(count)
    }

    /// A text that is short enough to stand in a message whole.
    package func shortText(of key: String) throws(Fault) -> Word {
        let word = try text()
        if word.text.utf8.count <= 100 { return word }
        throw fault("'\(word.shown)' is too long for the value of '\(key)'")
    }
}

extension ConfigurationValue.Word {
    /// The zone of that name.
    package func zone(line: Int) throws(ConfigurationError.Fault) -> Zone {
        do throws(ZoneError) {
            return try Zone.named(text)
        } catch {
            throw ConfigurationError.Fault(line: line, column: column, error.description)
        }
    }
}
