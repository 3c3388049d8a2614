package import Configuration
internal import Glibc
package import LogModel
package import LogParsing

/// What `logq ship` is told: the sources, the store, and how much of the machine it may use.
///
/// Two are equal where they ask for the same; a start such as `2h` is the same where it is written
/// alike.
package struct ShipperConfiguration: Sendable, Equatable {
    /// The store's directory, absolute; nil: where other commands find it.
    package var store: String?
    /// Files that are held open at once.
    package var descriptors = 256
    /// Nanoseconds between looks at everything, for what no notification told of.
    package var rescan: Int64 = 10_000_000_000
    /// Bytes of free space on the store's disk below which taking in pauses.
    package var reserve: Int64 = 256 << 20
    /// Bytes of a file that is given up when the disk is full; 0 for none.
    package var ballast: Int64 = 64 << 20
    package var sources: [SourceConfiguration]

    package init(sources: [SourceConfiguration]) { self.sources = sources }

    /// Reads the configuration in a file; `ConfigurationScanner` and docs/shipping.md say how it is
    /// written.
    ///
    /// `environment` gives the variables for `${NAME}`, `zone` and `now` what the machine has. Finds
    /// all mistakes at once. Files over 1 MiB are refused.
    package init(
        reading path: String, environment: (String) -> String?, formats: FormatLibrary,
        zone: Zone, now: Int64
    ) throws(ConfigurationError) {
        try self.init(
            parsing: try ConfigurationFile.bytes(of: path), file: path,
            directory: Self.directory(of: path),
            environment: environment, formats: formats, zone: zone, now: now)
    }

    /// Reads a configuration from its bytes; relative globs begin at `directory`.
    package init(
        parsing bytes: [UInt8], file: String, directory: String,
        environment: (String) -> String?, formats: FormatLibrary, zone: Zone, now: Int64
    ) throws(ConfigurationError) {
        try ConfigurationFile.check(bytes, file)
        let scanner = ConfigurationScanner<ShipperKey>(bytes)
        self = try withoutActuallyEscaping(environment) {
            (environment) throws(ConfigurationError) -> ShipperConfiguration in
            let paths = PathExpansion(directory: directory, environment: environment)
            var builder = ConfigurationBuilder(
                scanner, ConfigurationReader(paths: paths, formats: formats, now: now),
                machineZone: zone)
            let configuration = builder.configuration()
            guard builder.faults.isEmpty else {
                throw ConfigurationError(file: file, faults: builder.faults)
            }
            return configuration
        }
    }

    /// The absolute directory of a file; the working directory for standard input.
    private static func directory(of path: String) -> String {
        let directory = String(path.dropLast(FileName.base(path).count))
        if directory.hasPrefix("/") { return directory }
        guard let current = getcwd(nil, 0) else { return "/" + directory }
        defer { free(current) }
        return String(cString: current) + "/" + directory
    }
}
