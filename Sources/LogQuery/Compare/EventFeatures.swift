internal import LogModel
package import LogStore

/// Values of events with what varies from event to event masked.
package enum EventFeatures {
    /// For each matching row `GET /api/v2/users/<*>/coupons`, its method and path; empty where it is no
    /// request.
    package static func paths(_ matches: BlockMatches) throws(BlockError) -> [[UInt8]] {
        let paths = try matches.values(of: reference(FieldName.urlPath))
        guard paths.codes.contains(where: { $0 >= 0 }) else {
            return Array(repeating: [], count: matches.count)
        }
        let methods = try matches.values(of: reference(FieldName.method))
        let masked = paths.values.map { path(ComparedRows.text($0)) }
        return paths.codes.enumerated().map { position, code in
            guard code >= 0 else { return [] }
            let method = methods.value(at: position).map { ComparedRows.text($0) + [0x20] } ?? []
            return method + masked[Int(code)]
        }
    }

    private static func reference(_ name: String) -> FieldReference {
        FieldReference(name: name, written: name, type: .any)
    }

    /// `/api/v2/users/<*>/coupons`: parts with digits are masked, but for `v2` and `h5`.
    static func path(_ path: [UInt8]) -> [UInt8] {
        var masked: [UInt8] = []
        let parts = path.prefix(512).split(separator: 0x2F, omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if index > 0 { masked.append(0x2F) }
            let varies = part.contains { $0 &- 0x30 < 10 } && part.count > 3 || part.count > 40
            if varies { masked += mask } else { masked += part }
        }
        return masked
    }

    private static let mask = Array("<*>".utf8)

    /// The class of an exception and those of its causes: `a.b.CException < d.EException`; nil for a
    /// trace without one.
    ///
    /// Equal classes in a row, as of wrapped exceptions, count once; at most four are named.
    static func exception(_ trace: [UInt8]) -> [UInt8]? {
        let type = trace.withUnsafeBufferPointer { bytes in
            bytes.baseAddress.flatMap { StackTrace.head($0, 0, bytes.count)?.type }
        }
        guard let type, !type.isEmpty else { return nil }
        var classes = [trace[type]]
        for line in trace.split(separator: 0x0A) {
            let line = line.drop { $0 == 0x20 || $0 == 0x09 }
            guard line.first == 0x43, line.starts(with: causedBy) else { continue }
            let name = line.dropFirst(causedBy.count).prefix { $0 != 0x3A && $0 > 0x20 }
            if !name.isEmpty, classes.last != name, classes.count < 4 { classes.append(name) }
        }
        return Array(classes.joined(separator: Array(" < ".utf8)))
    }

    private static let causedBy = Array("Caused by: ".utf8)
}
