import Glibc
import Testing

/// Runs the commands of `Golden/*.txt` with the built binary and compares all that they print.
///
/// A line `$ COMMAND` is run by `sh` in a directory of its own, in which `samples` is the folder of
/// sample logs, with the store beside it and the zone of the samples; what follows is its output,
/// standard error included, and `? N` its exit status where that is not 0. To write the files anew
/// after a change that was meant: `LOGQ_UPDATE_GOLDEN=1 swift test --filter GoldenTests`.
@Suite struct GoldenTests {
    @Test(arguments: GoldenFile.all)
    func commandsPrintWhatIsWritten(file: GoldenFile) throws {
        let expected = try file.text()
        let actual = try file.run()
        if getenv("LOGQ_UPDATE_GOLDEN") != nil {
            try file.write(actual)
        } else {
            #expect(actual == expected)
        }
    }
}

struct GoldenFile: Sendable, CustomTestStringConvertible {
    let path: String

    var testDescription: String { path.split(separator: "/").last.map(String.init) ?? path }

    private static let folder = String(#filePath.dropLast("GoldenTests.swift".count))

    static let all: [GoldenFile] = {
        var names: [String] = []
        guard let directory = opendir(folder + "Golden") else { return [] }
        defer { closedir(directory) }
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasSuffix(".txt") { names.append(name) }
        }
        return names.sorted().map { GoldenFile(path: folder + "Golden/" + $0) }
    }()

    /// The folder with the binary: that of the running tests.
    static let binaries: String = {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        let path = String(
            decoding: buffer.prefix(max(0, count)).map(UInt8.init(bitPattern:)), as: UTF8.self)
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return String(path[..<slash])
    }()

    func text() throws -> String {
        let output = try Shell.run("cat '\(path)'")
        #expect(output.status == 0)
        return output.text
    }

    func write(_ text: String) throws {
        let file = try #require(fopen(path, "w"))
        fputs(text, file)
        fclose(file)
    }

    /// The file's text with the output that its commands give now.
    func run() throws -> String {
        var template = Array("/tmp/logq-golden-XXXXXX".utf8CString)
        let directory = String(cString: try #require(mkdtemp(&template)))
        defer { _ = try? Shell.run("rm -rf '\(directory)'") }
        let prelude = """
            cd '\(directory)' && ln -sfn '\(Self.folder)../Samples' samples
            export PATH='\(Self.binaries)':"$PATH" LOGQ_DATA=store TZ=Asia/Shanghai LC_ALL=C.UTF-8
            unset LOGQ_FORMATS NO_COLOR CLICOLOR_FORCE\n
            """
        // Fault records are named for the year in which they are made.
        let year = try Shell.run("date -u +%Y").text.prefix(4)
        var result = ""
        for line in try text().split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("# ") { result += line + "\n" }
            guard line.hasPrefix("$ ") else { continue }
            let output = try Shell.run(prelude + "{ " + line.dropFirst(2) + "\n} 2>&1 </dev/null")
            result += line + "\n" + output.text.replacing("INC-\(year)-", with: "INC-2026-")
            if !output.text.isEmpty, !output.text.hasSuffix("\n") { result += "\n" }
            if output.status != 0 { result += "? \(output.status)\n" }
        }
        return result
    }
}

/// Runs `sh` commands.
enum Shell {
    static func run(_ command: String) throws -> (text: String, status: Int32) {
        let pipe = try #require(popen(command, "r"))
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&buffer, 1, buffer.count, pipe)
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        let status = pclose(pipe)
        return (String(decoding: bytes, as: UTF8.self), status >> 8 & 0xFF)
    }
}
