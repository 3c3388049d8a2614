import Incidents
import LogStore
import StoreFixtures

/// Records as tests need them: with several kinds of entries, pins, and texts from hostile logs.
enum RecordFixture {
    static let time: Int64 = 1_795_400_100_000_000_000

    static func pin(_ line: String, before: String = "", after: String = "") -> Pin {
        var pin = Pin()
        pin.note = "why it counts"
        (pin.place.host, pin.place.path) = ("pay-01", "/srv/logs/../../etc/passwd")
        (pin.place.offset, pin.place.length) = (120, Int64(line.utf8.count))
        pin.event.timestamp = time
        pin.event.fields = [Pin.Field("message", line)]
        pin.finding.query = #"level:error "=cmd|'/C calc'!A0""#
        pin.originals.event = Array(line.utf8)
        (pin.originals.before, pin.originals.after) = (Array(before.utf8), Array(after.utf8))
        return pin
    }

    static func incident(_ title: String) -> Incident {
        var incident = Incident()
        incident.title = title
        incident.description = "</script><script>alert(1)</script> \u{202E}\u{1B}[31m ```"
        incident.services = ["control", "../../../etc"]
        incident.steps = [HandlingStep("restarted", at: time, by: "李雷", pins: [2])]
        incident.actions = [PreventionAction("limit the pool", owner: "韩梅梅")]
        return incident
    }

    /// Entries: new, three pins, a removal, an edit.
    @discardableResult
    static func add(
        to store: IncidentStore, title: String = "../../../tmp/evil: 数据库连接耗尽"
    ) throws -> IncidentID {
        let id = try store.create(
            incident(title),
            pins: [
                pin("first\n", before: "before\n", after: "after\r\n"),
                pin("second \u{1B}]0;title\u{7} \u{0}\n"),
                pin("third, of no use\n"),
            ], by: "alice (root on pay-ops-1)", at: time)
        try store.append(
            [.unpin(3, reason: "of another fault"), .revision(incident(title + "!"), .edit)],
            to: id, by: "bob\nkind: forged", at: time + 1)
        return id
    }
}
