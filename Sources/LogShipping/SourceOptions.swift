package import LogModel
package import LogParsing

/// What is known of a log beforehand, by a command's flags or a configuration.
package struct SourceOptions: Sendable {
    package var host: String
    /// Nil: from the format, or the file's own name.
    package var service: String?
    package var environment = ""
    /// Nil: found out from the content.
    package var format: FormatDefinition?
    package var formats: FormatLibrary
    /// The zone of times that name none.
    package var zone: Zone
    /// Events before this time, nanoseconds since 1970 UTC, are left out.
    package var notBefore: Int64?
    /// Whether an event is wanted, by its original bytes; nil for all of them.
    package var admits: (@Sendable (UnsafeBufferPointer<UInt8>) -> Bool)?
    /// Whether the text is declared to be GB18030 or GBK; else it is where it is not UTF-8.
    package var isGB18030 = false
    /// The current time, nanoseconds since 1970 UTC.
    package var now: Int64

    package init(host: String, formats: FormatLibrary, zone: Zone, now: Int64) {
        self.host = host
        self.formats = formats
        self.zone = zone
        self.now = now
    }
}
