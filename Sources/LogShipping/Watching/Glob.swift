internal import Glibc

/// A path with `*`, `?` and `[…]` in any of its parts, as fnmatch(3) reads them.
///
/// A wildcard matches within one part, and no dot at its beginning. A backslash takes the meaning
/// from the character behind it. A part also matches the name that is spelled exactly like it.
struct Glob {
    let parts: [NamePattern]
    private let isAbsolute: Bool

    init(_ text: String) {
        isAbsolute = text.utf8.first == 0x2F
        parts = text.split(separator: "/").filter { $0 != "." }.map { NamePattern(String($0)) }
    }

    /// Whether this names the file or one of the directories that it is in; one that is not
    /// absolute names the last parts of paths.
    func covers(_ path: String) -> Bool {
        var names = path.split(separator: "/")[...]
        guard names.count >= parts.count, !parts.isEmpty else { return false }
        if !isAbsolute { names = names.suffix(parts.count) }
        return zip(parts, names).allSatisfy { part, name in part.matches(String(name)) }
    }
}

/// A part of a glob between two slashes.
struct NamePattern {
    let text: String
    /// Whether only the name that is spelled like it can match.
    let isLiteral: Bool
    private let pattern: [CChar]
    /// How many bytes stand before the first wildcard: most names differ there already.
    private let literalPrefix: Int

    init(_ text: String) {
        self.text = text
        pattern = Array(text.utf8CString)
        let isWild: (UInt8) -> Bool = { $0 == 0x2A || $0 == 0x3F || $0 == 0x5B || $0 == 0x5C }
        let wild = text.utf8.firstIndex(where: isWild)
        isLiteral = wild == nil
        literalPrefix = text.utf8.distance(
            from: text.utf8.startIndex, to: wild ?? text.utf8.endIndex)
    }

    /// `name` ends with a NUL.
    func matches(_ name: UnsafePointer<CChar>) -> Bool {
        if isLiteral { return strcmp(pattern, name) == 0 }
        if literalPrefix > 0, strncmp(pattern, name, literalPrefix) != 0 {
            return strcmp(pattern, name) == 0
        }
        return fnmatch(pattern, name, FNM_PERIOD) == 0 || strcmp(pattern, name) == 0
    }
}
