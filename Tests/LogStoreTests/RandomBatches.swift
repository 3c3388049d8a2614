import LogModel
import StoreFixtures

/// Batches of every shape that a parser can make, and some that it only might.
struct RandomBatches {
    var random: SeededRandom

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    private static let time = try? TimestampFormat("yyyy-MM-dd HH:mm:ss.SSS")

    /// Time, thread, level, logger, message and trace with literals between all of them.
    static let java = Layout(
        format: "java",
        pieces: [
            .field(0), .literal(Array(" [".utf8)), .field(1), .literal(Array("] ".utf8)),
            .field(2), .literal([0x20]), .field(3), .literal(Array(" - ".utf8)), .field(4),
            .field(5),
        ],
        fields: [
            Field(FieldName.timestamp, .timestamp, format: time), Field(FieldName.thread),
            Field(FieldName.severityText, .severity), Field(FieldName.logger),
            Field(FieldName.body, .body), Field(FieldName.exceptionStackTrace, .stackTrace),
        ])

    /// Fields without anything between them, so that words run across them.
    static let adjacent = Layout(
        format: "adjacent",
        pieces: [.field(1), .field(0), .literal(Array("x".utf8)), .field(2)],
        fields: [
            Field("a"), Field("b", .integer), Field("c", dashMeansAbsent: true, escape: .access),
        ])

    /// The whole original, with its fields in a cleaned copy.
    static let sidecar = Layout(
        format: "sidecar", pieces: [.field(0)],
        fields: [
            Field(FieldName.original, .original),
            Field(FieldName.timestamp, .timestamp, format: time),
            Field(FieldName.severityText, .severity), Field(FieldName.body, .body),
        ])

    /// Not one field.
    static let constant = Layout(
        format: "constant", pieces: [.literal(Array("-- mark --".utf8))], fields: [])

    static let layouts = [java, .unparsed, adjacent, sidecar, constant]

    private static let words = [
        "", "a", "INFO", "WARN ", "http-nio-8080-exec-12", "订单号=20261119001", "支付失败",
        "c.e.p.node.Tasks", "\\xE4\\xB8\\xAD", "\"quoted\"", "x\0y", "tab\there", "\u{1F600}",
        "\njava.lang.IllegalStateException: boom\n\tat a.B.c(B.java:7)", "-", "  padded  ",
    ]

    mutating func batch(rows: Int) -> EventBatch {
        let day = random.pick([-106_752, -106_751, -1, 0, 1, 20_777, 106_750, 106_751])
        let layouts = random.isTrue(oneIn: 2) ? [random.pick(Self.layouts)] : Self.layouts
        let timeStep = random.pick([0, 1, 1_000, 1_000_000, 1_000_000_000])
        let times = random.pick([0, 30, 2])
        let terminators: [[UInt8]] =
            random.isTrue(oneIn: 2)
            ? [[0x0A]] : [[0x0A], [0x0D, 0x0A], [0x0A, 0x0A, 0x0A], []]
        let hasGaps = random.isTrue(oneIn: 2)
        let vocabulary = random.pick([1, 5, 400])
        var builder = BatchBuilder(offset: Int64(random.pick([0, 7, 1 << 40])))
        for number in 0..<rows {
            let layout = random.pick(layouts)
            let time = instant(day, number, step: timeStep)
            let offset = Int32(random.pick([0, 28_800, 28_800, -3_600]))
            var values: [[UInt8]] = []
            for field in layout.fields {
                let isTime =
                    field.kind == .timestamp && (times == 0 || !random.isTrue(oneIn: times))
                if isTime, let format = field.format {
                    values.append(Self.text(of: time, format, offset))
                } else {
                    values.append(value(vocabulary))
                }
            }
            builder.add(
                values, layout, at: time, severity: UInt8(random.number(0...24)),
                flags: EventBatch.Flags(rawValue: UInt8(random.pick([0, 1, 2, 4, 16, 21]))),
                utcOffset: offset, terminator: random.pick(terminators),
                gap: hasGaps && random.isTrue(oneIn: 3) ? Int64(random.number(1...100_000)) : 0)
        }
        return builder.batch
    }

    /// Times go up and down, but stay in the day, the first and last of which are not whole.
    private mutating func instant(_ day: Int, _ row: Int, step: Int) -> Int64 {
        let length: Int64 = 86_400_000_000_000
        let (start, overflow) = Int64(day).multipliedReportingOverflow(by: length)
        if overflow { return .min + Int64(row * step) }
        let inDay = Int64((row * step + random.number(0...3) * step) % 80_000_000_000_000)
        return start > .max - length ? .max - inDay % 1_000_000_000 : start + inDay
    }

    private mutating func value(_ vocabulary: Int) -> [UInt8] {
        switch random.number(0...9) {
        case 0: return []
        case 1: return random.bytes(random.number(1...12))
        case 2:
            return Array(repeating: UInt8(random.number(0...255)), count: random.number(0...300))
        case 3: return Array(String(random.number(0...vocabulary)).utf8)
        default: return Array(random.pick(Self.words).utf8)
        }
    }

    private static func text(of time: Int64, _ format: TimestampFormat, _ offset: Int32) -> [UInt8]
    {
        var text: [UInt8] = []
        let second: Int64 = 1_000_000_000
        let rest = (time % second + second) % second
        let whole = time / second - (time % second < 0 ? 1 : 0)
        format.render(seconds: whole, nanoseconds: Int(rest), offset: Int(offset), into: &text)
        return text
    }
}
