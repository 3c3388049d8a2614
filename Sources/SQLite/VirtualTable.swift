internal import CSQLite

/// A table whose rows Swift code gives, for reading only; see `Connection.register`.
///
/// Used by the thread of its connection.
package protocol VirtualTable: AnyObject {
    /// `CREATE TABLE x(…)` with the columns; `HIDDEN` ones are the arguments of the table as a
    /// function, in their order, and left out of `*`.
    var declaration: String { get }

    /// Chooses what of a query the table itself will do, and says what that costs.
    ///
    /// Called several times a query, with the same constraints usable or not.
    func plan(_ plan: inout QueryPlan)

    /// A walk over the rows, not yet begun.
    func makeCursor() -> any VirtualTableCursor
}

/// One walk over a virtual table; begun again for each row of an outer loop.
package protocol VirtualTableCursor: AnyObject {
    /// Goes to the first row of the plan with this number, its arguments in the order of
    /// `QueryPlan.take`; what is thrown becomes SQLite's error message.
    func begin(plan: Int32, _ arguments: [[SQLValue]]) throws
    func advance() throws
    var isAtEnd: Bool { get }
    /// Gives a column of the row; a column that sets nothing is NULL.
    func column(_ column: Int, _ result: SQLResult) throws
    /// A number that no other row of the table has.
    func rowNumber() throws -> Int64
}

/// What a query asks of a virtual table, and what the table takes on.
package struct QueryPlan {
    package enum Operation: Sendable {
        case equal, greater, greaterOrEqual, less, lessOrEqual, like, regexp, isNotNull, limit
        case other
    }

    /// `column operation value`, where the value is known when the rows are read.
    package struct Constraint {
        package let column: Int
        package let operation: Operation
        /// Whether the value is known with this order of loops.
        package let isUsable: Bool
        /// The name of the collation that the comparison uses.
        package let collation: String
        fileprivate(set) var argument: Int32 = 0
        fileprivate(set) var isChecked = false
        fileprivate(set) var takesList = false
    }

    package internal(set) var constraints: [Constraint]
    /// The columns that the query sorts by.
    package let order: [(column: Int, isDescending: Bool)]
    /// The columns that the query reads, bit `i` for column `i`; bit 63 for all from there on.
    package let columns: UInt64
    /// What the cursor is told.
    package var number: Int32 = 0
    /// How much the plan costs, in any unit: the lowest is chosen.
    package var cost: Double = 1e6
    package var rows: Int64 = 1_000_000
    /// Whether the rows come in `order`.
    package var isOrdered = false
    /// Whether the plan cannot be carried out.
    package var isImpossible = false
    private var arguments: Int32 = 0

    init(
        constraints: [Constraint], order: [(column: Int, isDescending: Bool)], columns: UInt64
    ) {
        (self.constraints, self.order, self.columns) = (constraints, order, columns)
    }

    /// Asks for the value of a constraint as the next argument of the cursor.
    ///
    /// With `checked`, SQLite need not test the constraint again; with `wholeList`, all values of an
    /// `IN` come at once instead of one walk after the other.
    package mutating func take(_ index: Int, checked: Bool = false, wholeList: Bool = false) {
        arguments += 1
        constraints[index].takesList = wholeList
        constraints[index].argument = arguments
        constraints[index].isChecked = checked
    }
}

extension Connection {
    /// Makes `table` readable as `name`, without a `CREATE` and with arguments like a function.
    ///
    /// The connection keeps the table.
    package func register(_ table: any VirtualTable, named name: String) throws(SQLiteError) {
        let code = sqlite3_create_module_v2(
            handle, name, VirtualTableModule.pointer,
            Unmanaged.passRetained(VirtualTableModule.Box(table)).toOpaque(),
            { box in
                guard let box else { return }
                Unmanaged<VirtualTableModule.Box>.fromOpaque(box).release()
            })
        guard code == SQLITE_OK else { throw error(for: "table " + name) }
    }
}
