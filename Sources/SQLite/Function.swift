internal import CSQLite

extension Connection {
    /// Defines a function of SQL that gives the same value for the same arguments.
    ///
    /// What `body` throws becomes the statement's error.
    package func define(
        _ name: String, arguments: Int, _ body: @escaping ([SQLValue]) throws -> SQLValue
    ) throws(SQLiteError) {
        let code = sqlite3_create_function_v2(
            handle, name, Int32(arguments), SQLITE_UTF8 | SQLITE_DETERMINISTIC,
            Unmanaged.passRetained(FunctionBox(body)).toOpaque(),
            { context, count, values in
                guard let context else { return }
                let arguments = UnsafeMutableBufferPointer(start: values, count: Int(count))
                let result = SQLResult(context: context)
                guard let function = FunctionBox.of(context) else { return }
                do {
                    result.set(try function.body(arguments.map { SQLValue($0) }))
                } catch {
                    result.fail("\(error)")
                }
            },
            nil, nil, { FunctionBox.release($0) })
        guard code == SQLITE_OK else { throw error(for: "function " + name) }
    }

    /// Defines how texts of a collation compare: below zero, zero or above, a total order.
    package func defineCollation(
        _ name: String,
        _ compare: @escaping (UnsafeRawBufferPointer, UnsafeRawBufferPointer) -> Int32
    ) throws(SQLiteError) {
        let code = sqlite3_create_collation_v2(
            handle, name, SQLITE_UTF8, Unmanaged.passRetained(CollationBox(compare)).toOpaque(),
            { context, firstCount, first, secondCount, second in
                guard let context else { return 0 }
                // SQLite lends both texts, of these lengths, for this call.
                return Unmanaged<CollationBox>.fromOpaque(context).takeUnretainedValue().compare(
                    UnsafeRawBufferPointer(start: first, count: Int(firstCount)),
                    UnsafeRawBufferPointer(start: second, count: Int(secondCount)))
            }, { CollationBox.release($0) })
        guard code == SQLITE_OK else { throw error(for: "collation " + name) }
    }

    /// Lets statements compiled from now on do nothing but read: no writes, no other files, no
    /// pragmas, no transactions, no extensions. An unknown name in double quotes is then an error.
    package func allowReadingOnly() {
        logq_sqlite3_refuse_quoted_texts(handle)
        sqlite3_set_authorizer(
            handle,
            { _, action, _, second, _, _ in
                switch action {
                case SQLITE_SELECT, SQLITE_READ, SQLITE_RECURSIVE: return SQLITE_OK
                case SQLITE_FUNCTION:
                    let name = second.map { String(cString: $0) } ?? ""
                    return name == "load_extension" ? SQLITE_DENY : SQLITE_OK
                default: return SQLITE_DENY
                }
            }, nil)
    }
}

private final class FunctionBox {
    let body: ([SQLValue]) throws -> SQLValue
    init(_ body: @escaping ([SQLValue]) throws -> SQLValue) { self.body = body }

    /// The box that the function was registered with, which its registration keeps alive.
    static func of(_ context: OpaquePointer) -> FunctionBox? {
        sqlite3_user_data(context).map {
            Unmanaged<FunctionBox>.fromOpaque($0).takeUnretainedValue()
        }
    }

    static func release(_ pointer: UnsafeMutableRawPointer?) {
        if let pointer { Unmanaged<FunctionBox>.fromOpaque(pointer).release() }
    }
}

private final class CollationBox {
    let compare: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) -> Int32
    init(_ compare: @escaping (UnsafeRawBufferPointer, UnsafeRawBufferPointer) -> Int32) {
        self.compare = compare
    }

    static func release(_ pointer: UnsafeMutableRawPointer?) {
        if let pointer { Unmanaged<CollationBox>.fromOpaque(pointer).release() }
    }
}
