package import LogModel
internal import LogQuery
internal import LogStore
internal import Presentation
internal import SQLite

/// Something that the store does not have of a record's time, or may not have, as a search tells of it.
package struct LogGap: Equatable, Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        /// The file was gone before it was read to its end.
        case gone
        /// The file was cut short before it was read to its end.
        case cut
        /// The file was cut short while it was read; something may be lost.
        case truncated
        /// The file was not read to its end yet.
        case behind
        /// A part of the store could not be read.
        case unreadable
        /// Removed from the store: as the policy says, by name, or for its size.
        case expired, purged, size
    }

    package var kind: Kind
    /// Where it concerns a file.
    package var host = ""
    package var path = ""
    /// When what is missing was written: at most from the one time to the other.
    package var since: Int64?
    package var until: Int64?
    /// 0 where it is not known how many.
    package var bytes: Int64 = 0
    package var events: Int64 = 0
    /// What the system said.
    package var reason = ""

    package init(_ kind: Kind) { self.kind = kind }

    /// All of a search that has run, its worst first.
    static func all(of search: Search, at now: Int64) throws(StoreError) -> [LogGap] {
        try search.failures.map(LogGap.init) + search.gaps().map(LogGap.init)
            + search.lags().map { LogGap($0, at: now) } + removed(try search.removals())
    }

    private init(_ failure: StoreError) {
        self.init(.unreadable)
        reason = failure.description
    }

    private init(_ gap: Gap) {
        self.init(gap.missingBytes == 0 ? .truncated : gap.isCut ? .cut : .gone)
        (host, path) = (gap.generation.host, gap.generation.path)
        since = gap.times.lowerBound
        until = max(gap.times.lowerBound, gap.times.upperBound &- 1)
        bytes = gap.missingBytes
    }

    private init(_ lag: FileLag, at now: Int64) {
        self.init(.behind)
        (host, path) = (lag.content.host, lag.content.file.path)
        since = lag.nanoseconds.map { now &- $0 }
        bytes = lag.bytes ?? lag.size
    }

    /// One for each reason.
    private static func removed(_ removals: [DayRemoval]) -> [LogGap] {
        [(RemovalReason.expired, Kind.expired), (.purged, .purged), (.size, .size)].compactMap {
            (reason, kind) in
            let own = removals.filter { $0.reason == reason }
            guard let first = own.map(\.day).min(), let last = own.map(\.day).max() else {
                return nil
            }
            var gap = LogGap(kind)
            (gap.since, gap.until) = (first.start, last.end &- 1)
            gap.events = own.reduce(0) { $0 &+ Int64($1.events) }
            return gap
        }
    }
}

extension LogGap {
    /// The gap as a sentence, without a full stop.
    package func text(in language: Language, zone: Zone) -> String {
        language == .english ? englishText(zone) : chineseText(zone)
    }

    private func englishText(_ zone: Zone) -> String {
        let file = Self.name(path, host: host)
        let size = "\(HumanUnits.count(bytes)) byte\(bytes == 1 ? " was" : "s were")"
        let span = clock("and", zone)
        switch kind {
        case .gone: return "\(file): \(size) not read before the file was gone (between \(span))"
        case .cut: return "\(file): \(size) truncated before they were read (between \(span))"
        case .truncated:
            return "\(file): lines written between \(span) may be lost: it was truncated while it "
                + "was read"
        case .behind:
            let since = since.map { "was not read yet since \(RFC3339.clockText($0, zone: zone))" }
            return "\(file): \(HumanUnits.bytes(bytes)) of it "
                + (since ?? "was not read yet, as it was never read to its end")
        case .unreadable: return "some of the logs could not be read: \(reason)"
        case .expired: return removed("removed by the retention policy")
        case .purged: return removed("purged")
        case .size: return removed("removed to keep the store within its size")
        }
    }

    private func chineseText(_ zone: Zone) -> String {
        let file = Self.name(path, host: host, "（", "）")
        let size = "\(HumanUnits.count(bytes)) 字节"
        let span = clock("至", zone)
        switch kind {
        case .gone: return "\(file)：\(span) 之间有 \(size)在读取之前文件已消失"
        case .cut: return "\(file)：\(span) 之间有 \(size)在读取之前被截断"
        case .truncated: return "\(file)：\(span) 之间写入的行可能丢失，文件在读取时被截断"
        case .behind:
            let since = since.map { "自 \(RFC3339.clockText($0, zone: zone)) 起" }
            return "\(file)：\(since ?? "从未读到末尾，")有 \(HumanUnits.bytes(bytes)) 尚未读入"
        case .unreadable: return "部分日志无法读取：\(reason)"
        case .expired: return "\(days)的\(eventCount)已按保留策略删除"
        case .purged: return "\(days)的\(eventCount)已被清除"
        case .size: return "\(days)的\(eventCount)因存储容量限制被删除"
        }
    }

    private func removed(_ what: String) -> String {
        let count = events > 0 ? HumanUnits.count(events) + " " : ""
        return count + (events == 1 ? "event" : "events") + " of \(days) "
            + (events == 1 ? "was " : "were ") + what
    }

    private var eventCount: String { events > 0 ? " \(HumanUnits.count(events)) 条事件" : "事件" }

    /// `2026-11-20` or `2026-11-20–2026-11-22`; the days of the store are those of UTC.
    private var days: String {
        let names = [since, until].compactMap { $0.map { Day(of: $0).name } }
        return names.first == names.last ? names.first ?? "" : names.joined(separator: "–")
    }

    private func clock(_ word: String, _ zone: Zone) -> String {
        RFC3339.clockTexts(since ?? 0, until ?? since ?? 0, joinedBy: word, zone: zone)
    }

    /// `control.log on control-1`.
    private static func name(
        _ path: String, host: String, _ opening: String = " on ", _ closing: String = ""
    ) -> String {
        let base = path.split(separator: "/").last.map(String.init) ?? path
        return host.isEmpty ? base : base + opening + host + closing
    }
}

extension LogGap {
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("kind", kind.rawValue)
        for (name, text) in [("host", host), ("path", path), ("reason", reason)]
        where !text.isEmpty { json.member(name, text) }
        for (name, time) in [("since", since), ("until", until)] where time != nil {
            json.key(name)
            json.time(time)
        }
        for (name, count) in [("bytes", bytes), ("events", events)] where count != 0 {
            json.member(name, count)
        }
        json.endObject()
    }

    /// Nil for a kind that is not known.
    init?(_ json: JSONValue) {
        guard let kind = json["kind"]?.text.flatMap(Kind.init) else { return nil }
        self.init(kind)
        (host, path) = (json["host"]?.text ?? "", json["path"]?.text ?? "")
        reason = json["reason"]?.text ?? ""
        (since, until) = (json["since"]?.time, json["until"]?.time)
        (bytes, events) = (json["bytes"]?.integer ?? 0, json["events"]?.integer ?? 0)
    }
}

extension JSONValue {
    /// A text that is a time as `JSONWriter.time` writes it.
    var time: Int64? {
        text.flatMap { text in
            Array(text.utf8).withUnsafeBufferPointer { RFC3339.parse($0) }
        }
    }
}
