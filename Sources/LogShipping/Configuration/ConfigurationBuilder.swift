internal import Configuration
internal import LogModel

/// Makes a configuration of scanned lines and gathers what is wrong with their values.
struct ConfigurationBuilder {
    private let reader: ConfigurationReader
    private let machineZone: Zone
    private let sections: [Section]
    /// Lines above all sources are read for each of them; their faults count once.
    private(set) var faults: Set<Fault>

    typealias Entry = ConfigurationEntry<ShipperKey>
    typealias Section = ConfigurationSection<ShipperKey>
    typealias Fault = ConfigurationError.Fault

    init(
        _ scanner: ConfigurationScanner<ShipperKey>, _ reader: ConfigurationReader,
        machineZone: Zone
    ) {
        sections = scanner.sections
        faults = Set(scanner.faults)
        self.reader = reader
        self.machineZone = machineZone
    }

    /// The configuration; of use only if there are no faults then.
    mutating func configuration() -> ShipperConfiguration {
        var configuration = ShipperConfiguration(sources: [])
        guard let top = sections.first else { return configuration }
        readGlobals(top, into: &configuration)
        checkDefaults(top)
        // With other mistakes, the line that should have begun a source may be among them.
        if sections.count == 1, faults.isEmpty {
            faults.insert(Fault("there is no source", help: "begin one with 'source: NAME'"))
        }
        var lines: [String: Int] = [:]
        for section in sections.dropFirst() {
            guard let source = source(section, top) else { continue }
            if let first = lines[source.name] {
                faults.insert(
                    Fault(
                        line: source.line, column: section.head?.value.column ?? 0,
                        "a second source '\(ConfigurationValue.shortened(source.name))'",
                        help: "the first one is line \(first); give one another name"))
            }
            lines[source.name] = lines[source.name] ?? source.line
            configuration.sources.append(source)
        }
        return configuration
    }

    private mutating func readGlobals(
        _ top: Section, into configuration: inout ShipperConfiguration
    ) {
        configuration.store = faults.value(of: top[.store].first, reader.path)
        if let count = faults.value(of: top[.descriptors].first, reader.descriptors) {
            configuration.descriptors = count
        }
        if let time = faults.value(of: top[.rescan].first, reader.duration) {
            configuration.rescan = time
        }
        func size(_ entry: Entry) throws(Fault) -> Int64 { try entry.value.size() }
        if let size = faults.value(of: top[.reserve].first, size) { configuration.reserve = size }
        if let size = faults.value(of: top[.ballast].first, size) { configuration.ballast = size }
    }

    /// Finds the faults of lines above the sources, of those too that every source overrides.
    private mutating func checkDefaults(_ top: Section) {
        var source = SourceConfiguration(name: "", files: [], host: "", zone: machineZone)
        for entry in top[.except] { _ = faults.value(of: entry, reader.except) }
        readSettings(top, Section(head: nil), into: &source)
    }

    // MARK: Sources

    private mutating func source(
        _ section: Section, _ top: Section
    ) -> SourceConfiguration? {
        guard let head = section.head, let name = faults.value(of: head, reader.text) else {
            return nil
        }
        var source = SourceConfiguration(
            name: name, line: head.line, files: [], host: "", zone: machineZone)
        for entry in section[.files] { source.files += faults.value(of: entry, reader.files) ?? [] }
        if section[.files].isEmpty, !section.faulty.contains(.files) {
            faults.insert(
                head.value.fault(
                    "the source '\(ConfigurationValue.shortened(name))' has no files",
                    help: "name them below it: 'files: /var/log/app/*.log'"))
        }
        for entry in top[.except] + section[.except] {
            source.exceptFiles += faults.value(of: entry, reader.except) ?? []
        }
        readSettings(section, top, into: &source)
        return source
    }

    /// Reads what events get: from the source's own lines, else from those above all sources;
    /// includes and excludes from both.
    private mutating func readSettings(
        _ section: Section, _ top: Section,
        into source: inout SourceConfiguration
    ) {
        func nearest(_ key: ShipperKey) -> Entry? { section[key].first ?? top[key].first }
        let reader = reader
        source.host = faults.value(of: nearest(.host), reader.host) ?? HostName.current()
        source.service = faults.value(of: nearest(.service), reader.text)
        source.environment = faults.value(of: nearest(.env), reader.text) ?? ""
        source.format = faults.value(of: nearest(.format), reader.format)
        if let zone = faults.value(of: nearest(.zone), reader.zone) { source.zone = zone }
        if let encoding = faults.value(of: nearest(.encoding), reader.encoding) {
            source.encoding = encoding
        }
        let (zone, encoding) = (source.zone, source.encoding)
        let start = faults.value(of: nearest(.start)) { entry throws(Fault) in
            try reader.start(entry, in: zone)
        }
        if let start { (source.start, source.startText) = start }
        func pattern(_ entry: Entry) throws(Fault) -> LinePattern {
            try reader.pattern(entry, encoding)
        }
        for entry in top[.include] + section[.include] {
            if let test = faults.value(of: entry, pattern) { source.include.append(test) }
        }
        for entry in top[.exclude] + section[.exclude] {
            if let test = faults.value(of: entry, pattern) { source.exclude.append(test) }
        }
    }
}
