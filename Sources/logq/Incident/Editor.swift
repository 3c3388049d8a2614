internal import Glibc
internal import LogStore
internal import Presentation

/// The person's editor, on a file that only the person may read.
struct Editor {
    let path: String
    /// The file that was made for the editor, and goes unless it is kept.
    let text: [UInt8]

    /// Whether there is a person at a terminal who can edit.
    static var isPossible: Bool {
        TerminalWindow.isTerminal(STDIN_FILENO) && TerminalWindow.isTerminal(STDERR_FILENO)
    }

    /// Makes the file `logq-NAME-….md` in `TMPDIR`, else `/tmp`.
    init(_ text: [UInt8], named name: String) throws {
        let directory = Environment.variable("TMPDIR") ?? "/tmp"
        var template = Array("\(directory)/logq-\(name)-XXXXXX.md".utf8CString)
        let descriptor = mkstemps(&template, 3)
        guard descriptor >= 0 else {
            throw CommandFailure(
                "no file for the editor can be made in \(directory): "
                    + String(cString: strerror(errno)))
        }
        close(descriptor)
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        self.text = text
        try SmallFile.replace(path, by: text)
    }

    /// Lets the person edit the file, and returns what it then has.
    func run() throws -> [UInt8] {
        let name =
            Environment.variable("VISUAL") ?? Environment.variable("EDITOR") ?? "vi"
        let status = try Self.spawn("sh", "-c", name + " \"$1\"", name, path)
        let isEnded = status & 0x7F == 0
        guard isEnded, status >> 8 & 0xFF == 0 else {
            let end = isEnded ? "with status \(status >> 8 & 0xFF)" : "by signal \(status & 0x7F)"
            let kept = (try? read()) == text
            if kept { remove() }
            throw CommandFailure(
                "the editor '\(name)' ended \(end), so nothing is changed"
                    + (kept ? "; VISUAL or EDITOR names another" : "; what you wrote is in \(path)")
            )
        }
        return try read()
    }

    func read() throws -> [UInt8] { try IncidentOptions.bytes(of: path) }

    func remove() { unlink(path) }

    /// Runs a program and waits for it; keys that end programs are the program's.
    private static func spawn(_ arguments: String...) throws -> Int32 {
        let old = [SIGINT, SIGQUIT].map { (signal: $0, action: signal($0, SIG_IGN)) }
        defer { for (number, action) in old { signal(number, action) } }
        var attributes = posix_spawnattr_t()
        var actions = posix_spawn_file_actions_t()
        posix_spawnattr_init(&attributes)
        posix_spawn_file_actions_init(&actions)
        defer {
            posix_spawnattr_destroy(&attributes)
            posix_spawn_file_actions_destroy(&actions)
        }
        var defaults = sigset_t()
        sigemptyset(&defaults)
        for number in [SIGINT, SIGQUIT, SIGPIPE] { sigaddset(&defaults, number) }
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
        // So that 'id=$(logq incident new)' has a terminal to edit on.
        if !TerminalWindow.isTerminal(STDOUT_FILENO) {
            posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO)
        }
        var words = arguments.map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var child = pid_t()
        let code = posix_spawnp(&child, arguments[0], &actions, &attributes, &words, environ)
        guard code == 0 else {
            throw CommandFailure("the editor cannot be run: " + String(cString: strerror(code)))
        }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        return status
    }
}
