package import Configuration
internal import Glibc
internal import KnownFaultDefinitions
internal import LogStore

/// The faults that are known by how they show in logs: those in the binary, and a team's own.
///
/// docs/known-faults.md says how they are written.
package struct KnownFaults: Sendable {
    package private(set) var faults: [KnownFault]

    /// What `Sources/KnownFaults/common.faults` has.
    package static let builtIn =
        (try? KnownFaults(parsing: KnownFaultDefinitions.bytes, file: "common.faults"))
        ?? KnownFaults(faults: [])

    private init(faults: [KnownFault]) { self.faults = faults }

    /// Reads faults from their bytes; finds all mistakes at once.
    package init(parsing bytes: [UInt8], file: String) throws(ConfigurationError) {
        try ConfigurationFile.check(bytes, file)
        let reader = FaultReader(ConfigurationScanner(bytes))
        faults = reader.faults
        if !reader.mistakes.isEmpty {
            throw ConfigurationError(file: file, faults: reader.mistakes)
        }
    }

    /// The built-in faults and those of files; a fault replaces those of its name before it.
    ///
    /// Files over 1 MiB are refused. The mistakes of the first file that has some are all told.
    package init(adding paths: [String]) throws(ConfigurationError) {
        self = .builtIn
        for path in paths {
            let bytes = try ConfigurationFile.bytes(of: path)
            add(try KnownFaults(parsing: bytes, file: path).faults)
        }
    }

    private mutating func add(_ others: [KnownFault]) {
        for fault in others {
            if let known = faults.firstIndex(where: { $0.name == fault.name }) {
                faults[known] = fault
            } else {
                faults.append(fault)
            }
        }
    }

    /// The faults for a store: the built-in ones, those of `/etc/logq/known-faults`, of `known-faults` in the
    /// store's directory, and of the file that is given, each before those that it replaces.
    package static func inForce(
        given: String?, store directory: String
    ) throws(ConfigurationError) -> KnownFaults {
        let folders = ["/etc/logq/known-faults", directory + "/known-faults"]
        var paths: [String] = []
        for folder in folders { paths += try files(in: folder) }
        return try KnownFaults(adding: paths + (given.map { [$0] } ?? []))
    }

    /// The paths of the `*.faults` files of a directory by name; none where it is not there.
    private static func files(in directory: String) throws(ConfigurationError) -> [String] {
        guard let handle = opendir(directory) else {
            if errno == ENOENT { return [] }
            let reason = String(cString: strerror(errno))
            throw ConfigurationError(
                file: directory,
                faults: [.init("the known faults cannot be read: \(reason)")])
        }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let bytes = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            guard let name = String(validating: bytes, as: UTF8.self), name.hasSuffix(".faults"),
                !name.hasPrefix(".")
            else { continue }
            names.append(name)
        }
        return names.sorted().map { directory + "/" + $0 }
    }
}
