internal import Arguments
internal import Glibc
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
        let writer = try StoreWriter(directory: directory)
        let lock = try ShipperLock(directory: directory)
        defer { withExtendedLifetime(lock) {} }
        writer.release()
        let shipper = Shipper(
            into: writer, configuration, formats: try Environment.formats(arguments)
        ) { level, message in CommandLineTool.report("\(level): \(message)") }
        defer { shipper.stop() }
        if arguments.isSet("once") {
            try shipper.readAll()
            return .success
        }
        ProcessSignals.watch()
        let control = ShipperLoop.Control(
            isStopping: { ProcessSignals.isStopRaised }, reloaded: { nil }, beat: { _ in })
        try ShipperLoop(shipper, control).run()
        return .success
    }

    private static func read(
        _ path: String, _ arguments: ParsedArguments
    ) throws -> ShipperConfiguration {
        try ShipperConfiguration(
            reading: path, environment: Environment.variable,
            formats: Environment.formats(arguments), zone: Environment.zone(arguments),
            now: Environment.now())
    }
}
