internal import LogModel
internal import LogParsing
internal import LogStore

/// Finds the generation that a file has the content of, or adds one for new content.
struct Recogniser {
    let writer: StoreWriter
    let options: SourceOptions

    /// The generation of a file of which `start` was read; nil where it is a new one.
    ///
    /// One of `except` must agree in more than chance could bring about.
    func known(
        _ source: ByteSource, _ start: FileStart, except: Set<Int64> = []
    ) throws(IngestError) -> Generation? {
        guard source.path != ByteSource.standardInput else { return nil }
        return try GenerationFinder(writer).generation(
            of: source, head: start.head, host: options.host, except: except)
    }

    /// Notes what the start of a file tells of its generation beyond what is known: a longer head, and
    /// the format if it is seen only now. To be called for the file that will be read.
    func learned(
        of known: Generation, _ path: String, _ start: FileStart
    ) throws(StoreError) -> Generation {
        let isUndecided = known.format.isEmpty || known.openOffset <= start.hole
        let judged = isUndecided ? rejudged(known, path, by: start.text) : nil
        var learned = judged ?? known
        let isLonger = known.head.count < start.head.count
        if isLonger { learned.head = start.head }
        if isLonger || judged != nil { try writer.update(learned) }
        return learned
    }

    /// Looks for the format again where none has been found yet, and where all that was read is the
    /// open event, which is read again: the half of a line can look like one of another format.
    ///
    /// Nil where it is the same.
    func rejudged(_ known: Generation, _ path: String, by text: [UInt8]) -> Generation? {
        guard let found = options.format ?? detect(path, text), found.name != known.format else {
            return nil
        }
        var judged = known
        judged.format = found.name
        let guessed = [
            FileName.stem(known.path), options.formats.format(named: known.format)?.service,
        ]
        if guessed.contains(known.service), let service = found.service { judged.service = service }
        return judged
    }

    /// Adds a generation for the content of a file of which `start` was read.
    func add(_ source: ByteSource, _ start: FileStart) throws(StoreError) -> Generation {
        let definition = options.format ?? detect(source.path, start.text)
        let modified =
            source.modificationTime > 0
            ? source.modificationTime.multipliedReportingOverflow(by: 1_000_000_000) : (0, true)
        // Standard input is a new source each time: nothing tells whether it was read before.
        let salt =
            source.path == ByteSource.standardInput ? Array(String(options.now).utf8) : []
        return try writer.add(
            Generation(
                name: GenerationFinder.name(host: options.host, head: start.head + salt),
                head: start.head, host: options.host,
                service: options.service ?? definition?.service ?? FileName.stem(source.path),
                environment: options.environment, path: source.path,
                format: definition?.name ?? "", zone: options.zone.name,
                fallbackTime: modified.1 ? options.now : min(modified.0, options.now),
                observed: options.now))
    }

    private func detect(_ path: String, _ text: [UInt8]) -> FormatDefinition? {
        text.drop { $0 == 0 }.prefix(1 << 16).withUnsafeBufferPointer {
            options.formats.detect(head: $0, fileName: FileName.base(path)).format
        }
    }
}
