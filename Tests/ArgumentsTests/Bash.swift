import Glibc

/// Runs bash on a script in a temporary file.
enum Bash {
    /// The exit status and both outputs of `bash OPTIONS script`.
    static func run(_ script: String, options: String = "") -> (status: Int32, output: String) {
        var template = Array("/tmp/logq-completion-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { return (-1, "cannot make a temporary file") }
        let path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        defer { unlink(path) }
        let bytes = Array(script.utf8)
        _ = write(descriptor, bytes, bytes.count)
        close(descriptor)
        guard let process = popen("bash --norc \(options) \(path) 2>&1", "r") else {
            return (-1, "cannot start bash")
        }
        var output: [UInt8] = []
        while case let byte = fgetc(process), byte != EOF { output.append(UInt8(byte & 0xFF)) }
        return (pclose(process), String(decoding: output, as: UTF8.self))
    }
}
