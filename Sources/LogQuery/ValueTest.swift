internal import LogModel
internal import LogStore

/// A test of one field's value, compiled from the query.
indirect enum ValueTest {
    case exists
    /// A word or phrase inside of the value, in any case.
    case contains(TextSearcher)
    /// The whole value, with wildcards, in any case.
    case glob(Glob)
    case exactly([UInt8])
    case equals(Double, orText: TextSearcher)
    case network(Network)
    case regex(RegexTest)
    case number(ClosedRange<Double>, includesLower: Bool, includesUpper: Bool, isAddress: Bool)
    case text(lower: [UInt8]?, upper: [UInt8]?, includesLower: Bool, includesUpper: Bool)

    /// Whether a value as a whole passes.
    func accepts(_ value: Event.Value) -> Bool {
        switch value {
        case .text(let bytes): return acceptsText(bytes, number: nil)
        case .integer(let integer):
            return acceptsText(Array(String(integer).utf8), number: Double(integer))
        case .number(let number): return acceptsText(Array(String(number).utf8), number: number)
        case .list(let values):
            return values.contains { acceptsText($0, number: nil) }
                || acceptsText(Array(values.joined(separator: [0x2C, 0x20])), number: nil)
        }
    }

    func acceptsText(_ bytes: [UInt8], number: Double?) -> Bool {
        switch self {
        case .exists: return true
        case .contains(let searcher):
            return CaseFolding.folded(bytes).withUnsafeBufferPointer { searcher.matches($0) }
        case .glob(let glob):
            return CaseFolding.folded(bytes).withUnsafeBufferPointer { glob.matches($0) }
        case .exactly(let wanted): return bytes == wanted
        case .network(let network): return network.contains(bytes)
        case .equals(let wanted, let searcher):
            if let number = number ?? Double(String(decoding: bytes, as: UTF8.self)) {
                return number == wanted
            }
            return CaseFolding.folded(bytes).withUnsafeBufferPointer { searcher.matches($0) }
        case .regex(let regex):
            return bytes.withUnsafeBufferPointer { regex.matches($0) }
        case .number(let range, let includesLower, let includesUpper, let isAddress):
            let read = isAddress ? Self.address(bytes) : number ?? Self.number(bytes)
            guard let read, range.contains(read) else { return false }
            return (includesLower || read != range.lowerBound)
                && (includesUpper || read != range.upperBound)
        case .text(let lower, let upper, let includesLower, let includesUpper):
            if let lower,
                includesLower
                    ? bytes.lexicographicallyPrecedes(lower)
                    : !lower.lexicographicallyPrecedes(bytes)
            {
                return false
            }
            if let upper,
                includesUpper
                    ? upper.lexicographicallyPrecedes(bytes)
                    : !bytes.lexicographicallyPrecedes(upper)
            {
                return false
            }
            return true
        }
    }

    private static func number(_ bytes: [UInt8]) -> Double? {
        Double(String(decoding: bytes, as: UTF8.self))
    }

    private static func address(_ bytes: [UInt8]) -> Double? {
        let parts = bytes.split(separator: 0x2E, omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var value: Double = 0
        for part in parts {
            guard let octet = UInt8(String(decoding: part, as: UTF8.self)) else { return nil }
            value = value * 256 + Double(octet)
        }
        return value
    }
}

/// A pattern of literal parts with `*` between them, for a whole value.
struct Glob: Sendable {
    let parts: [[UInt8]]
    let openStart: Bool
    let openEnd: Bool

    init(_ pattern: TextPattern) {
        parts = pattern.parts.map { CaseFolding.folded(Array($0.utf8)) }
        openStart = pattern.openStart
        openEnd = pattern.openEnd
    }

    /// Whether the whole of `text`, folded, fits. Linear in the text for each part.
    func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = parts.first, let last = parts.last else { return true }
        var position = 0
        var rest = parts[...]
        if !openStart {
            guard text.starts(with: first) else { return false }
            if parts.count == 1 { return openEnd || text.count == first.count }
            position = first.count
            rest = rest.dropFirst()
        }
        if !openEnd {
            guard text.count - position >= last.count, text.suffix(last.count).elementsEqual(last)
            else { return false }
            rest = rest.dropLast()
        }
        let end = openEnd ? text.count : text.count - last.count
        for part in rest {
            guard let found = Bytes.find(part, in: text, from: position), found + part.count <= end
            else { return false }
            position = found + part.count
        }
        return true
    }
}

/// A regular expression with the matcher that caches its automaton.
///
/// Belongs to the thread that runs the search: a plan is compiled anew for each thread.
final class RegexTest {
    let regex: LogRegex
    private let matcher: RegexMatcher
    /// The number of the rarest of the literals' sets, once it is known.
    var rarest: Int?

    init(_ regex: LogRegex) {
        self.regex = regex
        matcher = regex.makeMatcher()
    }

    func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool { matcher.matches(text) }

    func firstMatch(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Range<Int>? {
        matcher.firstMatch(in: text, from: start)
    }
}
