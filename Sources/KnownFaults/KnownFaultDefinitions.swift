/// The known faults that the binary carries: `common.faults` beside this file.
package enum KnownFaultDefinitions {
    /// Its bytes, read by `KnownFaults`; docs/known-faults.md says how they are written.
    package static let bytes = PackageResources.common_faults
}
