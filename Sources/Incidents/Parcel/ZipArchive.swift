internal import CMinizip

/// Files packed in a zip archive, by minizip, which comes with zlib.
///
/// Nothing is ever unpacked to a disk: names are only compared, never used as paths.
enum ZipArchive {
    struct File: Equatable {
        let name: String
        let bytes: [UInt8]
    }

    /// What is read of an archive at most; more is refused, and so is writing it.
    struct Limits {
        var files = 100_000
        /// Unpacked, all together.
        var bytes = 256 << 20
        /// The archive itself.
        static let archive = 256 << 20
    }

    /// What is wrong with an archive.
    struct Problem: Error, Equatable {
        let text: String
        init(_ text: String) { self.text = text }
    }

    // MARK: Writing

    /// The archive with these files, in this order; the same bytes for the same files and the same zlib.
    static func pack(_ files: [File]) throws(Problem) -> [UInt8] {
        let limits = Limits()
        guard files.count <= limits.files,
            files.reduce(0, { $0 + $1.bytes.count }) <= limits.bytes
        else { throw Problem("it would be more than an archive can be, \(limits.text)") }
        let memory = ZipMemory()
        var functions = memory.functions()
        guard let archive = zipOpen2_64("", APPEND_STATUS_CREATE, nil, &functions) else {
            throw Problem("not enough memory")
        }
        var isWritten = true
        for file in files where isWritten { isWritten = add(file, to: archive) }
        isWritten = zipClose(archive, nil) == ZIP_OK && isWritten
        guard withExtendedLifetime(memory, { isWritten }) else {
            throw Problem("not enough memory")
        }
        return memory.bytes
    }

    /// 1980-01-01 00:00:00, the earliest that there is: no time of ours changes the bytes.
    private static let date: UInt = 1 << 21 | 1 << 16

    private static func add(_ file: File, to archive: zipFile) -> Bool {
        var information = zip_fileinfo()
        information.dosDate = date
        let code = zipOpenNewFileInZip(
            archive, file.name, &information, nil, 0, nil, 0, nil, Z_DEFLATED,
            Z_DEFAULT_COMPRESSION)
        guard code == ZIP_OK else { return false }
        let isWritten = file.bytes.withUnsafeBytes {
            zipWriteInFileInZip(archive, $0.baseAddress, UInt32($0.count)) == ZIP_OK
        }
        return zipCloseFileInZip(archive) == ZIP_OK && isWritten
    }

    // MARK: Reading

    /// The files of an archive, in its order. Its checksums (CRC-32) and sizes are compared with what is there.
    ///
    /// Memory is bounded by `limits`, whatever the archive says of itself. `accepts` is asked for each name before
    /// anything of the file is unpacked, and says what is wrong with it.
    static func unpack(
        _ bytes: [UInt8], limits: Limits = Limits(), refusing problem: (String) -> String?
    ) throws(Problem) -> [File] {
        let memory = ZipMemory(bytes)
        var functions = memory.functions()
        guard let archive = unzOpen2_64("", &functions) else {
            throw Problem("it is no zip archive, or its end is missing")
        }
        defer { withExtendedLifetime(memory) { _ = unzClose(archive) } }
        var files: [File] = []
        var names: Set<String> = []
        var rest = limits.bytes
        var code = unzGoToFirstFile(archive)
        while code == UNZ_OK {
            guard files.count < limits.files else { throw tooMuch(limits) }
            let (name, size) = try entry(of: archive)
            guard names.insert(name).inserted else { throw Problem("\(name) is in it twice") }
            if let problem = problem(name) { throw Problem("\(name): \(problem)") }
            guard size <= rest else { throw tooMuch(limits) }
            let file = File(name: name, bytes: try content(of: archive, name, size))
            rest -= file.bytes.count
            files.append(file)
            code = unzGoToNextFile(archive)
        }
        guard code == UNZ_END_OF_LIST_OF_FILE else { throw Problem("its directory is damaged") }
        return files
    }

    private static func tooMuch(_ limits: Limits) -> Problem {
        Problem("it is more than an export can be, \(limits.text)")
    }

    private static let longestName = 128

    /// The name and the size of the current file.
    private static func entry(of archive: unzFile) throws(Problem) -> (name: String, size: Int) {
        var information = unz_file_info64()
        var name = [CChar](repeating: 0, count: longestName)
        let code = unzGetCurrentFileInfo64(
            archive, &information, &name, UInt(longestName), nil, 0, nil, 0)
        guard code == UNZ_OK else { throw Problem("its directory is damaged") }
        let length = Int(clamping: information.size_filename)
        let bytes = name.prefix(length).map { UInt8(bitPattern: $0) }
        guard length < longestName, bytes.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw Problem("it has a file whose name no export gives")
        }
        let text = String(decoding: bytes, as: UTF8.self)
        guard information.external_fa >> 28 != 0xA else { throw Problem("\(text) is a link") }
        guard information.flag & 1 == 0 else { throw Problem("\(text) is encrypted") }
        return (text, Int(clamping: information.uncompressed_size))
    }

    /// Unpacks the current file, which must have as many bytes as the directory says.
    private static func content(
        of archive: unzFile, _ name: String, _ size: Int
    ) throws(Problem) -> [UInt8] {
        guard unzOpenCurrentFile(archive) == UNZ_OK else {
            throw Problem("\(name) cannot be unpacked")
        }
        var content: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while content.count <= size {
            let count = unzReadCurrentFile(archive, &piece, UInt32(piece.count))
            guard count >= 0 else {
                unzCloseCurrentFile(archive)
                throw Problem("\(name) cannot be unpacked")
            }
            if count == 0 { break }
            content += piece[..<Int(count)]
        }
        guard unzCloseCurrentFile(archive) == UNZ_OK, content.count == size else {
            throw Problem("\(name) is not as it was packed (CRC-32 or size)")
        }
        return content
    }
}

extension ZipArchive.Limits {
    fileprivate var text: String { "\(files) files and \(bytes >> 20) MiB" }
}
