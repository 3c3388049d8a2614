/// Globs of names: `*` is any text, `?` any byte, letters in any case.
package enum NameGlob {
    package static func matches(_ name: String, _ glob: String) -> Bool {
        closeness(of: name, to: glob) > 0
    }

    /// 0 when `name` does not match, else 1 + the glob's bytes that are no wildcards.
    ///
    /// Takes time in proportion to the product of the lengths at worst; never backtracks further
    /// than to the last `*`.
    package static func closeness(of name: String, to glob: String) -> Int {
        let name = Array(name.utf8)
        let glob = Array(glob.utf8)
        var position = 0
        var pattern = 0
        var star: (pattern: Int, position: Int)?
        while position < name.count {
            if pattern < glob.count, glob[pattern] == UInt8(ascii: "*") {
                star = (pattern, position)
                pattern += 1
            } else if pattern < glob.count, isSame(name[position], glob[pattern]) {
                pattern += 1
                position += 1
            } else if let last = star {
                star = (last.pattern, last.position + 1)
                pattern = last.pattern + 1
                position = last.position + 1
            } else {
                return 0
            }
        }
        guard glob[pattern...].allSatisfy({ $0 == UInt8(ascii: "*") }) else { return 0 }
        return 1 + glob.count { $0 != UInt8(ascii: "*") && $0 != UInt8(ascii: "?") }
    }

    /// Whether the glob's byte stands for the name's.
    static func isSame(_ byte: UInt8, _ glob: UInt8) -> Bool {
        func lowered(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }
        return glob == UInt8(ascii: "?") || lowered(byte) == lowered(glob)
    }
}
