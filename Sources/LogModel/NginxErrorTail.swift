/// The end of an nginx error line: `, client: …, server: …, request: "…", upstream: "…", …`.
///
/// Source: nginx `ngx_http_log_error` and `ngx_http_log_error_handler`, `ngx_stream_log_error`,
/// `ngx_mail_log_error`. Values in quotes are written without escaping, so a value ends at a quote
/// that is followed by the next known key or the end.
package enum NginxErrorTail {
    private static let keys: [StaticString] = [
        "client", "server", "request", "subrequest", "upstream", "host", "referrer", "login",
    ]

    /// The stored names that a tail can hold.
    static let names = [
        FieldName.clientAddress, "server.address", FieldName.method, FieldName.urlPath,
        FieldName.urlQuery, FieldName.protocolVersion, FieldName.requestLine, "nginx.subrequest",
        "nginx.upstream.address", "http.request.header.host", FieldName.referer, "nginx.login",
    ]

    /// Whether `, client: ` or `, server: ` stands at `place`.
    package static func begins(
        _ base: UnsafePointer<UInt8>, _ place: Int, _ end: Int
    ) -> Bool {
        key(base, place, end).map { $0.key < 2 } ?? false
    }

    /// The key at a comma, and where its value starts.
    static func key(
        _ base: UnsafePointer<UInt8>, _ place: Int, _ end: Int
    ) -> (key: Int, value: Int)? {
        guard end &- place > 4, base[place] == 0x2C, base[place &+ 1] == 0x20 else { return nil }
        for (index, key) in keys.enumerated() {
            let count = key.utf8CodeUnitCount
            guard end &- place >= count &+ 3 else { continue }
            let bytes = key.utf8Start
            var same = 0
            while same < count, base[place &+ 2 &+ same] == bytes[same] { same &+= 1 }
            guard same == count, base[place &+ 2 &+ count] == 0x3A else { continue }
            // An empty value may leave `server: ,` or, trimmed, nothing at all.
            let value = place &+ count &+ 3
            return (index, value < end && base[value] == 0x20 ? value &+ 1 : value)
        }
        return nil
    }

    /// Calls `body` with the key and the value, without its quotes, of each pair.
    package static func forEach(
        _ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int,
        _ body: (_ key: String, _ value: Range<Int>) -> Void
    ) {
        var place = start
        while let (index, value) = key(base, place, end) {
            var valueEnd = value
            let isQuoted = value < end && base[value] == 0x22
            while valueEnd < end {
                let mayEnd = !isQuoted || valueEnd > value &+ 1 && base[valueEnd &- 1] == 0x22
                if mayEnd, base[valueEnd] == 0x2C, key(base, valueEnd, end) != nil { break }
                valueEnd &+= 1
            }
            var (first, last) = (value, valueEnd)
            if last &- first >= 2, base[first] == 0x22, base[last &- 1] == 0x22 {
                first &+= 1
                last &-= 1
            }
            body(keys[index].description, first..<last)
            place = valueEnd
        }
    }
}
