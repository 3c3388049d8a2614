internal import LogStore
internal import Presentation

// What the record rests on, and how that is checked.
extension ReportComposer {
    /// Known gaps and lag of the logs.
    func logs() -> [ReportBlock] {
        var blocks: [ReportBlock] = [
            .section(say("Completeness of the logs", "日志完整性"), anchor: "logs")
        ]
        guard let measurement = document.measurement else {
            return blocks + [
                .paragraph([
                    .muted(
                        settings.unknown
                            + say(": the logs of this time were not measured", "：未对该时段的日志进行统计"))
                ])
            ]
        }
        let (since, until) = (measurement.times.lowerBound, measurement.times.upperBound)
        let window = settings.times(since, until)
        guard !measurement.missing.isEmpty else {
            let text = say(
                "Known gaps and lag from \(window): none known.", "\(window) 的已知缺口与延迟：未发现。")
            return blocks + [.paragraph(ReportLine(text))]
        }
        blocks.append(
            .paragraph(
                ReportLine(say("Known gaps and lag from \(window):", "\(window) 的已知缺口与延迟："))))
        let texts = measurement.missing.map {
            ReportLine($0.text(in: settings.language, zone: settings.zone))
        }
        return blocks + [.list(texts, isOrdered: false)]
    }

    func evidence() -> [ReportBlock] {
        var blocks: [ReportBlock] = [
            .section(say("Evidence", "证据"), anchor: "evidence")
        ]
        if document.pins.isEmpty {
            blocks.append(.paragraph([.muted(say("no log lines are pinned", "没有固定的日志行"))]))
        } else {
            blocks.append(
                .paragraph([
                    .muted(
                        say(
                            "Copies of log lines, taken with their neighbours when they were "
                                + "pinned. SHA-256 is that of the original bytes of the event.",
                            "固定时复制的日志行及其前后文。SHA-256 为事件原始字节的哈希值。"))
                ]))
        }
        for pin in document.pins {
            blocks += [.heading("\(pin.name)", anchor: pin.name), .facts(provenance(of: pin))]
            let brief = ReportExcerpt(pin, .brief, settings)
            if brief.isCut { blocks.append(.excerpt(ReportExcerpt(pin, .whole, settings))) }
        }
        return blocks + removals()
    }

    private func provenance(of pin: Pin) -> [ReportFact] {
        let place = pin.place
        let (end, isOver) = place.offset.addingReportingOverflow(place.length)
        func count(_ number: Int64) -> String { HumanUnits.count(number) }
        let range =
            isOver ? "\(place.offset) + \(place.length)" : "\(count(place.offset))–\(count(end))"
        let names = [place.host, place.service, place.environment].filter { !$0.isEmpty }
        var facts: [ReportFact] = []
        if !pin.note.isEmpty { facts.append(ReportFact(say("Note", "备注"), ReportLine(pin.note))) }
        facts += [
            ReportFact(say("Host, service", "主机、服务"), value(settings.list(names))),
            ReportFact(
                say("File, bytes", "文件、字节"), [.code(place.path), .text(" "), .muted(range)]),
            ReportFact(
                say("Event time", "事件时间"),
                [
                    .text(settings.time(pin.event.timestamp) + " "),
                    .muted(say("read ", "读入于 ") + settings.time(pin.event.observedTimestamp)),
                ]),
        ]
        if !pin.finding.query.isEmpty {
            let found = settings.count(pin.finding.matched, "match", "matches", "条匹配")
            facts.append(
                ReportFact(
                    say("Found by", "查询"), [.code(pin.finding.query), .text(" "), .muted(found)]))
        }
        let number = document.pinEntries[pin.number]
        if let pinned = document.entries.first(where: { $0.number == number }) {
            let who = pinned.author + say(", ", "，") + settings.time(pinned.time)
            facts.append(ReportFact(say("Pinned by", "固定人"), ReportLine(who)))
        }
        facts.append(ReportFact("SHA-256", [.code(document.digests[pin.number] ?? "")]))
        return facts
    }

    /// What is left of pins that are not there any more.
    private func removals() -> [ReportBlock] {
        guard !document.removals.isEmpty else { return [] }
        let names = [
            say("Pin", "证据"), say("What became of it", "处置"), say("Reason", "原因"), say("By", "操作人"),
            say("When", "时间"),
        ]
        let rows = document.removals.map { removal in
            let what =
                removal.isPurged
                ? say("purged: its bytes are gone", "已清除，原始字节不复存在") : say("removed", "已移除")
            return [
                ReportLine(removal.name), ReportLine(what), value(removal.reason),
                value(removal.by), ReportLine(settings.time(removal.time)),
            ]
        }
        return [
            .heading(say("Removed evidence", "已移除的证据")),
            .table(ReportTable(names, short: [0, 4], rows)),
        ]
    }

    // MARK: The chain

    func history() -> [ReportBlock] {
        let names = ["#", say("What", "变更"), say("By", "操作人"), say("When", "时间"), "SHA-256"]
        let rows = document.entries.map { entry in
            [
                ReportLine(String(entry.number)), ReportLine(entry.kind.name(settings)),
                ReportLine(entry.author), ReportLine(settings.time(entry.time)),
                ReportLine([.code(String(Digest.hex(entry.digest).prefix(16)) + "…")]),
            ]
        }
        let id = document.record.id
        return [
            .section(say("History and how to check it", "变更历史与校验方法"), anchor: "history"),
            .paragraph(
                ReportLine(
                    say(
                        "The record is a chain of entries: each has a header that names the "
                            + "SHA-256 of its content and that of the header before. The last "
                            + "header's SHA-256 is the root; a change of anything behind it "
                            + "changes the root.",
                        "记录由逐条追加的变更组成：每条变更的头部写明其内容的 SHA-256 与上一条头部的 SHA-256，"
                            + "最后一条头部的 SHA-256 即根哈希；此前任何改动都会改变根哈希。"))),
            .table(ReportTable(names, numbers: [0], short: [1, 3, 4], rows)),
            .facts([
                ReportFact(say("Root", "根哈希"), [.code(Digest.hex(document.record.root))]),
                ReportFact(
                    say("Check where the records are", "在记录所在处校验"),
                    [.code("logq incident verify \(id)")]),
                ReportFact(
                    say("Check anywhere", "在任何地方校验"),
                    [
                        .code("logq incident export \(id) --format zip -o \(id).zip"), .text(" "),
                        .text(say("then, in the unpacked folder,", "解压后在目录中运行")), .text(" "),
                        .code("sha256sum -c SHA256SUMS"),
                    ]
                ),
            ]),
        ]
    }
}

extension Entry.Kind {
    /// What was done, for people.
    func name(_ settings: ReportSettings) -> String {
        switch self {
        case .new: settings.say("made", "新建")
        case .edit: settings.say("edited", "编辑")
        case .step: settings.say("step added", "添加步骤")
        case .close: settings.say("closed", "关闭")
        case .reopen: settings.say("reopened", "重新打开")
        case .import: settings.say("imported", "导入")
        case .pin: settings.say("pinned", "固定证据")
        case .unpin: settings.say("pin removed", "移除证据")
        case .measurement: settings.say("logs measured", "统计日志")
        case .purge: settings.say("purged", "清除")
        }
    }
}
