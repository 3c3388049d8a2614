/// Writes JSON (RFC 8259) into a byte array, members in the order of the calls.
///
/// Commas are placed by the writer; that containers are closed and that each key is followed by one
/// value is the caller's part and is not checked. Strings may be any bytes: what is not UTF-8
/// becomes U+FFFD, one for each broken character. Besides what JSON requires, everything that a
/// terminal could act on is escaped (C1 and bidirectional controls, U+2028, U+2029, the byte order
/// mark), which no reader can tell from the character itself.
package struct JSONWriter: Sendable {
    /// What has been written.
    package private(set) var bytes: [UInt8] = []
    private var needsComma = false

    /// Makes a writer with room for `capacity` bytes.
    package init(capacity: Int = 0) {
        bytes.reserveCapacity(max(0, capacity))
    }

    /// Forgets what has been written but keeps the memory, for the next batch.
    package mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        needsComma = false
    }

    /// Opens an object.
    package mutating func beginObject() { begin(UInt8(ascii: "{")) }
    /// Closes an object.
    package mutating func endObject() { end(UInt8(ascii: "}")) }
    /// Opens an array.
    package mutating func beginArray() { begin(UInt8(ascii: "[")) }
    /// Closes an array.
    package mutating func endArray() { end(UInt8(ascii: "]")) }

    /// Ends a document with a newline, so that the next one makes JSON Lines.
    package mutating func endLine() {
        bytes.append(0x0A)
        needsComma = false
    }

    /// Writes the name of the member whose value comes next.
    package mutating func key(_ name: Span<UInt8>) {
        string(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// Writes the name of the member whose value comes next.
    package mutating func key(_ name: String) { key(name.utf8.span) }

    /// Writes a string of any bytes.
    package mutating func string(_ value: Span<UInt8>) {
        beginValue()
        bytes.append(UInt8(ascii: "\""))
        appendEscaped(value)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Writes a string.
    package mutating func string(_ value: String) { string(value.utf8.span) }

    /// Writes a whole number; readers that keep numbers as doubles lose digits beyond 2^53.
    package mutating func integer(_ value: Int64) {
        beginValue()
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        bytes.append(decimal: value.magnitude)
    }

    /// Writes the shortest digits that read back as `value`; what is not finite becomes `null`.
    package mutating func number(_ value: Double) {
        guard value.isFinite else { return null() }
        beginValue()
        bytes.append(contentsOf: value.description.utf8)
        // JSON has one kind of number, so the fraction of a whole one says nothing.
        if bytes.suffix(2).elementsEqual(".0".utf8) { bytes.removeLast(2) }
    }

    /// Writes `true` or `false`.
    package mutating func boolean(_ value: Bool) {
        beginValue()
        bytes.append(contentsOf: (value ? "true" : "false").utf8)
    }

    /// Writes `null`.
    package mutating func null() {
        beginValue()
        bytes.append(contentsOf: "null".utf8)
    }

    private mutating func beginValue() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func begin(_ bracket: UInt8) {
        beginValue()
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func end(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }

    private mutating func appendEscaped(_ value: Span<UInt8>) {
        var index = 0
        var runStart = 0
        while index < value.count {
            let byte = value[index]
            if byte >= 0x20 && byte < 0x7F && byte != 0x22 && byte != 0x5C {
                index += 1
                continue
            }
            let scalar = DecodedScalar.read(value, at: index)
            if !scalar.isValid || byte < 0x80 || SafeText.isHarmful(scalar.value) {
                bytes.append(value, in: runStart..<index)
                appendEscape(scalar)
                runStart = index + scalar.length
            }
            index += scalar.length
        }
        bytes.append(value, in: runStart..<value.count)
    }

    private mutating func appendEscape(_ scalar: DecodedScalar) {
        guard scalar.isValid else { return bytes.append(scalar: 0xFFFD) }
        bytes.append(UInt8(ascii: "\\"))
        switch scalar.value {
        case 0x08: bytes.append(UInt8(ascii: "b"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0C: bytes.append(UInt8(ascii: "f"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        case 0x22, 0x5C: bytes.append(UInt8(truncatingIfNeeded: scalar.value))
        default:
            // All that is escaped lies in the first plane, so four digits always suffice.
            bytes.append(UInt8(ascii: "u"))
            bytes.append(hexadecimal: scalar.value, minimumDigits: 4)
        }
    }
}
