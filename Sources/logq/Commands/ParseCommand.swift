internal import Arguments
internal import Glibc
internal import LogModel
internal import LogParsing
internal import LogPatterns
internal import LogShipping
internal import Presentation

/// `logq parse`: what a format makes of a file, without a store.
enum ParseCommand {
    static let command = Command(
        declaration: CommandDeclaration(
            name: "parse",
            summary: "show what a format makes of a file, without a store",
            discussion: """
                Reads a file ('-' for standard input, .gz too) and prints its events. Without --format \
                the format is recognised from the content; --detect says which one, and why. \
                --patterns prints for each event the id and the text of its message's pattern, as \
                'search … | patterns' has them.
                """,
            examples: [
                ("logq parse --detect access.log", "which format, and why"),
                ("logq parse --format java-logback --json control.log", "the events as JSON"),
                (
                    "logq parse --format 'nginx:$remote_addr [$time_local] \"$request\" $status' -",
                    "try a pattern on a pipe"
                ),
                (
                    "logq parse --patterns control.log | sort | uniq -c | sort -rn",
                    "how often a file says what"
                ),
            ],
            flags: [
                Flag(
                    "format", placeholder: "FORMAT",
                    help: "a format's name, or a pattern: nginx:, tomcat:, logback: or log4j2:…"),
                Flag("detect", help: "only say which format the content has, and why"),
                Flag("json", help: "one JSON object a line, in OpenTelemetry's shape"),
                Flag(
                    "patterns", help: "the pattern of each event's message, behind its id and a tab"
                ),
                Flag("full", help: "stack traces and messages of several lines unfolded"),
                Environment.zoneFlag, Environment.formatsFlag, Environment.colorFlag,
            ],
            operands: Operands("FILE", help: "the file, or '-'", minimum: 1, maximum: 1)),
        run: run)

    private static func run(_ arguments: ParsedArguments) throws -> ExitCode {
        let formats = try Environment.formats(arguments)
        let given = try Environment.format(arguments, in: formats)
        let reader = try FileParser(
            arguments.operands[0], format: given, formats: formats,
            zone: Environment.zone(arguments), now: Clock.now())
        if arguments.isSet("detect") { return try printDetection(reader) }
        if arguments.isSet("patterns") { return try printPatterns(reader, arguments) }
        return try printEvents(reader, arguments)
    }

    /// Patterns are known when all messages are; four bytes are kept of each event.
    private static func printPatterns(
        _ reader: FileParser, _ arguments: ParsedArguments
    ) throws -> ExitCode {
        var miner = TemplateMiner()
        var leaves: [Int32] = []
        while let events = try reader.next() {
            for event in events {
                let leaf = event.body.withUnsafeBufferPointer { miner.add($0) }
                leaves.append(Int32(truncatingIfNeeded: leaf))
            }
        }
        let (templates, ofLeaf) = miner.finish()
        let lines = templates.map { template in
            var line = Array(template.stableID.utf8) + [0x09]
            let text = template.text
            SafeText.append(text.span, to: &line)
            return line + [0x0A]
        }
        var stream = OutputStream(descriptor: STDOUT_FILENO)
        for leaf in leaves {
            let line = lines[ofLeaf[Int(leaf)]]
            if try stream.write(line.span) == .closed { return .success }
        }
        try stream.flush()
        return end(reader, arguments, count: leaves.count)
    }

    private static func printDetection(_ reader: FileParser) throws -> ExitCode {
        let detection = reader.detection
        var text = "\(detection.format?.name ?? "no format")\n  \(detection.reason)\n"
        for candidate in detection.candidates {
            text += "  \(candidate.name): \(candidate.matched) of \(candidate.lookedAt) lines\n"
        }
        Standard.output(SafeText.escaped(text, keepNewlines: true))
        return detection.format == nil ? .noneFound : .success
    }

    private static func printEvents(
        _ reader: FileParser, _ arguments: ParsedArguments
    ) throws -> ExitCode {
        let color = Environment.color(arguments)
        var lines = EventLine(
            zone: try Environment.zone(arguments),
            painter: Painter(isEnabled: color.isEnabled(for: STDOUT_FILENO)),
            unfolds: arguments.isSet("full"), highlights: { _ in [] })
        let asJSON = arguments.isSet("json")
        var stream = OutputStream(descriptor: STDOUT_FILENO)
        var json = EventJSON()
        var count = 0
        var bytes: [UInt8] = []
        while let events = try reader.next() {
            for event in events {
                if asJSON {
                    json.append(event)
                } else {
                    lines.append(event, to: &bytes)
                }
                count += 1
            }
            if asJSON { bytes = json.take() }
            if try stream.write(bytes.span) == .closed { return .success }
            bytes.removeAll(keepingCapacity: true)
        }
        try stream.flush()
        return end(reader, arguments, count: count)
    }

    private static func end(
        _ reader: FileParser, _ arguments: ParsedArguments, count: Int
    ) -> ExitCode {
        if let warning = reader.warning {
            CommandLineTool.report("\(arguments.operands[0]): \(warning)")
            return .incomplete
        }
        return count > 0 ? .success : .noneFound
    }
}
