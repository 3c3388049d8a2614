/// The retention policy that the binary carries: `default.policy` beside this file.
package enum DefaultPolicy {
    /// Its bytes, read by `RetentionPolicy`.
    package static let bytes = PackageResources.default_policy
}
