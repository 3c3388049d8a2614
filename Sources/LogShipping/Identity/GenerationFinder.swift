internal import LogStore

/// Recognises files: which generation a file's content belongs to, and how much of it is read.
///
/// A generation is known by its first bytes, up to 1024, decompressed; a file that begins the same is
/// the same only if a hash of the bytes before the known position agrees too, and where the file
/// ends before that, if its bytes are those that the store has. Names and inodes decide only between
/// short files that begin alike (`isTwin`): rotation changes them.
struct GenerationFinder {
    static let headLength = 1024
    static let guardLength = 256

    private let store: any KnownGenerations

    init(_ store: any KnownGenerations) { self.store = store }

    /// The known generation that the file continues or repeats, if any.
    ///
    /// One of `except` must agree in more than chance could bring about. Costs one read of up to 256 bytes for a plain file, decompression up to the known position
    /// for a gzip file.
    func generation(
        of source: ByteSource, head: [UInt8], host: String, except: Set<Int64> = []
    ) throws(IngestError) -> Generation? {
        for known in try candidates(head: head, host: host) {
            let isUnlikely = except.contains(known.id)
            if try judge(known, as: source, head: head, isUnlikely: isUnlikely).isSame {
                return known
            }
        }
        return nil
    }

    /// The generations that begin like the file, those of which most is read first.
    func candidates(head: [UInt8], host: String) throws(IngestError) -> [Generation] {
        do throws(StoreError) {
            var found: [Generation] = []
            for candidate in try store.candidates(head: head, host: host) {
                found.append(try settled(candidate))
            }
            return found.sorted { $0.position > $1.position }
        } catch {
            throw .store(error)
        }
    }

    /// Whether the file has the content of a generation that begins like it, and how that shows.
    ///
    /// With `isUnlikely` the beginning of what is known is not enough, nor a short one.
    func judge(
        _ candidate: Generation, as source: ByteSource, head: [UInt8], isUnlikely: Bool = false
    ) throws(IngestError) -> Judgement {
        if isTwin(source, head: head, of: candidate) { return .twin(of: candidate.path) }
        do {
            return try compare(candidate, with: source, isUnlikely)
        } catch let error as StoreError {
            throw .store(error)
        } catch let error as ReadError {
            throw .read(error)
        } catch {
            throw .read(ReadError(path: source.path, reason: "\(error)"))
        }
    }

    /// Whether two short files that begin alike are two all the same: both are there at once, under
    /// names that no rotation gives.
    ///
    /// A kilobyte of time stamps is never alike by chance; the first line of two quiet logs is.
    private func isTwin(
        _ source: ByteSource, head: [UInt8], of generation: Generation
    ) -> Bool {
        let path = source.path
        guard head.count < Self.headLength || generation.head.count < Self.headLength,
            path != generation.path, !path.hasSuffix(".gz"),
            FileName.family(path) != FileName.family(generation.path)
        else { return false }
        // A pipe under that name would hold us up.
        guard FileStatus(generation.path)?.kind == .file,
            let other = try? ByteSource(generation.path), !other.isCompressed,
            source.status()?.identity != other.status()?.identity
        else { return false }
        var bytes: [UInt8] = []
        while bytes.count < generation.head.count, let more = try? other.next(), !more.isEmpty {
            bytes += more
        }
        return bytes.starts(with: generation.head)
    }

    /// A position counts as far as a checkpoint vouches for it: a record that is ahead of its
    /// checkpoints is wrong, and the days drop what they have when it is read again.
    private func settled(_ generation: Generation) throws(StoreError) -> Generation {
        var settled = generation
        let last = try store.checkpoint(of: generation, upTo: generation.position)
        let reached = last?.position ?? 0
        guard reached < generation.position else { return settled }
        settled.position = reached
        settled.openOffset = min(generation.openOffset, reached)
        if generation.openOffset >= reached { (settled.openDay, settled.openRemoved) = (nil, nil) }
        return settled
    }

    private func compare(
        _ generation: Generation, with source: ByteSource, _ isUnlikely: Bool
    ) throws -> Judgement {
        if isUnlikely, generation.position < Self.headLength { return .unlikely }
        guard let last = try store.checkpoint(of: generation, upTo: generation.position) else {
            return try isUnstoredOrSame(generation, as: source) ? .unread : .otherThanStored
        }
        var tail = TailReader(source)
        let reached = try tail.advance(to: last.position)
        if reached == last.position {
            return Self.hash(tail.bytes) == last.guardHash
                ? .guarded(last.position) : .changed(before: last.position)
        }
        if isUnlikely { return .unlikely }
        return try isPrefix(source, ofLength: reached, generation)
            ? .beginning(reached) : .otherBeginning(reached)
    }

    /// After a crash of its first run a generation has no position, but the partitions may have
    /// some of it: the file must agree with that.
    private func isUnstoredOrSame(_ generation: Generation, as file: ByteSource) throws -> Bool {
        let length = 1 << 20
        let stored = try store.storedBytes(of: generation.name, in: 0..<Int64(length))
        if stored.isEmpty { return true }
        let source = try file.reopened()
        var start: [UInt8] = []
        while start.count < length, case let more = try source.next(), !more.isEmpty {
            start += more
        }
        return stored.allSatisfy { piece in
            start.dropFirst(Int(piece.offset)).starts(
                with: piece.bytes.prefix(max(0, start.count - Int(piece.offset))))
        }
    }

    /// Whether a file that ends before the known position has the bytes that were read there.
    private func isPrefix(
        _ source: ByteSource, ofLength length: Int64, _ generation: Generation
    ) throws -> Bool {
        let earlier = try store.checkpoint(of: generation, upTo: length)
        let start = earlier?.position ?? 0
        var tail = TailReader(source)
        guard try tail.advance(to: start) == start else { return false }
        if let earlier, Self.hash(tail.bytes) != earlier.guardHash { return false }
        let rest = try tail.rest()
        let stored = try store.storedBytes(
            of: generation.name, in: start..<start + Int64(rest.count))
        return stored.allSatisfy { piece in
            let from = Int(piece.offset - start)
            return piece.bytes.enumerated().allSatisfy { index, byte in
                let position = from + index
                return position < 0 || position >= rest.count || rest[position] == byte
            }
        }
    }

    static func hash(_ tail: [UInt8]) -> [UInt8] {
        Array(Digest.sha256(tail.suffix(guardLength)).prefix(16))
    }

    /// The name of a new generation: 16 hex digits of the hash of its host and first bytes.
    static func name(host: String, head: [UInt8]) -> String {
        Digest.hex(Digest.sha256(Array(host.utf8) + [0] + head).prefix(8))
    }
}

/// Reads forward in a file's decompressed bytes and remembers the last 256.
struct TailReader {
    private let file: ByteSource
    private var source: ByteSource?
    private var position: Int64 = 0
    private var surplus: [UInt8] = []
    private(set) var bytes: [UInt8] = []

    /// Of the file that is open, whatever its name is by now; where it is read to stays as it is.
    init(_ file: ByteSource) { self.file = file }

    /// Goes to `target`, or to the end if that comes first; returns where it is.
    mutating func advance(to target: Int64) throws(ReadError) -> Int64 {
        let source = try file.reopened()
        self.source = source
        if !source.isCompressed, source.fileSize >= target {
            bytes = source.bytes(before: target, count: GenerationFinder.guardLength)
            position = target
            surplus = []
            if try source.seek(to: target) { return target }
        }
        while position < target {
            let piece = try source.next()
            if piece.isEmpty { return position }
            let taken = Int(min(Int64(piece.count), target - position))
            bytes = Array((bytes + piece[..<taken]).suffix(GenerationFinder.guardLength))
            position += Int64(taken)
            surplus = Array(piece[taken...])
        }
        return position
    }

    /// All that follows; for files that end soon after the place reached.
    mutating func rest() throws(ReadError) -> [UInt8] {
        var rest = surplus
        while let piece = try source?.next(), !piece.isEmpty { rest += piece }
        return rest
    }
}
