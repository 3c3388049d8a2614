internal import LogModel

/// What kind of log a file is, judged by its first lines.
package struct Detection: Sendable {
    /// How one format fares with the lines.
    package struct Candidate: Sendable, Equatable {
        package let name: String
        /// Lines that one of its patterns matches.
        package let matched: Int
        /// Lines that were judged; those that continue an event above them are not.
        package let lookedAt: Int
        /// The pattern that matched most often.
        package let patternIndex: Int
    }

    /// The format to parse with, or nil: the lines are unstructured.
    package let format: FormatDefinition?
    /// The formats that match any line, best first.
    package let candidates: [Candidate]
    /// Why, in words: `198 of 200 lines match nginx-access`.
    package let reason: String
}

extension FormatLibrary {
    /// Finds the format of a file from its first bytes and its name.
    ///
    /// Looks at the first 200 lines of at most 64 KiB and takes a format that matches at least half
    /// of them. Lines that continue an event (stack traces, indented text) count neither way.
    /// Formats that are equally good, within a twentieth, are told apart by the file's name, then
    /// by how many lines they match exactly, then by how far up in its definition the matching
    /// pattern stands, then by the library's order.
    /// Compiles all formats: about a millisecond, once.
    package func detect(head: UnsafeBufferPointer<UInt8>, fileName: String) -> Detection {
        let lines = HeadLines(head)
        guard !lines.ranges.isEmpty else {
            return Detection(format: nil, candidates: [], reason: "there is no line to judge yet")
        }
        let baseName = fileName.split(separator: "/").last.map(String.init) ?? ""
        var trials = self.trials(on: lines, fileName: baseName, givingUpBelow: Trial.hopelessShare)
        var best = trials.map(\.share).max() ?? 0
        if best < Trial.hopelessShare + Trial.closeness {
            trials = self.trials(on: lines, fileName: baseName, givingUpBelow: 0)
            best = trials.map(\.share).max() ?? 0
        }
        // The sort is stable, so the library's order remains where nothing else decides.
        trials.sort { $0.isBetter(than: $1, closeTo: best) }
        return Detection.verdict(trials, lineCount: lines.ranges.count, fileName: baseName)
    }

    /// The formats that match any line, but for those of which it shows early that their share stays
    /// below `least`.
    private func trials(
        on lines: HeadLines, fileName: String, givingUpBelow least: Double
    ) -> [Trial] {
        names.compactMap { name in
            guard let format = format(named: name), !format.patterns.isEmpty else { return nil }
            return lines.bytes.withUnsafeBufferPointer {
                Trial(
                    of: format, on: lines, head: $0, fileName: fileName, givingUpBelow: least)
            }
        }
    }
}

extension Detection {
    fileprivate static func verdict(
        _ trials: [Trial], lineCount: Int, fileName: String
    ) -> Detection {
        let candidates = trials.map(\.candidate)
        guard let first = trials.first else {
            return Detection(
                format: nil, candidates: [], reason: "none of \(lineCount) lines matches a format")
        }
        let (matched, lookedAt) = (first.candidate.matched, first.candidate.lookedAt)
        guard matched * 2 >= lookedAt else {
            return Detection(
                format: nil, candidates: candidates,
                reason: "no format matches half of the lines; the nearest is "
                    + "\(first.candidate.name) with \(matched) of \(lookedAt)")
        }
        var reason =
            "\(matched) of \(lookedAt) line\(lookedAt == 1 ? "" : "s") match\(matched == 1 ? "es" : "")"
            + " \(first.candidate.name)"
        if first.nameHint > 0 { reason += ", and the name \(fileName) is usual for it" }
        return Detection(format: first.format, candidates: candidates, reason: reason)
    }
}

/// One format tried on the lines.
private struct Trial {
    let format: FormatDefinition
    let candidate: Detection.Candidate
    /// Matched lines as a part of those looked at.
    let share: Double
    /// Lines matched exactly, widths and names included, as a part of those looked at.
    let exactShare: Double
    /// Where in the definition the usual pattern stands, from 0 for the first to 1.
    let depth: Double
    /// How closely the file's name fits, 0 for not at all.
    let nameHint: Int

    /// Formats whose shares differ by less are equally good.
    static let closeness = 0.05
    /// A format that matches fewer lines cannot come near to one that matches nearly all.
    static let hopelessShare = 0.85

    /// Nil when not one line matches, or when so many do not that the share is below `least`.
    init?(
        of format: FormatDefinition, on lines: HeadLines, head: UnsafeBufferPointer<UInt8>,
        fileName: String, givingUpBelow least: Double
    ) {
        let mostMissed = Double(lines.ranges.count) * (1 - least)
        let continues = format.patterns.contains(where: \.mayContinue)
        var hits = [Int](repeating: 0, count: format.patterns.count)
        var matched = 0
        var exact = 0
        var lookedAt = 0
        for (index, line) in lines.ranges.enumerated() {
            if let hit = format.patterns.firstMatch(of: line, in: head) {
                hits[hit.index] += 1
                if hit.isExact { exact += 1 }
                matched += 1
                lookedAt += 1
            } else if !(continues && lines.isContinuation[index]) {
                lookedAt += 1
                // Even if all other lines match.
                if Double(lookedAt - matched) > mostMissed { return nil }
            }
        }
        guard matched > 0, let most = hits.max(), let usual = hits.firstIndex(of: most) else {
            return nil
        }
        self.format = format
        candidate = Detection.Candidate(
            name: format.name, matched: matched, lookedAt: lookedAt, patternIndex: usual)
        share = Double(matched) / Double(lookedAt)
        exactShare = Double(exact) / Double(lookedAt)
        depth = Double(usual) / Double(format.patterns.count)
        nameHint = format.fileNames.map { NameGlob.closeness(of: fileName, to: $0) }.max() ?? 0
    }

    func isBetter(than other: Trial, closeTo best: Double) -> Bool {
        let least = best - Self.closeness
        let (isClose, otherIsClose) = (share >= least, other.share >= least)
        guard isClose, otherIsClose else {
            return isClose != otherIsClose ? isClose : share > other.share
        }
        if nameHint != other.nameHint { return nameHint > other.nameHint }
        if exactShare != other.exactShare { return exactShare > other.exactShare }
        return depth < other.depth
    }
}
