/// The name that somebody probably meant.
package enum NearestName {
    /// The candidate nearest to `name`, or nil when none is near; the first of equals.
    ///
    /// Near is one slip (a letter added, left out, replaced, or two swapped) in up to four bytes,
    /// two in up to eight, three beyond; failing that, the only candidate that begins with `name`.
    /// Names over 64 bytes are near to nothing.
    package static func find(_ name: String, in candidates: [String]) -> String? {
        let wanted = Array(name.utf8)
        guard (1...64).contains(wanted.count) else { return nil }
        let limit = wanted.count <= 4 ? 1 : wanted.count <= 8 ? 2 : 3
        var best: (name: String, distance: Int)?
        for candidate in candidates {
            let distance = EditDistance.between(wanted, Array(candidate.utf8))
            if distance <= limit && distance < (best?.distance ?? .max) {
                best = (candidate, distance)
            }
        }
        if let best { return best.name }
        let longer = candidates.filter { $0.utf8.starts(with: wanted) }
        return longer.count == 1 && wanted.count > 1 ? longer.first : nil
    }
}
