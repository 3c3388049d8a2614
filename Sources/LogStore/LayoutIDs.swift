/// The numbers of a block's layouts, as varints.
enum LayoutIDs {
    static func encode(_ ids: [Int64]) -> [UInt8] {
        var writer = ByteWriter()
        for id in ids { writer.varint(UInt64(bitPattern: id)) }
        return writer.bytes
    }

    static func decode(_ bytes: [UInt8]) throws(BlockError) -> [Int64] {
        do {
            return try bytes.withUnsafeBufferPointer { buffer in
                var reader = ByteReader(buffer)
                var ids: [Int64] = []
                while !reader.isAtEnd { ids.append(Int64(bitPattern: try reader.varint())) }
                return ids
            }
        } catch let error as BlockError {
            throw error
        } catch {
            throw .invalid("layout numbers")
        }
    }
}
