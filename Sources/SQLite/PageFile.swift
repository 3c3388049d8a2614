internal import CSQLite

/// The part of an open database file that is ours: how its pages are read and written.
///
/// It lies behind the system's part in the memory that SQLite gives the file, and begins with the
/// table of the file's methods, a copy of the system's with these few replaced. So from a file the
/// way leads to its `PageFile` without a search or a lock, and all other methods are called directly.
/// Write-ahead logs, which have sums of their own, and journals are not touched.
struct PageFile {
    /// First, since SQLite's pointer to it is the pointer to the whole.
    private var methods: sqlite3_io_methods
    private let system: UnsafePointer<sqlite3_io_methods>
    private var pages = Pages.plain
    /// Where the page begins that was read last and did not match its checksum.
    private(set) var damage: Int64?

    private enum Pages {
        /// Without checksums, or nothing is known of them yet.
        case plain
        /// To be written, with checksums.
        case new
        /// 0 bytes: the header tells no possible size.
        case checked(bytes: Int)
    }

    typealias File = UnsafeMutablePointer<sqlite3_file>

    private static let headerBytes = 100
    private static let smallestPage = 512
    private static let largestPage = 65536
    /// `SQLITE_IOCAP_SUBPAGE_READ`, newer than the oldest header that this builds with.
    private static let readsPartsOfPages: Int32 = 0x8000
    /// Asks a file for its `PageFile`: a file control of our own, above SQLite's.
    private static let ownControl: Int32 = 0x6C67_7170

    /// Takes over the file that the system has opened.
    init(over system: UnsafePointer<sqlite3_io_methods>) {
        self.system = system
        methods = system.pointee
        // Version 3 adds files in memory, which would be read without a call.
        methods.iVersion = min(methods.iVersion, 2)
        methods.xRead = { file, buffer, count, offset in
            guard let file, let buffer else { return SQLITE_MISUSE }
            let bytes = UnsafeMutableRawBufferPointer(start: buffer, count: Int(count))
            return PageFile.of(file).pointee.read(file, into: bytes, from: offset)
        }
        methods.xWrite = { file, buffer, count, offset in
            guard let file, let buffer else { return SQLITE_MISUSE }
            let bytes = UnsafeRawBufferPointer(start: buffer, count: Int(count))
            return PageFile.of(file).pointee.write(file, bytes, to: offset)
        }
        methods.xFileControl = { file, operation, argument in
            guard let file else { return SQLITE_MISUSE }
            return PageFile.control(file, operation, argument)
        }
        methods.xDeviceCharacteristics = { file in
            guard let file else { return 0 }
            let system = PageFile.of(file).pointee.system
            return system.pointee.xDeviceCharacteristics(file) & ~PageFile.readsPartsOfPages
        }
    }

    private static func of(_ file: File) -> UnsafeMutablePointer<PageFile> {
        // `PageVFS` has put this address there.
        UnsafeMutableRawPointer(mutating: file.pointee.pMethods)
            .assumingMemoryBound(to: PageFile.self)
    }

    /// The file of a database of a connection; nil if there is none, as in memory.
    static func of(
        _ connection: OpaquePointer, _ schema: String
    ) -> UnsafeMutablePointer<PageFile>? {
        var found: UnsafeMutablePointer<PageFile>?
        let code = sqlite3_file_control(connection, schema, ownControl, &found)
        return code == SQLITE_OK ? found : nil
    }

    private static func control(
        _ file: File, _ operation: Int32, _ argument: UnsafeMutableRawPointer?
    ) -> Int32 {
        let own = of(file)
        switch operation {
        case ownControl:
            argument?.storeBytes(of: own, as: UnsafeMutablePointer<PageFile>?.self)
            return SQLITE_OK
        // VACUUM would write pages of the new size in pieces of the old one.
        case SQLITE_FCNTL_PRAGMA where own.pointee.isChecked && setsPageSize(argument):
            return SQLITE_OK
        default:
            return own.pointee.system.pointee.xFileControl(file, operation, argument)
        }
    }

    /// Whether a pragma sets the size of pages; SQLite asks the file with an answer, a name and a value.
    private static func setsPageSize(_ pragma: UnsafeMutableRawPointer?) -> Bool {
        guard let words = pragma?.assumingMemoryBound(to: UnsafePointer<CChar>?.self),
            let name = words[1], words[2] != nil
        else { return false }
        return sqlite3_stricmp(name, "page_size") == 0
    }

    var isChecked: Bool { if case .checked = pages { true } else { false } }

    /// All pages get checksums if nothing is in the file yet; SQLite must have been told to reserve the bytes.
    mutating func beginChecking(_ file: File) {
        var size: sqlite3_int64 = 0
        if system.pointee.xFileSize(file, &size) == SQLITE_OK, size == 0 { pages = .new }
    }

    // MARK: Reading

    private mutating func read(
        _ file: File, into buffer: UnsafeMutableRawBufferPointer, from offset: Int64
    ) -> Int32 {
        let code = fill(buffer, of: file, from: offset)
        if code == SQLITE_OK { learn(UnsafeRawBufferPointer(buffer), at: offset) }
        guard case .checked(let size) = pages,
            offset + Int64(buffer.count) > Self.headerBytes
        else { return code }
        if buffer.count == size, offset % Int64(size) == 0 {
            return checked(UnsafeRawBufferPointer(buffer), at: offset, code)
        }
        return readPart(file, into: buffer, from: offset, pageSize: size)
    }

    /// SQLite 3.45 to 3.47 read the contents of large rows past the page cache, without the ends of pages.
    private mutating func readPart(
        _ file: File, into buffer: UnsafeMutableRawBufferPointer, from offset: Int64, pageSize: Int
    ) -> Int32 {
        let start = pageSize == 0 ? 0 : offset - offset % Int64(pageSize)
        let place = Int(offset - start)
        guard place + buffer.count <= pageSize else { return mismatch(at: start) }
        let page = UnsafeMutableRawBufferPointer.allocate(byteCount: pageSize, alignment: 8)
        defer { page.deallocate() }
        let code = fill(page, of: file, from: start)
        let part = page[place..<place + buffer.count]
        buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: part))
        return checked(UnsafeRawBufferPointer(page), at: start, code)
    }

    private func fill(
        _ buffer: UnsafeMutableRawBufferPointer, of file: File, from offset: Int64
    ) -> Int32 {
        system.pointee.xRead(file, buffer.baseAddress, Int32(clamping: buffer.count), offset)
    }

    /// What reading a page gives; `code` is what reading its bytes gave.
    private mutating func checked(
        _ page: UnsafeRawBufferPointer, at offset: Int64, _ code: Int32
    ) -> Int32 {
        // SQLite would go on with zeros for what is behind the end of a file that was cut.
        if code == SQLiteError.shortRead { return mismatch(at: offset) }
        guard code == SQLITE_OK else { return code }
        return PageChecksum.isValid(page) ? code : mismatch(at: offset)
    }

    private mutating func mismatch(at offset: Int64) -> Int32 {
        damage = offset
        return SQLiteError.pageMismatch
    }

    /// Learns from the header, if this is it, whether pages have checksums. What was so stays so: SQLite never takes
    /// reserved bytes back.
    private mutating func learn(_ bytes: UnsafeRawBufferPointer, at offset: Int64) {
        guard offset == 0, bytes.count >= Self.headerBytes else { return }
        guard bytes[20] == PageChecksum.bytes else {
            if case .new = pages { pages = .plain }
            return
        }
        // 1 stands for 65536.
        let size = Int(bytes[16]) << 8 | Int(bytes[17]) << 16
        let isPossible =
            size >= Self.smallestPage && size <= Self.largestPage && size & (size - 1) == 0
        pages = .checked(bytes: isPossible ? size : 0)
    }

    // MARK: Writing

    private mutating func write(
        _ file: File, _ buffer: UnsafeRawBufferPointer, to offset: Int64
    ) -> Int32 {
        learn(buffer, at: offset)
        if buffer.count >= Self.smallestPage {
            switch pages {
            case .plain: break
            // The reserved bytes of SQLite's page are ours; it neither reads nor compares them.
            case .new, .checked:
                PageChecksum.write(into: UnsafeMutableRawBufferPointer(mutating: buffer))
            }
        }
        return system.pointee.xWrite(
            file, buffer.baseAddress, Int32(clamping: buffer.count), offset)
    }
}
