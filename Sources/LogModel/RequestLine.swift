/// The request line of HTTP: `GET /path?query HTTP/1.1` (RFC 9112, section 3).
package enum RequestLine {
    package struct Parts {
        package var method: Range<Int>
        package var path: Range<Int>
        /// With its question mark; empty without one.
        package var query: Range<Int>
        /// `1.1`, without `HTTP/`.
        package var version: Range<Int>
    }

    /// The parts of the bytes `start..<end`; nil unless they have exactly that shape.
    ///
    /// The method is letters and hyphens; the target may hold blanks, as broken clients send them.
    @inline(__always)
    package static func split(
        _ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int
    ) -> Parts? {
        guard end &- start >= 10, base[end &- 1] &- 0x30 < 10 else { return nil }
        var version = end &- 1
        if base[version &- 1] == 0x2E {
            version &-= 2
            guard base[version] &- 0x30 < 10 else { return nil }
        }
        guard version &- 7 > start, base[version &- 1] == 0x2F, base[version &- 2] == 0x50,
            base[version &- 3] == 0x54, base[version &- 4] == 0x54, base[version &- 5] == 0x48,
            base[version &- 6] == 0x20
        else { return nil }
        let targetEnd = version &- 6
        var method = start
        while method < targetEnd, (base[method] | 0x20) &- 0x61 < 26 || base[method] == 0x2D {
            method &+= 1
        }
        guard method > start, method &+ 1 < targetEnd, base[method] == 0x20 else { return nil }
        var query = method &+ 1
        while query < targetEnd, base[query] != 0x3F { query &+= 1 }
        return Parts(
            method: start..<method, path: method &+ 1..<query, query: query..<targetEnd,
            version: version..<end)
    }
}
