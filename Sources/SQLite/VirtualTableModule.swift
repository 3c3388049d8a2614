internal import CSQLite

/// The functions that SQLite calls for virtual tables, and the memory that it hands to them.
///
/// SQLite's tables and cursors are C structures that begin with its own part. Ours have one pointer
/// more behind it: to the table's box, which the registration keeps alive for as long as the
/// module, and to the cursor's box, which is retained from open to close.
enum VirtualTableModule {
    final class Box {
        let table: any VirtualTable
        init(_ table: any VirtualTable) { self.table = table }
    }

    private final class CursorBox {
        let cursor: any VirtualTableCursor
        init(_ cursor: any VirtualTableCursor) { self.cursor = cursor }
    }

    // Written once before anything reads it, and never freed: SQLite keeps the address.
    nonisolated(unsafe) static let pointer: UnsafePointer<sqlite3_module> = {
        var module = sqlite3_module()
        module.iVersion = 1
        // No xCreate: the table is there without being made, and cannot be made.
        module.xConnect = connect
        module.xBestIndex = bestIndex
        module.xDisconnect = { table in
            sqlite3_free(table)
            return SQLITE_OK
        }
        module.xOpen = open
        module.xClose = close
        module.xFilter = filter
        module.xNext = { cursor in attempt(cursor) { try $0.advance() } }
        module.xEof = { cursor in box(cursor)?.cursor.isAtEnd ?? true ? 1 : 0 }
        module.xColumn = { cursor, context, column in
            guard let context else { return SQLITE_MISUSE }
            return attempt(cursor) {
                try $0.column(Int(column), SQLResult(context: context))
            }
        }
        module.xRowid = { cursor, number in
            attempt(cursor) { number?.pointee = try $0.rowNumber() }
        }
        let pointer = UnsafeMutablePointer<sqlite3_module>.allocate(capacity: 1)
        pointer.initialize(to: module)
        return UnsafePointer(pointer)
    }()

    // MARK: Memory

    private static let tableSize = MemoryLayout<sqlite3_vtab>.stride
    private static let cursorSize = MemoryLayout<sqlite3_vtab_cursor>.stride

    /// Memory of SQLite's for `size` zeroed bytes and a pointer behind them; nil when out of memory.
    private static func allocate(
        _ size: Int, _ pointer: UnsafeMutableRawPointer
    ) -> UnsafeMutableRawPointer? {
        let whole = size + MemoryLayout<UnsafeMutableRawPointer>.size
        guard let memory = sqlite3_malloc64(UInt64(whole)) else { return nil }
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
        memory.storeBytes(of: pointer, toByteOffset: size, as: UnsafeMutableRawPointer.self)
        return memory
    }

    /// The box of a table that `connect` made, so with the pointer where `allocate` puts it.
    private static func box(_ table: UnsafeMutablePointer<sqlite3_vtab>) -> Box {
        let pointer = UnsafeRawPointer(table).load(
            fromByteOffset: tableSize, as: UnsafeRawPointer.self)
        return Unmanaged<Box>.fromOpaque(pointer).takeUnretainedValue()
    }

    /// The box of a cursor that `open` made; SQLite gives no other.
    private static func box(_ cursor: UnsafeMutablePointer<sqlite3_vtab_cursor>?) -> CursorBox? {
        guard let cursor else { return nil }
        let pointer = UnsafeRawPointer(cursor).load(
            fromByteOffset: cursorSize, as: UnsafeRawPointer.self)
        return Unmanaged<CursorBox>.fromOpaque(pointer).takeUnretainedValue()
    }

    /// A copy of `text` in SQLite's memory, which SQLite frees.
    private static func message(_ text: String) -> UnsafeMutablePointer<CChar>? {
        let bytes = Array(text.utf8CString)
        guard let memory = sqlite3_malloc64(UInt64(bytes.count)) else { return nil }
        memory.initializeMemory(as: CChar.self, from: bytes, count: bytes.count)
        return memory.assumingMemoryBound(to: CChar.self)
    }

    /// Runs a step of a cursor; an error's description becomes SQLite's message.
    private static func attempt(
        _ cursor: UnsafeMutablePointer<sqlite3_vtab_cursor>?,
        _ body: (any VirtualTableCursor) throws -> Void
    ) -> Int32 {
        guard let box = box(cursor) else { return SQLITE_MISUSE }
        do {
            try body(box.cursor)
            return SQLITE_OK
        } catch {
            guard let table = cursor?.pointee.pVtab else { return SQLITE_ERROR }
            sqlite3_free(table.pointee.zErrMsg)
            table.pointee.zErrMsg = message("\(error)")
            return SQLITE_ERROR
        }
    }

    // MARK: Functions

    private static let connect:
        @convention(c) (
            OpaquePointer?, UnsafeMutableRawPointer?, Int32, UnsafePointer<UnsafePointer<CChar>?>?,
            UnsafeMutablePointer<UnsafeMutablePointer<sqlite3_vtab>?>?,
            UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        ) -> Int32 = { database, context, _, _, result, error in
            guard let context else { return SQLITE_MISUSE }
            let box = Unmanaged<Box>.fromOpaque(context).takeUnretainedValue()
            let code = sqlite3_declare_vtab(database, box.table.declaration)
            guard code == SQLITE_OK else {
                error?.pointee = message(String(cString: sqlite3_errmsg(database)))
                return code
            }
            guard let memory = allocate(tableSize, context) else { return SQLITE_NOMEM }
            result?.pointee = memory.assumingMemoryBound(to: sqlite3_vtab.self)
            return SQLITE_OK
        }

    private static let open:
        @convention(c) (
            UnsafeMutablePointer<sqlite3_vtab>?,
            UnsafeMutablePointer<UnsafeMutablePointer<sqlite3_vtab_cursor>?>?
        ) -> Int32 = { table, result in
            guard let table else { return SQLITE_MISUSE }
            let cursor = Unmanaged.passRetained(CursorBox(box(table).table.makeCursor()))
            guard let memory = allocate(cursorSize, cursor.toOpaque()) else {
                cursor.release()
                return SQLITE_NOMEM
            }
            result?.pointee = memory.assumingMemoryBound(to: sqlite3_vtab_cursor.self)
            return SQLITE_OK
        }

    private static let close: @convention(c) (UnsafeMutablePointer<sqlite3_vtab_cursor>?) -> Int32 =
        { cursor in
            if let box = box(cursor) { Unmanaged.passUnretained(box).release() }
            sqlite3_free(cursor)
            return SQLITE_OK
        }

    private static let filter:
        @convention(c) (
            UnsafeMutablePointer<sqlite3_vtab_cursor>?, Int32, UnsafePointer<CChar>?, Int32,
            UnsafeMutablePointer<OpaquePointer?>?
        ) -> Int32 = { cursor, number, _, count, values in
            let arguments = UnsafeMutableBufferPointer(start: values, count: Int(count))
            return attempt(cursor) { try $0.begin(plan: number, arguments.map { inValues($0) }) }
        }

    /// The values of an argument: several for an `IN` that was taken as a whole.
    private static func inValues(_ argument: OpaquePointer?) -> [SQLValue] {
        var value: OpaquePointer?
        guard sqlite3_vtab_in_first(argument, &value) == SQLITE_OK else {
            return [SQLValue(argument)]
        }
        var values: [SQLValue] = []
        while let present = value {
            values.append(SQLValue(present))
            guard sqlite3_vtab_in_next(argument, &value) == SQLITE_OK else { break }
        }
        return values
    }

    private static let bestIndex:
        @convention(c) (
            UnsafeMutablePointer<sqlite3_vtab>?, UnsafeMutablePointer<sqlite3_index_info>?
        ) -> Int32 = { table, information in
            guard let table, let information else { return SQLITE_MISUSE }
            var plan = QueryPlan(information)
            box(table).table.plan(&plan)
            if plan.isImpossible { return SQLITE_CONSTRAINT }
            plan.write(to: information)
            return SQLITE_OK
        }
}

extension QueryPlan {
    fileprivate init(_ information: UnsafeMutablePointer<sqlite3_index_info>) {
        let given = information.pointee
        let constraints = UnsafeBufferPointer(
            start: given.aConstraint, count: Int(given.nConstraint))
        let order = UnsafeBufferPointer(start: given.aOrderBy, count: Int(given.nOrderBy))
        self.init(
            constraints: constraints.enumerated().map { index, constraint in
                Constraint(
                    column: Int(constraint.iColumn), operation: Operation(constraint.op),
                    isUsable: constraint.usable != 0,
                    collation: sqlite3_vtab_collation(information, Int32(index)).map {
                        String(cString: $0)
                    } ?? "")
            },
            order: order.map { (Int($0.iColumn), $0.desc != 0) }, columns: given.colUsed)
    }

    fileprivate func write(to information: UnsafeMutablePointer<sqlite3_index_info>) {
        for (index, constraint) in constraints.enumerated() where constraint.argument > 0 {
            information.pointee.aConstraintUsage[index].argvIndex = constraint.argument
            information.pointee.aConstraintUsage[index].omit = constraint.isChecked ? 1 : 0
            if constraint.takesList { sqlite3_vtab_in(information, Int32(index), 1) }
        }
        information.pointee.idxNum = number
        information.pointee.estimatedCost = cost
        information.pointee.estimatedRows = rows
        information.pointee.orderByConsumed = isOrdered ? 1 : 0
    }
}

extension QueryPlan.Operation {
    fileprivate init(_ code: UInt8) {
        switch Int32(code) {
        case SQLITE_INDEX_CONSTRAINT_EQ: self = .equal
        case SQLITE_INDEX_CONSTRAINT_GT: self = .greater
        case SQLITE_INDEX_CONSTRAINT_GE: self = .greaterOrEqual
        case SQLITE_INDEX_CONSTRAINT_LT: self = .less
        case SQLITE_INDEX_CONSTRAINT_LE: self = .lessOrEqual
        case SQLITE_INDEX_CONSTRAINT_LIKE: self = .like
        case SQLITE_INDEX_CONSTRAINT_REGEXP: self = .regexp
        case SQLITE_INDEX_CONSTRAINT_ISNOTNULL: self = .isNotNull
        case SQLITE_INDEX_CONSTRAINT_LIMIT: self = .limit
        default: self = .other
        }
    }
}
