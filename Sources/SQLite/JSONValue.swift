/// A JSON document (RFC 8259), as SQLite's JSON functions read it.
///
/// Members keep their order. SQLite's texts end at a NUL, so an escaped one is read as U+2400, its
/// picture. Reading costs a statement of `json_tree` on a connection in memory, some microseconds a value.
package indirect enum JSONValue: Equatable, Sendable {
    case null
    case boolean(Bool)
    case integer(Int64)
    case number(Double)
    case text(String)
    case array([JSONValue])
    case object([Member])

    package struct Member: Equatable, Sendable {
        package let name: String
        package let value: JSONValue

        package init(_ name: String, _ value: JSONValue) { (self.name, self.value) = (name, value) }
    }

    /// What is no JSON; or more of it than SQLite takes (a depth of 2,000, a gigabyte).
    package struct Malformed: Error, Equatable, CustomStringConvertible {
        package var description: String { "it is no JSON" }
    }

    /// The value of a member; nil where it is no object or has no such member.
    package subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.name == name }?.value
    }

    package var text: String? {
        if case .text(let text) = self { text } else { nil }
    }

    package var integer: Int64? {
        if case .integer(let number) = self { number } else { nil }
    }

    package var boolean: Bool? {
        if case .boolean(let truth) = self { truth } else { nil }
    }

    package var array: [JSONValue]? {
        if case .array(let values) = self { values } else { nil }
    }

    package init(_ bytes: [UInt8]) throws(Malformed) {
        do {
            let connection = try Connection(":memory:", mode: .create)
            self = try Self.read(Self.withoutNULs(bytes), connection)
        } catch {
            throw Malformed()
        }
    }

    /// Rows come in the order of the document, each container before what it holds.
    private static func read(
        _ bytes: [UInt8], _ connection: Connection
    ) throws(SQLiteError) -> JSONValue {
        let statement = try Statement(
            "SELECT key, type, atom, id, parent FROM json_tree(?1)", on: connection)
        statement.bind(text: bytes, at: 1)
        var open: [OpenContainer] = []
        var whole: JSONValue?
        func place(_ value: JSONValue, _ name: String) {
            guard let last = open.indices.last else {
                whole = value
                return
            }
            open[last].members.append(Member(name, value))
        }
        func close(_ container: OpenContainer) { place(container.value, container.name) }
        while try statement.step() {
            while let last = open.last, statement.isNull(4) || statement.integer(4) != last.id {
                close(open.removeLast())
            }
            let name = statement.text(0)
            let type = statement.text(1)
            if type == "object" || type == "array" {
                open.append(
                    OpenContainer(
                        id: statement.integer(3), name: name, isObject: type == "object"))
            } else {
                place(atom(statement), name)
            }
        }
        while let last = open.popLast() { close(last) }
        return whole ?? .null
    }

    /// An object or array of which more may come.
    private struct OpenContainer {
        let id: Int64
        let name: String
        let isObject: Bool
        var members: [Member] = []

        var value: JSONValue { isObject ? .object(members) : .array(members.map(\.value)) }
    }

    private static func atom(_ statement: borrowing Statement) -> JSONValue {
        switch statement.value(2) {
        case .null: .null
        case .integer(let number):
            switch statement.text(1) {
            case "true": .boolean(true)
            case "false": .boolean(false)
            default: .integer(number)
            }
        case .real(let number): .number(number)
        default: .text(statement.text(2))
        }
    }

    private static func withoutNULs(_ bytes: [UInt8]) -> [UInt8] {
        let escape = Array("u0000".utf8)
        var result = bytes
        var index = 0
        while index < result.count {
            if result[index] == UInt8(ascii: "\\") {
                if result[(index + 1)...].starts(with: escape) {
                    result.replaceSubrange(index + 2..<index + 6, with: "2400".utf8)
                }
                index += 1
            } else if result[index] == 0 {
                result[index] = UInt8(ascii: "?")
            }
            index += 1
        }
        return result
    }
}
