/// The format definitions that the binary carries.
///
/// Each `.format` file beside this one is embedded; one that is added here and in `Package.swift`
/// is a built-in. Only the bytes are here, read by `FormatLibrary` when a format is first asked for.
package enum ParserDefinitions {
    /// Name and text of each built-in definition, in the order in which ties are broken.
    ///
    /// The name is that of the file without `.format` and equals the definition's `format:` line.
    package static let files: [(name: String, bytes: [UInt8])] = [
        ("nginx-access", PackageResources.nginx_access_format),
        ("nginx-error", PackageResources.nginx_error_format),
        ("java-logback", PackageResources.java_logback_format),
        ("java-springboot", PackageResources.java_springboot_format),
        ("java-log4j", PackageResources.java_log4j_format),
        ("tomcat-access", PackageResources.tomcat_access_format),
        ("tomcat-catalina", PackageResources.tomcat_catalina_format),
        ("tomcat-localhost", PackageResources.tomcat_localhost_format),
        ("logq", PackageResources.logq_format),
        ("multiline-java", PackageResources.multiline_java_format),
    ]
}
