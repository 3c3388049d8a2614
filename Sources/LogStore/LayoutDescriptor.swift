package import LogModel

/// A layout as bytes, so that a partition explains itself whatever becomes of the definitions.
///
/// varint version 1; format; varint piece count, each 0 and its literal or 1 and a varint field;
/// varint field count, each: name, kind, time pattern (empty for none), dash flag, escape.
enum LayoutDescriptor {
    static func encode(_ layout: Layout) -> [UInt8] {
        var writer = ByteWriter()
        writer.varint(1)
        writer.string(layout.format)
        writer.varint(layout.pieces.count)
        for piece in layout.pieces {
            switch piece {
            case .literal(let bytes):
                writer.byte(0)
                writer.string(bytes)
            case .field(let index):
                writer.byte(1)
                writer.varint(index)
            }
        }
        writer.varint(layout.fields.count)
        for field in layout.fields {
            writer.string(field.name)
            writer.byte(field.kind.rawValue)
            writer.string(field.format?.pattern ?? "")
            writer.byte(field.dashMeansAbsent ? 1 : 0)
            writer.byte(field.escape.rawValue)
        }
        return writer.bytes
    }

    static func decode(_ bytes: [UInt8]) throws(BlockError) -> Layout {
        do {
            return try bytes.withUnsafeBufferPointer { try decode($0) }
        } catch let error as BlockError {
            throw error
        } catch {
            throw .invalid("layout")
        }
    }

    private static func decode(_ bytes: UnsafeBufferPointer<UInt8>) throws(BlockError) -> Layout {
        var reader = ByteReader(bytes)
        guard try reader.varint() == 1 else { throw .invalid("layout version") }
        let format = try reader.text()
        var pieces: [Layout.Piece] = []
        for _ in 0..<(try reader.count(limit: bytes.count)) {
            if try reader.byte() == 0 {
                pieces.append(.literal(try reader.string()))
            } else {
                pieces.append(.field(try reader.count(limit: bytes.count)))
            }
        }
        var fields: [Field] = []
        for _ in 0..<(try reader.count(limit: bytes.count)) { fields.append(try field(&reader)) }
        for case .field(let index) in pieces where index >= fields.count {
            throw .invalid("layout piece")
        }
        return Layout(format: format, pieces: pieces, fields: fields)
    }

    private static func field(_ reader: inout ByteReader) throws(BlockError) -> Field {
        let name = try reader.text()
        guard let kind = Field.Kind(rawValue: try reader.byte()) else {
            throw .invalid("field kind")
        }
        let pattern = try reader.text()
        var format: TimestampFormat?
        if !pattern.isEmpty {
            do { format = try TimestampFormat(pattern) } catch { throw .invalid("time pattern") }
        }
        let dash = try reader.byte() != 0
        guard let escape = Field.Escape(rawValue: try reader.byte()) else {
            throw .invalid("field escape")
        }
        return Field(name, kind, format: format, dashMeansAbsent: dash, escape: escape)
    }
}

/// The version of a parser: the SHA-256 of the descriptor of the layout that read an event.
///
/// The days keep the descriptors (`SELECT descriptor FROM layout`), so the digest can be had again as long
/// as the day is there, and from the format definition that makes the same layout.
package enum LayoutDigest {
    package static func of(_ layout: Layout) -> [UInt8] {
        Digest.sha256(LayoutDescriptor.encode(layout))
    }
}
