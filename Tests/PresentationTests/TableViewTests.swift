import LogModel
import Presentation
import Testing

struct TableViewTests {
    private static let zone = Zone(name: "+08:00", offset: 28_800)
    private static let time: Int64 = 1_795_140_000_000_000_000
    private static let table = ResultTable(
        columns: [
            .init(name: "path", isNumeric: false), .init(name: "count", isNumeric: true),
            .init(name: "share", isNumeric: true), .init(name: "p95", isNumeric: true),
            .init(name: "avg", isNumeric: true), .init(name: "size", isNumeric: true),
            .init(name: "last", isNumeric: true), .init(name: "example", isNumeric: false),
        ],
        rows: [
            [
                .text(Array("/api/pay".utf8)), .integer(1_234_567), .share(0.75), .duration(0.012),
                .number(12.3456), .bytes(123_456_789), .time(time), .text(Array("a,\"b\"".utf8)),
            ],
            [
                .text(Array("/支付".utf8)), .integer(-8), .share(0.0001), .none, .number(1234),
                .bytes(0), .time(time + 5_000_000), .text(Array("x\u{1B}[31m超时\n2".utf8)),
            ],
        ], notes: ["dc(user) is approximate, ±0.8 %"])

    @Test func columnsStandBelowEachOther() {
        #expect(
            Self.text(width: nil) == """
                path          count   share    p95       avg    size                     last  example
                /api/pay  1,234,567  75.0 %  12 ms     12.35  123 MB  2026-11-20 10:00:00.000  a,"b"
                /支付            -8  <0.1 %         1,234.00     0 B  2026-11-20 10:00:00.005  x\\x1b[31m超时\\n2
                dc(user) is approximate, ±0.8 %

                """)
    }

    @Test func aColumnCanHaveBarsAndACellAStyle() {
        var column = ResultTable.Column(name: "took", isNumeric: true)
        column.hasBars = true
        let table = ResultTable(
            columns: [.init(name: "what", isNumeric: false), column],
            rows: [[.text([0x61]), .duration(4)], [.text([0x62]), .duration(1)]])
        var settings = PictureSettings(
            width: 40, painter: Painter(isEnabled: false), glyphs: .blocks, zone: .utc)
        #expect(
            String(decoding: TableView(settings).text(table), as: UTF8.self) == """
                what   took
                a     4.0 s ████████
                b     1.0 s ██

                """)
        settings.painter = Painter(isEnabled: true)
        let styled = TableView(settings).text(table) { $0 == 1 && $1 == 0 ? .error : nil }
        #expect(String(decoding: styled, as: UTF8.self).contains("\u{1B}[31mb\u{1B}[0m"))
    }

    @Test func numbersHaveNoMoreDecimalsThanTheyNeed() {
        let numbers = [60.004, 0.004, 2, 1e-9]
        func text(_ count: Int) -> String {
            let table = ResultTable(
                columns: [.init(name: "n", isNumeric: true)],
                rows: numbers.prefix(count).map { [.number($0)] })
            let settings = PictureSettings(
                width: nil, painter: Painter(isEnabled: false), glyphs: .blocks, zone: .utc)
            return String(decoding: TableView(settings).text(table), as: UTF8.self)
        }
        #expect(text(1) == "    n\n60.00\n")
        #expect(text(3) == "     n\n60.004\n 0.004\n 2.000\n")
        #expect(text(4) == "        n\n60.004000\n 0.004000\n 2.000000\n 0.000000\n")
    }

    @Test func sharesHaveBarsWhereThereIsRoom() {
        #expect(
            Self.text(width: 120) == """
                path          count   share             p95       avg    size                     last  example
                /api/pay  1,234,567  75.0 % ██████    12 ms     12.35  123 MB  2026-11-20 10:00:00.000  a,"b"
                /支付            -8  <0.1 % ▏                1,234.00     0 B  2026-11-20 10:00:00.005  x\\x1b[31m超时\\n2
                dc(user) is approximate, ±0.8 %

                """)
    }

    @Test func theLastTextIsCutFirst() {
        #expect(
            Self.text(width: 90) == """
                path          count   share    p95       avg    size                     last  example
                /api/pay  1,234,567  75.0 %  12 ms     12.35  123 MB  2026-11-20 10:00:00.000  a,"b"
                /支付            -8  <0.1 %         1,234.00     0 B  2026-11-20 10:00:00.005  x\\x1b[31m…
                dc(user) is approximate, ±0.8 %

                """)
    }

    @Test func jsonKeepsTypes() {
        #expect(
            String(decoding: Self.table.json(), as: UTF8.self) == #"""
                {"path":"/api/pay","count":1234567,"share":0.75,"p95":0.012,"avg":12.3456,"size":123456789,"last":"2026-11-20T02:00:00.000000000Z","example":"a,\"b\""}
                {"path":"/支付","count":-8,"share":0.0001,"p95":null,"avg":1234,"size":0,"last":"2026-11-20T02:00:00.005000000Z","example":"x\u001b[31m超时\n2"}

                """#)
    }

    @Test func csvKeepsAllFigures() {
        #expect(
            String(decoding: Self.table.csv(zone: Self.zone), as: UTF8.self)
                == [
                    "path,count,share,p95,avg,size,last,example",
                    #"/api/pay,1234567,0.75,0.012,12.3456,123456789,2026-11-20T10:00:00.000000000+08:00,"a,""b""""#,
                    "/支付,-8,0.0001,,1234,0,2026-11-20T10:00:00.005000000+08:00,\"x\u{1B}[31m超时\n2\"",
                    "",
                ].joined(separator: "\r\n"))
    }

    @Test func colourIsForTheHeaderTheBarsAndTheNotes() {
        let table = ResultTable(
            columns: [.init(name: "count", isNumeric: true)], rows: [[.integer(4)], [.integer(0)]],
            notes: ["n"])
        let settings = PictureSettings(
            width: 40, painter: Painter(isEnabled: true), glyphs: .blocks, zone: .utc)
        #expect(
            String(decoding: TableView(settings).text(table), as: UTF8.self)
                == "\u{1B}[1mcount\u{1B}[0m\n    4\u{1B}[36m ████████\u{1B}[0m\n    0\n\u{1B}[2mn\u{1B}[0m\n"
        )
    }

    private static func text(width: Int?) -> String {
        let settings = PictureSettings(
            width: width, painter: Painter(isEnabled: false), glyphs: .blocks, zone: zone)
        return String(decoding: TableView(settings).text(table), as: UTF8.self)
    }
}
