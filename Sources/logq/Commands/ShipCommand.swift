internal import Arguments
internal import Glibc
internal import LogModel
internal import LogShipping
internal import LogStore
internal import Presentation

/// `logq ship`: follows the logs of this machine into the store.
enum ShipCommand {
    static let command = Command(
        declaration: CommandDeclaration(
            name: "ship",
            summary: "follow log files into the store, through every rotation",
            discussion: """
                Reads the files that a configuration names, for as long as it runs, and puts each event \
                into the store once, within a second of its being written: across renames, \
                copy-and-truncate, compression, crashes and full disks. SIGTERM ends it in order, \
                SIGHUP makes it read the configuration again. Only one runs on a store.
                """,
            examples: [
                ("logq ship --config /etc/logq/logq.conf", "until it is stopped"),
                ("logq ship --config logq.conf --check", "which files would be read, and as what"),
                ("logq ship --config logq.conf --once", "what is there now, then end"),
            ],
            flags: [
                Flag("config", short: "c", placeholder: "FILE", help: "what is to be followed"),
                Flag("once", help: "read what is there, then end"),
                Flag("check", help: "validate, and show which files would be read and as what"),
                Environment.zoneFlag, Environment.dataFlag, Environment.formatsFlag,
            ],
            operands: nil),
        run: run)

    private static func run(_ arguments: ParsedArguments) throws -> ExitCode {
        guard let path = arguments.string("config") else {
            throw CommandFailure("name the configuration with --config FILE")
        }
        let configuration = try read(path, arguments)
        let directory =
            try arguments.string("data") ?? configuration.store
            ?? Environment.dataDirectory(arguments)
        if arguments.isSet("check") {
            return try ShipCheck.run(
                configuration, store: directory, formats: Environment.formats(arguments))
        }
        let lock = try ShipperLock(directory: directory)
        defer { withExtendedLifetime(lock) {} }
        let writer = try StoreWriter(directory: directory)
        writer.release()
        let log = OperationalLog()
        defer { log.flush(all: true) }
        let shipper = Shipper(
            into: writer, configuration, formats: try Environment.formats(arguments),
            excluding: [OperationalLog.path]
        ) { level, message in log.write(OperationalLog.Level(level), "ship", message) }
        defer { shipper.stop() }
        if arguments.isSet("once") {
            try shipper.readAll()
            return shipper.hasProblems ? .incomplete : .success
        }
        try follow(shipper, log) { try read(path, arguments) }
        return .success
    }

    private static func follow(
        _ shipper: Shipper, _ log: OperationalLog,
        read: @escaping () throws -> ShipperConfiguration
    ) throws {
        ProcessSignals.watch(reload: true)
        let manager = ServiceManager()
        var shown = ""
        let control = ShipperLoop.Control(
            wake: ProcessSignals.descriptor, isStopping: { ProcessSignals.isStopRaised },
            reloaded: {
                guard ProcessSignals.take().reload else { return nil }
                manager.reloading()
                defer { manager.ready() }
                return reload(log, read)
            },
            beat: { state in
                if shown.isEmpty, !state.isEmpty { manager.ready() }
                if state != shown { manager.status(state) }
                shown = state
                manager.keepAlive()
                log.flush()
            })
        try ShipperLoop(shipper, control).run()
        manager.stopping()
    }

    /// The configuration as it is now; nil, and the old one goes on, where it has mistakes.
    private static func reload(
        _ log: OperationalLog, _ read: () throws -> ShipperConfiguration
    ) -> ShipperConfiguration? {
        do {
            let configuration = try read()
            log.write(.info, "ship", "the configuration was read again")
            return configuration
        } catch {
            log.write(.error, "ship", "the configuration stays as it was: \(error)")
            return nil
        }
    }

    private static func read(
        _ path: String, _ arguments: ParsedArguments
    ) throws -> ShipperConfiguration {
        try ShipperConfiguration(
            reading: path, environment: Environment.variable,
            formats: Environment.formats(arguments), zone: Environment.zone(arguments),
            now: Clock.now())
    }
}

extension OperationalLog.Level {
    fileprivate init(_ level: Shipper.LogLevel) {
        self =
            switch level {
            case .info: .info
            case .warning: .warning
            case .error: .error
            }
    }
}
