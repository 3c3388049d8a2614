internal import Glibc

/// The text of a configuration.
package enum ConfigurationFile {
    /// What people write is shorter.
    package static let sizeLimit = 1 << 20

    /// The bytes of a file; `-` is standard input. Files over 1 MiB are refused.
    package static func bytes(of path: String) throws(ConfigurationError) -> [UInt8] {
        let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(path) }
        defer { if descriptor != STDIN_FILENO { close(descriptor) } }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw unreadable(path) }
            if count == 0 { return bytes }
            bytes += piece[..<count]
            try check(bytes, path)
        }
    }

    /// Refuses what is too large to have been written by people.
    package static func check(_ bytes: [UInt8], _ path: String) throws(ConfigurationError) {
        guard bytes.count > sizeLimit else { return }
        let fault = ConfigurationError.Fault("the configuration is larger than 1 MiB")
        throw ConfigurationError(file: path, faults: [fault])
    }

    private static func unreadable(_ path: String) -> ConfigurationError {
        let reason = errno == EISDIR ? "is a directory" : String(cString: strerror(errno))
        let fault = ConfigurationError.Fault("the configuration cannot be read: \(reason)")
        return ConfigurationError(file: path, faults: [fault])
    }
}
