internal import LogModel
package import LogParsing
package import LogStore

/// What a file is taken for, and why: what it begins with, and how each generation that begins alike
/// fares with it.
package struct FileExplanation {
    /// A generation that begins like the file.
    package struct Candidate {
        package let generation: Generation
        /// Whether the file has its content.
        package let isSame: Bool
        package let reason: String
    }

    package let path: String
    /// Bytes on disk.
    package let size: Int64
    package let isCompressed: Bool
    /// The decompressed bytes that it is recognised by: the first, up to 1024.
    package let head: [UInt8]
    /// What it is, in words, if it is no log.
    package let kind: String?
    package let candidates: [Candidate]
    /// The generation that it is taken for.
    package let generation: Generation?
    /// What follows the NULs that it may begin with, for finding out its format.
    private let text: [UInt8]

    /// Looks at a file beside whoever writes the store. Of several generations whose content it has,
    /// the one with the number `preferred` is chosen, else the one of which most is read.
    package init(
        _ path: String, in store: Store, preferring preferred: Int64? = nil
    ) throws(IngestError) {
        let source = try IngestError.reading { () throws(ReadError) in try ByteSource(path) }
        let start = try IngestError.reading { () throws(ReadError) in try FileStart(of: source) }
        self.path = path
        size = source.fileSize
        isCompressed = source.isCompressed
        head = start.head
        kind = FileKind.recognise(start.head)
        text = start.text
        candidates = try Self.candidates(source, start.head, store)
        let same = candidates.filter(\.isSame).map(\.generation)
        generation = same.first { $0.id == preferred } ?? same.first
    }

    private static func candidates(
        _ source: ByteSource, _ head: [UInt8], _ store: Store
    ) throws(IngestError) -> [Candidate] {
        let finder = GenerationFinder(store)
        var found: [Candidate] = []
        for host in try hosts(of: store) {
            for candidate in try finder.candidates(head: head, host: host) {
                let judgement = try finder.judge(candidate, as: source, head: head)
                found.append(
                    Candidate(
                        generation: candidate, isSame: judgement.isSame,
                        reason: judgement.description))
            }
        }
        return found
    }

    private static func hosts(of store: Store) throws(IngestError) -> [String] {
        try IngestError.storing { () throws(StoreError) in
            Set(try store.sources().map(\.host)).sorted()
        }
    }

    /// The name that a new generation with this content would have on `host`.
    package func newName(host: String) -> String {
        GenerationFinder.name(host: host, head: head)
    }

    /// What its content looks like, and the service that it is taken for.
    package func detect(_ formats: FormatLibrary) -> (detection: Detection, service: String) {
        let detection = text.drop { $0 == 0 }.prefix(1 << 16).withUnsafeBufferPointer {
            formats.detect(head: $0, fileName: FileName.base(path))
        }
        return (detection, detection.format?.service ?? FileName.stem(path))
    }
}
