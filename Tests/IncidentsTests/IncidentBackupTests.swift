import Glibc
import Incidents
import LogStore
import Retention
import StoreFixtures
import Testing

@Suite struct IncidentBackupTests {
    private let directory = TemporaryDirectory()

    @Test func recordsAreInABackupAndComeBackWithTheirChain() throws {
        let logs = try HandmadeStore()
        logs.close()
        let store = logs.path
        let records = try IncidentStore(writing: store)
        var pin = Pin()
        pin.originals.event = Array("ERROR 数据库连接超时\n".utf8)
        let id = try records.create(Incident(), pins: [pin], by: "alice", at: 1)
        let record = try records.record(id)
        let place = BackupPlace(directory("backup"))
        try Backup(of: store, to: place).run()
        // The backup is of the moment: what comes later is not in it.
        try records.append([.unpin(1, reason: "later")], to: id, by: "bob", at: 2)
        for ending in ["", "-wal", "-shm"] { unlink(store + "/incidents.db" + ending) }
        let restore = try Restore(from: place, into: store, options: RestoreOptions())
        try restore.run()
        #expect(restore.report.restoredDatabases == ["incidents.db"])
        let restored = try IncidentStore(reading: store)
        #expect(try restored.record(id) == record)
        #expect(try restored.pins(of: id).map(\.originals.event) == [pin.originals.event])
    }
}
