internal import Glibc

/// The machine's name, as `uname` has it.
package enum HostName {
    /// Asked of the system each time; text that is not UTF-8 is repaired.
    package static func current() -> String {
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, 255)
        return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
