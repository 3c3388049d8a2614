/// Recognises Java stack traces by their lines.
///
/// Source of the forms: `Throwable.printStackTrace`, Logback's and Log4j's throwable converters.
/// Every function looks at a line once and allocates nothing.
package enum StackTrace {
    package enum LineKind: Equatable, Sendable {
        /// `pkg.SomeException: text` or `pkg.SomeException`.
        case head
        /// The same with a name that is no exception's by itself; counts if a frame follows.
        case possibleHead
        /// `at pkg.Class.method(Class.java:1)`, `... 3 more`, `Caused by: …`, `Suppressed: …`.
        case frame
        case other
    }

    /// What the line `start..<end` is within a trace.
    package static func kind(
        _ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int
    ) -> LineKind {
        var place = start
        while place < end, base[place] == 0x20 || base[place] == 0x09 { place &+= 1 }
        guard place < end else { return .other }
        let isIndented = place > start
        switch base[place] {
        case UInt8(ascii: "a") where isIndented && starts(base, place, end, "at "):
            return frameKind(base, place &+ 3, end)
        case UInt8(ascii: ".") where starts(base, place, end, "... "):
            return isOmission(base, place &+ 4, end) ? .frame : .other
        case UInt8(ascii: "C") where starts(base, place, end, "Caused by: "): return .frame
        case UInt8(ascii: "S") where starts(base, place, end, "Suppressed: "): return .frame
        case UInt8(ascii: "W") where starts(base, place, end, "Wrapped by: "): return .frame
        default: break
        }
        if isIndented, base[end &- 1] == UInt8(ascii: ")"), isPlace(base, place, end) {
            return .frame
        }
        return headKind(base, headStart(base, place, end), end)
    }

    /// Whether the line ends in `nested exception is:`, so that an exception follows.
    package static func announcesException(
        _ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int
    ) -> Bool {
        let count = nested.utf8CodeUnitCount
        return end &- start >= count && starts(base, end &- count, end, nested)
    }

    /// Where the trace in the lines `start..<end` begins: the start of its head line, or nil.
    package static func start(
        _ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int
    ) -> Int? {
        var place = start
        var possible: Int?
        while place < end {
            var next = place
            while next < end, base[next] != 0x0A { next &+= 1 }
            let lineEnd = next > place && base[next &- 1] == 0x0D ? next &- 1 : next
            switch kind(base, place, lineEnd) {
            case .head: return place
            case .frame: return possible ?? place
            case .possibleHead: possible = place
            case .other: if lineEnd > place { possible = nil }
            }
            place = next &+ 1
        }
        return nil
    }

    /// The class and the text of a trace's head line, as ranges; nil when it has none.
    ///
    /// The text goes on over the lines before the first frame.
    package static func head(
        _ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int
    ) -> (type: Range<Int>, message: Range<Int>)? {
        var place = start
        while place < end, base[place] <= 0x20 { place &+= 1 }
        var lineEnd = place
        while lineEnd < end, base[lineEnd] != 0x0A { lineEnd &+= 1 }
        let name = headStart(base, place, lineEnd)
        let nameEnd = identifierEnd(base, name, lineEnd)
        // A frame is known by its indentation, so the line is asked as it stands.
        var lineStart = place
        while lineStart > start, base[lineStart &- 1] != 0x0A { lineStart &-= 1 }
        guard nameEnd > name, kind(base, lineStart, trimmed(base, place, lineEnd)) != .frame else {
            return nil
        }
        guard nameEnd < lineEnd, base[nameEnd] == UInt8(ascii: ":") else {
            return (name..<nameEnd, nameEnd..<nameEnd)
        }
        var text = nameEnd &+ 1
        if text < lineEnd, base[text] == 0x20 { text &+= 1 }
        return (name..<nameEnd, text..<messageEnd(base, text, lineEnd, end))
    }

    private static func messageEnd(
        _ base: UnsafePointer<UInt8>, _ text: Int, _ lineEnd: Int, _ end: Int
    ) -> Int {
        var last = trimmed(base, text, lineEnd)
        var place = lineEnd &+ 1
        while place < end {
            var next = place
            while next < end, base[next] != 0x0A { next &+= 1 }
            let lineEnd = trimmed(base, place, next)
            if kind(base, place, lineEnd) == .frame { return last }
            if lineEnd > place { last = lineEnd }
            place = next &+ 1
        }
        return last
    }

    private static let endings: [StaticString] = [
        "Exception", "Error", "Throwable", "ThreadDeath",
    ]
    private static let nested: StaticString = "nested exception is:"

    private static func trimmed(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int {
        var last = end
        while last > start, base[last &- 1] == 0x0D || base[last &- 1] == 0x20 { last &-= 1 }
        return last
    }

    @inline(__always)
    private static func starts(
        _ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int, _ word: StaticString
    ) -> Bool {
        let count = word.utf8CodeUnitCount
        guard end &- start >= count else { return false }
        let bytes = word.utf8Start
        for index in 0..<count where base[start &+ index] != bytes[index] { return false }
        return true
    }

    /// `Exception in thread "main" ` may stand before the class.
    private static func headStart(
        _ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int
    ) -> Int {
        guard starts(base, start, end, "Exception in thread \"") else { return start }
        var place = start &+ 21
        while place < end, base[place] != UInt8(ascii: "\"") { place &+= 1 }
        return min(end, place &+ 2)
    }

    private static func frameKind(
        _ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int
    ) -> LineKind {
        var place = start
        while place < end, base[place] != 0x28, base[place] != 0x20 { place &+= 1 }
        return place > start && place < end && base[place] == 0x28 ? .frame : .other
    }

    /// `13 more`, `2 common frames omitted`.
    private static func isOmission(
        _ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int
    ) -> Bool {
        var place = start
        while place < end, base[place] &- 0x30 < 10 { place &+= 1 }
        guard place > start else { return false }
        return starts(base, place, end, " more") || starts(base, place, end, " common frames")
            || starts(base, place, end, " frames")
    }

    /// `x.y(Z.java:1)`, `x.y(Native Method)`, `x.y(Unknown Source)`: the bracket and what is in it.
    private static func isPlace(
        _ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int
    ) -> Bool {
        let name = identifierEnd(base, start, end)
        guard name > start, name < end, base[name] == 0x28 else { return false }
        let inner = name &+ 1
        if starts(base, inner, end, "Native Method)") { return true }
        if starts(base, inner, end, "Unknown Source)") { return true }
        var place = inner
        while place < end, base[place] != UInt8(ascii: ":") { place &+= 1 }
        return place > inner &+ 3 && place < end &- 2 && base[place &+ 1] &- 0x30 < 10
    }

    /// The end of a run of letters, digits, `_`, `$`, `.`, `/` (modules), `<>` and non-ASCII bytes.
    private static func identifierEnd(
        _ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int
    ) -> Int {
        var place = start
        while place < end {
            let byte = base[place]
            let isPart =
                (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || byte == 0x24 || byte == 0x2E
                || byte == 0x5F || byte == 0x2F || byte == 0x3C || byte == 0x3E || byte >= 0x80
            guard isPart else { break }
            place &+= 1
        }
        return place
    }

    private static func headKind(
        _ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int
    ) -> LineKind {
        guard start < end, (base[start] | 0x20) &- 0x61 < 26 else { return .other }
        let nameEnd = identifierEnd(base, start, end)
        guard nameEnd == end || base[nameEnd] == UInt8(ascii: ":") else { return .other }
        if nameEnd &+ 1 < end, base[nameEnd &+ 1] != 0x20 { return .other }
        var dots = 0
        var last = start
        for place in start..<nameEnd where base[place] == 0x2E || base[place] == 0x24 {
            dots &+= base[place] == 0x2E ? 1 : 0
            last = place &+ 1
        }
        guard last < nameEnd, base[last] &- 0x41 < 26 || base[last] &- 0x30 < 10 else {
            return .other
        }
        let isThrowable = endings.contains { word in
            ends(base, last, nameEnd, word)
        }
        if dots > 0, isThrowable { return .head }
        if isThrowable { return .possibleHead }
        return dots >= 2 && nameEnd < end ? .possibleHead : .other
    }

    private static func ends(
        _ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int, _ word: StaticString
    ) -> Bool {
        let count = word.utf8CodeUnitCount
        return end &- start >= count && starts(base, end &- count, end, word)
    }
}
