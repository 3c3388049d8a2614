import Glibc
import LogModel
import Testing

@testable import LogParsing

/// A directory that is gone with its owner.
private final class TemporaryDirectory {
    let path: String

    init(_ files: [String: String]) throws {
        var template = Array("/tmp/formats-XXXXXX".utf8CString)
        let made = try #require(mkdtemp(&template))
        path = String(cString: made)
        for (name, text) in files { try write(Array(text.utf8), to: name) }
    }

    func write(_ bytes: [UInt8], to name: String) throws {
        let file = try #require(fopen(path + "/" + name, "w"))
        _ = fwrite(bytes, 1, bytes.count, file)
        fclose(file)
    }

    deinit {
        guard let stream = opendir(path) else { return }
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { remove(path + "/" + name) }
        }
        closedir(stream)
        rmdir(path)
    }
}

@Suite struct FormatLibraryTests {
    @Test func everyBuiltInCompilesUnderItsOwnName() throws {
        let names = FormatLibrary.builtIn.names
        #expect(
            names == [
                "nginx-access", "nginx-error", "java-logback", "java-springboot", "java-log4j",
                "tomcat-access", "tomcat-catalina", "tomcat-localhost", "logq",
                "multiline-java",
            ])
        for name in names {
            let format = try #require(FormatLibrary.builtIn.format(named: name))
            #expect(format.name == name)
            #expect(!format.samples.isEmpty)
            #expect(format.patterns.isEmpty == (name == "multiline-java"))
        }
    }

    @Test func anUnknownNameGivesTheNearest() {
        #expect(FormatLibrary.builtIn.format(named: "nginx-acess") == nil)
        #expect(
            FormatLibrary.builtIn.nearestName(to: "nginx-acess") == "did you mean 'nginx-access'?")
        #expect(FormatLibrary.builtIn.nearestName(to: "postgres") == nil)
    }

    @Test func aUsersDefinitionIsAddedOrReplacesABuiltIn() throws {
        let directory = try TemporaryDirectory([
            "mine.format": "format: mine\nnginx: $remote_addr;$status\n",
            "access.format": "format: nginx-access\ntitle: ours\nnginx: $status $remote_addr\n",
            ".hidden.format": "nonsense\n",
            "notes.txt": "nonsense\n",
        ])
        let library = try FormatLibrary(adding: directory.path)
        #expect(library.names.count == FormatLibrary.builtIn.names.count + 1)
        #expect(library.names.first == "mine")
        #expect(library.format(named: "mine")?.patterns.first?.text == "$remote_addr;$status")
        #expect(library.format(named: "nginx-access")?.title == "ours")
        #expect(FormatLibrary.builtIn.format(named: "nginx-access")?.title == "nginx access log")
    }

    @Test func aMissingDirectoryIsAnError() {
        let error = #expect(throws: FormatError.self) {
            try FormatLibrary(adding: "/nonexistent/formats")
        }
        #expect(
            error?.description
                == "/nonexistent/formats: the directory cannot be read: No such file or directory; "
                + "check the path of the formats directory")
    }

    @Test func twoDefinitionsOfOneNameAreAnError() throws {
        let text = "format: mine\nnginx: $remote_addr $status\n"
        let directory = try TemporaryDirectory(["a.format": text, "b.format": text])
        let error = #expect(throws: FormatError.self) {
            try FormatLibrary(adding: directory.path)
        }
        #expect(
            error?.description
                == "\(directory.path)/b.format: the format 'mine' is also in "
                + "\(directory.path)/a.format; give one of them another name")
    }

    @Test func anUnreadableFileIsAnError() throws {
        let directory = try TemporaryDirectory([:])
        #expect(mkdir(directory.path + "/a.format", 0o755) == 0)
        let error = #expect(throws: FormatError.self) {
            try FormatLibrary(adding: directory.path + "/")
        }
        #expect(
            error?.description
                == "\(directory.path)/a.format: the file cannot be read: Is a directory; "
                + "check its permissions, or take it out of the directory")
    }

    @Test func aFileOverOneMebibyteIsAnError() throws {
        let directory = try TemporaryDirectory([:])
        try directory.write([UInt8](repeating: 0x0A, count: 3 << 20), to: "a.format")
        let error = #expect(throws: FormatError.self) {
            try FormatLibrary(adding: directory.path)
        }
        #expect(error?.problem == "the definition is larger than 1 MiB")
    }

    @Test(arguments: [
        ("nginx:$remote_addr [$time_local]", Notation.nginx, "$remote_addr [$time_local]"),
        ("nginx:log_format x '$remote_addr';", .nginx, "log_format x '$remote_addr';"),
        ("logback:%d{HH:mm:ss} %msg%n", .logback, "%d{HH:mm:ss} %msg%n"),
        ("log4j2:%d %p %m%n", .log4j2, "%d %p %m%n"),
        ("tomcat:%h %s", .tomcat, "%h %s"),
    ])
    func readsAFormatFromTheCommandLine(spec: String, notation: Notation, text: String) throws {
        let format = try FormatLibrary.inline(spec)
        #expect(format.name == "inline")
        #expect(format.patterns.map(\.notation) == [notation])
        #expect(format.patterns.map(\.text) == [text])
    }

    @Test(arguments: [
        ("ngnix:$remote_addr", "unknown notation 'ngnix'", "did you mean 'nginx'?"),
        (
            "$remote_addr $status", "no notation in front of the pattern",
            "write for instance 'nginx:$remote_addr …' or 'logback:%d …'"
        ),
        (
            "postgres:%m", "unknown notation 'postgres'",
            "the notations are nginx, tomcat, logback, log4j2, nginx-error"
        ),
    ])
    func refusesAFormatWithoutNotation(spec: String, problem: String, help: String) {
        let error = #expect(throws: PatternError.self) { try FormatLibrary.inline(spec) }
        #expect(error?.problem == problem)
        #expect(error?.offset == 0)
        #expect(error?.help == help)
    }

    @Test func aFormatIsMeantByItsNameOrWrittenOut() throws {
        let library = FormatLibrary.builtIn
        #expect(try library.format(meantBy: "nginx-access").name == "nginx-access")
        #expect(try library.format(meantBy: "tomcat:%h %s").patterns.map(\.text) == ["%h %s"])
        #expect(
            throws: FormatChoiceError.unknown("nginx-acess", help: "did you mean 'nginx-access'?")
        ) { try library.format(meantBy: "nginx-acess") }
        #expect(throws: FormatChoiceError.unknown("postgres", help: nil)) {
            try library.format(meantBy: "postgres")
        }
        let error = PatternError(
            problem: "unknown notation 'ngnix'", offset: 0, help: "did you mean 'nginx'?")
        #expect(throws: FormatChoiceError.pattern(error)) {
            try library.format(meantBy: "ngnix:$remote_addr")
        }
    }
}
