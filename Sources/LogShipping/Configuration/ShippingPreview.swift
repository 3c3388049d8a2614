internal import Glibc
internal import LogModel
package import LogParsing
package import LogStore

/// What a shipper with a configuration would read now, found out without writing anything.
package struct ShippingPreview: Sendable {
    /// A file that a source names.
    package struct File: Sendable, Equatable {
        package let path: String
        /// Bytes on disk.
        package let size: Int64
        /// The index of the source that gets it, and of those that name it too.
        package let source: Int
        package let otherSources: [Int]
        package let content: Content
    }

    /// What is in a file.
    package enum Content: Sendable, Equatable {
        /// Text: the format's name, empty for none; the encoding's; and where reading begins.
        case text(format: String, encoding: String, Beginning)
        case empty
        /// What it is instead of a log, in words.
        case other(String)
        case unreadable(String)
    }

    /// Where reading of a file begins.
    package enum Beginning: Sendable, Equatable {
        /// The store has nothing of its content: where the source says.
        case new(Start)
        /// The store has that many bytes of its content, decompressed.
        case known(Int64)
        /// The store has all of it.
        case whole
    }

    /// A glob of a source that no file matches now, and what there is instead.
    package struct Unmatched: Sendable, Equatable {
        package let source: Int
        package let glob: String
        package let reason: String
    }

    /// Plain files before those of gzip, of each kind the oldest first.
    package private(set) var files: [File] = []
    package private(set) var unmatched: [Unmatched] = []
    /// What could not be looked at.
    package private(set) var problems: [ReadError] = []

    /// Looks at all files, and into each for as far as its format shows, about 64 KiB, and as
    /// recognising it takes (`GenerationFinder`).
    ///
    /// `store` is nil where there is none yet. `excluding` is left out whatever the globs say.
    package init(
        of configuration: ShipperConfiguration, formats: FormatLibrary, store: Store?,
        excluding: [String]
    ) throws(StoreError) {
        let watcher = FileWatcher(
            sources: configuration.sources.map { ($0.files, $0.exceptFiles) },
            excluding: excluding)
        let (found, problems) = watcher.scan()
        self.problems = problems
        let globs = configuration.sources.map(SourceGlobs.init)
        let reader = try PreviewReader(formats: formats, store: store)
        for file in found {
            let naming = globs.indices.filter { globs[$0].name(file.path) }
            files.append(
                File(
                    path: file.path, size: file.size, source: file.source,
                    otherSources: naming.filter { $0 != file.source },
                    content: reader.content(
                        of: file.path, in: configuration.sources[file.source])))
        }
        for (index, source) in globs.enumerated() {
            for glob in source.files where !found.contains(where: { glob.names($0.path) }) {
                unmatched.append(
                    Unmatched(
                        source: index, glob: glob.text,
                        reason: glob.reasonForNothing(hasExceptions: !source.except.isEmpty)))
            }
        }
    }
}

/// The globs of one source.
private struct SourceGlobs {
    let files: [FileGlob]
    let except: [Glob]

    init(_ source: SourceConfiguration) {
        files = source.files.map(FileGlob.init)
        except = source.exceptFiles.map(Glob.init)
    }

    func name(_ path: String) -> Bool {
        files.contains { $0.names(path) } && !except.contains { $0.covers(path) }
    }
}

/// A glob of files as it was written.
private struct FileGlob {
    let text: String
    private let glob: Glob

    init(_ text: String) {
        self.text = text
        glob = Glob(text)
    }

    func names(_ path: String) -> Bool {
        path.split(separator: "/").count == glob.parts.count && glob.covers(path)
    }

    /// What stands in the way, or that nothing has such a name yet.
    func reasonForNothing(hasExceptions: Bool) -> String {
        var directory = ""
        for part in glob.parts.dropLast().prefix(while: \.isLiteral) {
            directory += "/" + part.text
            var status = stat()
            if stat(directory, &status) != 0 {
                return "\(directory): \(String(cString: strerror(errno)))"
            }
            if status.st_mode & S_IFMT != S_IFDIR { return "\(directory) is no directory" }
        }
        var status = stat()
        if glob.parts.allSatisfy(\.isLiteral), stat(text, &status) == 0 {
            if status.st_mode & S_IFMT == S_IFDIR {
                return "it is a directory; name the files in it, such as \(text)/*.log"
            }
            return hasExceptions ? "it is left out" : "it is no file that can be followed"
        }
        return hasExceptions
            ? "no file has such a name, or all are left out by 'except'"
            : "no file has such a name yet"
    }
}

/// Looks into files.
private struct PreviewReader {
    let formats: FormatLibrary
    private let finder: GenerationFinder?
    /// The names of the sources that a shipper has followed.
    private let followed: Set<String>

    init(formats: FormatLibrary, store: Store?) throws(StoreError) {
        self.formats = formats
        finder = store.map { GenerationFinder($0) }
        followed = Set(try store?.followedFiles().map(\.source) ?? [])
    }

    func content(
        of path: String, in source: SourceConfiguration
    ) -> ShippingPreview.Content {
        do throws(ReadError) {
            return try look(into: path, source)
        } catch {
            return .unreadable(error.reason)
        }
    }

    private func look(
        into path: String, _ source: SourceConfiguration
    ) throws(ReadError) -> ShippingPreview.Content {
        let file = try ByteSource(path)
        let start = try FileStart(of: file)
        if let kind = FileKind.recognise(start.head) { return .other(kind) }
        if start.head.isEmpty { return .empty }
        let known = try generation(of: file, start.head, host: source.host)
        let text = Array(start.text.drop { $0 == 0 }.prefix(1 << 16))
        let detected = text.withUnsafeBufferPointer {
            formats.detect(head: $0, fileName: FileName.base(path)).format?.name
        }
        let format = source.format?.name ?? detected ?? ""
        return .text(
            format: format, encoding: encoding(of: text, source.encoding),
            beginning(file, known, source))
    }

    private func generation(
        of file: ByteSource, _ head: [UInt8], host: String
    ) throws(ReadError) -> Generation? {
        do throws(IngestError) {
            return try finder?.generation(of: file, head: head, host: host)
        } catch {
            switch error {
            case .read(let error): throw error
            case .store(let error): throw ReadError(path: file.path, reason: "\(error)")
            }
        }
    }

    private func beginning(
        _ file: ByteSource, _ known: Generation?, _ source: SourceConfiguration
    ) -> ShippingPreview.Beginning {
        if let known {
            let isWhole = !file.isCompressed && file.fileSize <= known.position
            return isWhole ? .whole : .known(known.position)
        }
        // What comes up later in a source that starts at its end is new, and read whole.
        let isFollowed = source.start == .end && followed.contains(source.name)
        return .new(isFollowed ? .beginning : source.start)
    }

    /// What whole lines at the start of a text are written in.
    private func encoding(of text: [UInt8], _ declared: Encoding) -> String {
        if declared == .gb18030 { return declared.rawValue }
        let end = text.lastIndex(of: 0x0A).map { $0 + 1 } ?? text.count
        return text[..<end].withUnsafeBufferPointer { lines in
            if UTF8Bytes.isValid(lines) { return Encoding.utf8.rawValue }
            return GB18030.decode(lines) == nil
                ? "neither utf-8 nor gb18030" : Encoding.gb18030.rawValue
        }
    }
}
