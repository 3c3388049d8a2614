import LogModel
import LogQuery

/// The answer of a piped query as lines, for tests to write out.
enum PipeText {
    static func answer(_ sample: SampleStore, _ query: String, zone: Zone = .utc) throws -> String {
        try answer(sample.search(query) { $0.zone = zone }, sample)
    }

    static func answer(_ search: Search, _ sample: SampleStore?) throws -> String {
        let piped = PipedSearch(search)
        var lines: [String] = []
        switch piped.output {
        case .events:
            _ = try piped.events { event in
                let name = sample?.names[event.uid] ?? event.uid
                lines.append(ContextMark.isNeighbour(event) ? "(\(name))" : name)
                return true
            }
            return lines.joined(separator: " ")
        case .table:
            let table = try piped.table()
            lines.append(table.columns.map(\.name).joined(separator: " "))
            lines += table.rows.map { $0.map(text).joined(separator: " ") }
            lines += table.notes.map { "! " + $0 }
        case .timeline:
            guard let timeline = try piped.timeline() else { return "" }
            for series in timeline.series {
                let name = String(decoding: series.name, as: UTF8.self)
                let values = series.values.map { text(.number($0)) }.joined(separator: " ")
                lines.append("\(name)@\(text(.time(timeline.start))): \(values)")
            }
        }
        return lines.joined(separator: "\n")
    }

    static func text(_ value: ResultTable.Value) -> String {
        switch value {
        case .none: return "-"
        case .text(let text): return String(decoding: text, as: UTF8.self)
        case .integer(let integer): return String(integer)
        case .number(let number), .share(let number): return short(number)
        case .duration(let seconds): return short(seconds) + "s"
        case .bytes(let count): return "\(count)B"
        case .time(let time):
            var text: [UInt8] = []
            RFC3339.append(time, fractionDigits: 0, to: &text)
            return String(decoding: text, as: UTF8.self)
        }
    }

    private static func short(_ number: Double) -> String {
        let text = String((number * 10_000).rounded() / 10_000)
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
