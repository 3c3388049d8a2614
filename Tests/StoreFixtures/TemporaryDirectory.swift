internal import Glibc

/// A directory of its own for one test; it goes away, with all in it, with its last reference.
package final class TemporaryDirectory {
    package let path: String

    /// With `inMemory` it is on tmpfs, where there is one: nothing waits for a disk.
    package init(inMemory: Bool = false) {
        let parent = inMemory && access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
        var name = Array("\(parent)/logq-test-XXXXXX".utf8CString)
        let isMade = name.withUnsafeMutableBufferPointer { name in
            name.baseAddress.map { mkdtemp($0) != nil } ?? false
        }
        precondition(isMade, "the temporary directory can be made")
        path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { Self.remove(path) }

    /// The path of `name` in the directory.
    package func callAsFunction(_ name: String) -> String { path + "/" + name }

    /// Writes a file anew, and the directories on the way to it; returns its path.
    @discardableResult
    package func write(_ bytes: [UInt8], to name: String) -> String {
        var directory = path
        for part in name.split(separator: "/").dropLast() {
            directory += "/" + part
            mkdir(directory, 0o700)
        }
        Self.write(bytes, to: self(name), flags: O_TRUNC)
        return self(name)
    }

    @discardableResult
    package func write(_ text: String, to name: String) -> String {
        write(Array(text.utf8), to: name)
    }

    package func append(_ text: String, to name: String) {
        append(Array(text.utf8), to: name)
    }

    package func append(_ bytes: [UInt8], to name: String) {
        Self.write(bytes, to: self(name), flags: O_APPEND)
    }

    /// The permission bits of a file or directory; -1 where there is none.
    package static func permissions(_ path: String) -> Int {
        var information = stat()
        guard stat(path, &information) == 0 else { return -1 }
        return Int(information.st_mode & 0o777)
    }

    package static func read(_ path: String) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var content: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return content }
            content += buffer[..<count]
        }
    }

    package static func remove(_ path: String) {
        var information = stat()
        guard lstat(path, &information) == 0 else { return }
        if information.st_mode & S_IFMT == S_IFDIR, let handle = opendir(path) {
            while let entry = readdir(handle) {
                let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                    Array(bytes.prefix { $0 != 0 })
                }
                if name == [0x2E] || name == [0x2E, 0x2E] { continue }
                remove(path, name)
            }
            closedir(handle)
            rmdir(path)
        } else {
            unlink(path)
        }
    }

    /// Names need not be UTF-8, so those that are not are removed as bytes.
    private static func remove(_ directory: String, _ name: [UInt8]) {
        if let text = String(validating: name, as: UTF8.self) {
            return remove(directory + "/" + text)
        }
        let bytes = (Array(directory.utf8) + [0x2F] + name + [0]).map { CChar(bitPattern: $0) }
        _ = bytes.withUnsafeBufferPointer { $0.baseAddress.map { unlink($0) } }
    }

    private static func write(_ bytes: [UInt8], to path: String, flags: Int32) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0o600)
        precondition(descriptor >= 0, "\(path) can be written")
        defer { close(descriptor) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            precondition(count > 0, "\(path) can be written")
            rest = rest.dropFirst(count)
        }
    }
}
