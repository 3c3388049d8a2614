import Presentation
import Testing

struct CSVWriterTests {
    @Test(arguments: [
        ("plain", "plain"), ("a,b", "\"a,b\""), ("say \"hi\"", "\"say \"\"hi\"\"\""),
        ("two\nlines", "\"two\nlines\""), ("日志", "日志"), ("a b", "a b"),
        ("=1+1", "'=1+1"), ("=A1,\"x\"", "\"'=A1,\"\"x\"\"\""), ("@SUM(A1)", "'@SUM(A1)"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"), ("-2+3", "'-2+3"), ("-x", "'-x"),
        ("\t=1", "'\t=1"), ("\r=1", "\"'\r=1\""), ("＝1+1", "'＝1+1"), ("：", "："),
        ("-5", "-5"), ("+5", "+5"), ("-5.25", "-5.25"), ("-.5", "-.5"), ("-1e-9", "-1e-9"),
        ("-5e", "'-5e"), ("-1.2.3", "'-1.2.3"), ("+", "'+"), ("-", "-"), ("--", "'--"),
        ("5-3", "5-3"),
    ])
    func writesAField(text: String, expected: String) {
        var writer = CSVWriter()
        writer.field("")
        writer.field(text)
        writer.endRow()
        #expect(String(decoding: writer.bytes, as: UTF8.self) == "," + expected + "\r\n")
    }

    @Test func writesRows() {
        var writer = CSVWriter()
        writer.field("time")
        writer.field("msg")
        writer.endRow()
        writer.field("")
        writer.endRow()
        writer.field("1")
        writer.field("")
        writer.endRow()
        #expect(String(decoding: writer.bytes, as: UTF8.self) == "time,msg\r\n\"\"\r\n1,\r\n")
    }

    @Test func copiesBytesThatAreNotUTF8() {
        var writer = CSVWriter()
        let bytes: [UInt8] = [0xC8, 0xD5, 0x2C]
        writer.field(bytes.span)
        #expect(writer.bytes == [0x22, 0xC8, 0xD5, 0x2C, 0x22])
    }
}
