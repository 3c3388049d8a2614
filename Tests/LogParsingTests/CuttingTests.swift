import LogModel
import LogParsing
import Presentation
import Testing

/// What two parses of the same bytes must agree on.
private struct Shape: Equatable {
    var rows: [EventBatch.Row]
    var values: [[String]]
}

private func shape(_ batch: EventBatch) -> Shape {
    var rows = batch.rows
    // Layouts are numbered in the order of their use, which is the same; captures shift only where
    // cleaned copies lie between.
    for index in rows.indices {
        rows[index].start = 0
        rows[index].firstCapture = 0
    }
    return Shape(
        rows: rows,
        values: batch.rows.indices.map { fields(of: batch.event(at: $0, source: source)) })
}

private func joined(_ samples: [Sample], _ terminator: String) -> [UInt8] {
    Array(samples.map { $0.text + terminator }.joined().utf8)
}

@Test(arguments: [
    (defaultLogback, "\n"), (defaultLogback, "\r\n\n"), (juli, "\n"), (oldJuli, "\n"),
    (oldJuli, "\r\n"), (springConsole, "\n"), ("[%d] %p %m (%c)%n", "\n"),
])
func javaEventsDoNotDependOnTheCut(pattern: String, terminator: String) throws {
    let patterns = try compiled(.logback, pattern)
    let samples = javaSamples.filter { $0.pattern == pattern || $0.notation == .unstructured }
    var bytes = Array("\u{FEFF}".utf8)
    bytes += joined(samples + samples, terminator)
    bytes += Array("2020-01-01 00:00:00 other\nx\n\n".utf8)
    let whole = shape(parse(bytes, patterns))
    for cut in 0...bytes.count {
        #expect(shape(parse(bytes, patterns, cuts: [cut])) == whole, "cut at \(cut)")
    }
    #expect(shape(parse(bytes, patterns, cuts: Array(0..<bytes.count))) == whole)
}

@Test(arguments: [Notation.nginx, .tomcat, .nginxError])
func accessEventsDoNotDependOnTheCut(notation: Notation) throws {
    let samples = accessSamples.filter { $0.notation == notation }
    let patterns = try samples.flatMap { try compiledPattern(of: $0) }
    var bytes = joined(samples, "\n")
    bytes += joined(samples, "\r\n\n")
    bytes += Array("foo\n\nbar".utf8)
    let whole = shape(parse(bytes, patterns))
    for cut in 0...bytes.count {
        #expect(shape(parse(bytes, patterns, cuts: [cut])) == whole, "cut at \(cut)")
    }
    #expect(shape(parse(bytes, patterns, cuts: Array(0..<bytes.count))) == whole)
}

/// SplitMix64 (Steele, Lea, Flood 2014): the same numbers for the same seed everywhere.
private struct Numbers: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }
}

@Test(arguments: 1...8 as ClosedRange<UInt64>)
func mutatedLinesNeverTrapAndLoseNoByte(seed: UInt64) throws {
    var numbers = Numbers(state: seed)
    let samples = javaSamples + accessSamples
    for sample in samples {
        let patterns = try compiledPattern(of: sample)
        for _ in 0..<12 {
            let other = samples.randomElement(using: &numbers) ?? sample
            var bytes = Array((sample.text + "\n" + other.text + "\n" + sample.text).utf8)
            mutate(&bytes, &numbers)
            let cut = Int.random(in: 0...bytes.count, using: &numbers)
            let whole = parse(bytes, patterns)
            check(whole, bytes)
            #expect(
                shape(parse(bytes, patterns, cuts: [cut])) == shape(whole), "\(bytes) at \(cut)")
        }
    }
}

private func mutate(_ bytes: inout [UInt8], _ numbers: inout Numbers) {
    let special: [UInt8] = [
        0, 0x0A, 0x0D, 0x1B, 0x20, 0x22, 0x25, 0x28, 0x2C, 0x2D, 0x3A, 0x5B, 0x5C, 0x5D, 0xEF, 0xFF,
    ]
    for _ in 0..<Int.random(in: 1...6, using: &numbers) where !bytes.isEmpty {
        let place = Int.random(in: 0..<bytes.count, using: &numbers)
        switch Int.random(in: 0..<5, using: &numbers) {
        case 0: bytes[place] = special.randomElement(using: &numbers) ?? 0
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(special.randomElement(using: &numbers) ?? 0, at: place)
        case 3: bytes[place] = UInt8.random(in: 0...255, using: &numbers)
        default:
            let end = min(bytes.count, place + Int.random(in: 1...40, using: &numbers))
            bytes.removeSubrange(place..<end)
        }
    }
}

/// Rows follow one another, blank lines before the first apart, and give their bytes back.
private func check(_ batch: EventBatch, _ bytes: [UInt8]) {
    var end = 0
    for (index, row) in batch.rows.enumerated() {
        let start = Int(row.offset)
        #expect(bytes[end..<start].allSatisfy { $0 == 0x0A || $0 == 0x0D })
        let length = Int(row.length - row.terminatorLength)
        #expect(Array(bytes[start..<start + length]) == original(row, batch))
        #expect(rebuilt(row, batch) == original(row, batch))
        var json = EventJSON()
        json.append(batch.event(at: index, source: source))
        let out = json.take()
        #expect(String(validating: out, as: UTF8.self) != nil)
        end = start + Int(row.length)
    }
    #expect(bytes[min(end, bytes.count)...].allSatisfy { $0 == 0x0A || $0 == 0x0D })
}

@Test(arguments: 1...400 as ClosedRange<UInt64>)
func randomPatternsCompileOrSayWhy(seed: UInt64) {
    var numbers = Numbers(state: seed)
    let parts = [
        "%d", "%d{", "}", "%m", "%n", "%", "(", ")", "%-5level", "%X{a}", "$", "${PID:- }",
        "${A:-%p}",
        "%clr(", "{faint}", "%esb(){B}", "\\", "'", "$status", "$request", "%h", "%t", "%{x}i", " ",
        "[",
        "%notEmpty{", "%-9(", "\"", "%r", "%999999999999d", "$server_protocol", "é",
    ]
    for notation in Notation.allCases {
        let text = (0..<Int.random(in: 0...9, using: &numbers)).map { _ in
            parts.randomElement(using: &numbers) ?? ""
        }.joined()
        guard let pattern = try? Pattern(notation, text, format: "f") else { continue }
        var bytes = Array(javaSamples[3].text.utf8)
        mutate(&bytes, &numbers)
        check(parse(bytes, [pattern]), bytes)
    }
}
