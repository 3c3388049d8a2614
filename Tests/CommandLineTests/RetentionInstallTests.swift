import StoreFixtures
import Testing

/// `retention/install.sh` below a directory: what it puts there, and takes away.
@Suite struct RetentionInstallTests {
    private let directory = TemporaryDirectory()
    private static let repository = #filePath.split(separator: "/").dropLast(3)
        .map { "/" + $0 }.joined()

    private var root: String { directory.path + "/root" }

    private func install(_ arguments: String = "") throws -> (text: String, status: Int32) {
        try Shell.run(
            "DESTDIR='\(root)' LOGQ='\(GoldenFile.binaries)/logq' TZ=UTC "
                + "'\(Self.repository)/retention/install.sh' \(arguments) 2>&1")
    }

    private func shell(_ command: String) throws -> [String] {
        try Shell.run("cd '\(root)' && \(command)").text.split(separator: "\n").map(String.init)
    }

    private func files() throws -> [String] { try shell("find . -type f | sort") }

    @Test func putsTimersAndADefaultPolicyThere() throws {
        #expect(try install().status == 0)
        #expect(
            try files() == [
                "./etc/logq/retention.policy", "./etc/systemd/system/logq-retention.service",
                "./etc/systemd/system/logq-retention.timer",
                "./etc/systemd/system/logq-verify.service",
                "./etc/systemd/system/logq-verify.timer", "./usr/lib/sysusers.d/logq.conf",
            ])
        #expect(
            try shell("grep -h ^OnCalendar etc/systemd/system/*.timer") == [
                "OnCalendar=*-*-* 01:00:00 UTC", "OnCalendar=Sun *-*-* 05:30:00",
            ])
    }

    /// Where systemd is at hand: it reads the units without a complaint, and finds them closed.
    @Test func systemdUnderstandsTheUnits() throws {
        guard try Shell.run("command -v systemd-analyze").status == 0 else { return }
        #expect(try install("--backup /srv/backup").status == 0)
        #expect(try shell("systemd-analyze verify etc/systemd/system/*.timer 2>&1") == [])
        for name in ["retention", "verify", "backup"] {
            let unit = "etc/systemd/system/logq-\(name).service"
            let lines = try shell("systemd-analyze security --offline=true --threshold=10 \(unit)")
            #expect(lines.last?.contains("SAFE") == true, "\(name): \(lines.last ?? "")")
        }
    }

    @Test func theTimerFollowsTheWindowAndThePolicyIsNotTouched() throws {
        _ = try Shell.run("mkdir -p '\(root)/etc/logq'")
        _ = try shell("printf 'window: 22:30-02:00 Asia/Shanghai\\n' > etc/logq/retention.policy")
        #expect(try install("--backup /srv/backup").status == 0)
        let calendars = [
            "OnCalendar=*-*-* *:50:00", "OnCalendar=*-*-* 22:30:00 Asia/Shanghai",
            "OnCalendar=Sun *-*-* 05:30:00",
        ]
        #expect(try shell("grep -h ^OnCalendar etc/systemd/system/*.timer") == calendars)
        #expect(
            try shell("cat etc/logq/retention.policy") == ["window: 22:30-02:00 Asia/Shanghai"])
        // Once more, without saying it again: the backup stays.
        #expect(try install().status == 0)
        #expect(try shell("grep -h ^OnCalendar etc/systemd/system/*.timer") == calendars)
        #expect(
            try shell("grep -h '^ReadWritePaths' etc/systemd/system/*.service") == [
                "ReadWritePaths=/srv/backup"
            ])
    }

    @Test func cronTakesThePlaceOfTimers() throws {
        #expect(try install("--backup /srv/backup").status == 0)
        #expect(try install("--cron").status == 0)
        #expect(
            try files() == [
                "./etc/cron.d/logq", "./etc/logq/retention.policy",
                "./usr/lib/sysusers.d/logq.conf",
            ])
        #expect(
            try shell("grep -o '^[^#].* logq  nice' etc/cron.d/logq") == [
                "10 1 * * *   logq  nice", "30 5 * * 0   logq  nice", "50 5 * * 0   logq  nice",
                "50 * * * *  logq  nice",
            ])
        #expect(try shell("grep -c ' /srv/backup 2' etc/cron.d/logq") == ["1"])
        #expect(try install("--uninstall").status == 0)
        #expect(try files() == ["./etc/logq/retention.policy", "./usr/lib/sysusers.d/logq.conf"])
    }

    @Test func nothingIsInstalledWithAPolicyThatHasMistakes() throws {
        _ = try Shell.run("mkdir -p '\(root)/etc/logq'")
        _ = try shell("echo 'indexed: 30' > etc/logq/retention.policy")
        let result = try install()
        #expect(result.status == 2)
        #expect(result.text.contains("retention.policy:1:10: '30' has no unit"))
        #expect(try files() == ["./etc/logq/retention.policy"])
        #expect(try install("--croon").status == 2)
        #expect(try install("--backup relative/path").status == 2)
        #expect(try install("--backup '/a b'").status == 2)
    }
}
