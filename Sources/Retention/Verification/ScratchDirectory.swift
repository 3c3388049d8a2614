internal import Glibc
internal import LogStore

/// A directory for a short time; it goes away, with all in it, with its last reference.
final class ScratchDirectory {
    let path: String

    init(in parent: String) throws(StoreError) {
        var name = Array("\(parent)/logq-XXXXXX".utf8CString)
        let isMade = name.withUnsafeMutableBufferPointer { name in
            name.baseAddress.map { mkdtemp($0) != nil } ?? false
        }
        guard isMade else { throw .writing(parent, action: "make a directory in") }
        path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { Self.remove(path) }

    /// Never goes through a symbolic link: `unlink` is tried first.
    private static func remove(_ path: String) {
        guard unlink(path) != 0, errno == EISDIR else { return }
        for name in (try? StoreLayout.names(in: path)) ?? [] { remove(path + "/" + name) }
        rmdir(path)
    }
}
