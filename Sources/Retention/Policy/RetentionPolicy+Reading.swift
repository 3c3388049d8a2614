package import Configuration
internal import DefaultPolicy
internal import Glibc

extension RetentionPolicy {
    /// What holds where nobody wrote a policy: `retention/default.policy`, 30 days by index and 90 in
    /// all.
    package static let standard =
        (try? RetentionPolicy(parsing: DefaultPolicy.bytes, file: "default.policy"))
        ?? RetentionPolicy(indexed: .days(30), archived: .days(90))

    /// Reads the policy in a file; docs/retention.md says how it is written.
    ///
    /// Finds all mistakes at once. Files over 1 MiB are refused.
    package init(reading path: String) throws(ConfigurationError) {
        try self.init(parsing: try ConfigurationFile.bytes(of: path), file: path)
    }

    /// Reads a policy from its bytes; what it does not say is as in the built-in one, but for the
    /// window, which is then any time.
    package init(parsing bytes: [UInt8], file: String) throws(ConfigurationError) {
        try ConfigurationFile.check(bytes, file)
        var builder = PolicyBuilder(ConfigurationScanner(bytes))
        self = builder.policy()
        if !builder.faults.isEmpty {
            throw ConfigurationError(file: file, faults: builder.faults)
        }
    }

    /// The policy that holds for a store, and its file; nil for the built-in one.
    ///
    /// That is the file that is given, else `retention.policy` in the store's directory, else
    /// `/etc/logq/retention.policy`. One that is there and cannot be used is an error: to go on with
    /// another policy might remove what this one keeps.
    package static func inForce(
        given: String?, store directory: String?
    ) throws(ConfigurationError) -> (policy: RetentionPolicy, file: String?) {
        let places = [directory.map { $0 + "/retention.policy" }, "/etc/logq/retention.policy"]
        for file in given.map({ [$0] }) ?? places.compactMap(\.self).filter(isThere) {
            return (try RetentionPolicy(reading: file), file)
        }
        return (standard, nil)
    }

    /// Whether there is something of that name, readable or not.
    private static func isThere(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 || errno == EACCES
    }
}
