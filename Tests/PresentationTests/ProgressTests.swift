import Testing

@testable import Presentation

struct ProgressTests {
    @Test(
        arguments: [
            (500_000_000, 2_000_000_000, 5, "read  500 MB / 2.0 GB  25 %  100 MB/s  ETA 15 s"),
            (0, 2_000_000_000, 1, "read  0 B / 2.0 GB  0 %  0 B/s"),
            (2_000_000_000, 2_000_000_000, 8, "read  2.0 GB / 2.0 GB  100 %  250 MB/s"),
            (3_000_000_000, 2_000_000_000, 8, "read  3.0 GB / 2.0 GB  100 %  375 MB/s"),
            (12_300_000, nil, 1, "read  12.3 MB  12.3 MB/s"),
            (12_300_000, 0, 0, "read  12.3 MB  0 B/s"),
            (1, .max, 1, "read  1 B / 9.2 EB  0 %  1 B/s  ETA 106752 d"),
        ] as [(Int64, Int64?, Double, String)])
    func saysHowFarTheJobIs(done: Int64, total: Int64?, seconds: Double, expected: String) {
        let text = ProgressLine.text(
            label: "read", done: done, total: total, seconds: seconds, columns: 79)
        #expect(text == expected)
    }

    @Test func aLabelCannotControlTheTerminal() {
        let text = ProgressLine.text(
            label: "\u{1B}[2J", done: 0, total: nil, seconds: 0, columns: 79)
        #expect(text == #"\x1b[2J  0 B  0 B/s"#)
    }

    @Test func aLongLabelIsCutBeforeTheFigures() {
        let text = ProgressLine.text(
            label: "/var/log/nginx/access.log", done: 0, total: nil, seconds: 0, columns: 30)
        #expect(text == "/var/log/nginx/ac…  0 B  0 B/s")
    }

    @Test func redrawsTenTimesASecondAtMostAndErasesItself() {
        let pipe = Pipe()
        func use() {
            var line = ProgressLine(
                label: "x", total: nil, descriptor: pipe.writer, isEnabled: true, now: 0)
            line.update(done: 1, now: 99_999_999)
            #expect(pipe.read().isEmpty)
            line.update(done: 1, now: 100_000_000)
            #expect(text(pipe) == "\r\u{1B}[Kx  1 B  10 B/s")
            line.update(done: 2, now: 150_000_000)
            #expect(pipe.read().isEmpty)
            line.clear()
            #expect(text(pipe) == "\r\u{1B}[K")
            line.clear()
            #expect(pipe.read().isEmpty)
            line.update(done: 4, now: 200_000_000)
            #expect(text(pipe) == "\r\u{1B}[Kx  4 B  20 B/s")
        }
        use()
        #expect(text(pipe) == "\r\u{1B}[K")
    }

    @Test func writesNothingToWhatIsNoTerminal() {
        let pipe = Pipe()
        func use() {
            var line = ProgressLine(label: "x", total: 10, descriptor: pipe.writer)
            line.update(done: 5, now: .max)
            line.clear()
        }
        use()
        #expect(pipe.read().isEmpty)
    }

    private func text(_ pipe: Pipe) -> String {
        String(decoding: pipe.read(), as: UTF8.self)
    }
}
