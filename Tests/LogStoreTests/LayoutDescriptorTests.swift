import LogModel
import StoreFixtures
import Testing

@testable import LogStore

@Suite struct LayoutDescriptorTests {
    @Test(arguments: RandomBatches.layouts + [everyKind])
    func layoutComesBack(layout: Layout) throws {
        let decoded = try LayoutDescriptor.decode(LayoutDescriptor.encode(layout))
        #expect(decoded == layout)
        #expect(decoded.fields.map(\.format?.pattern) == layout.fields.map(\.format?.pattern))
    }

    @Test func damagedDescriptorIsAnErrorOrSomeLayoutThatFits() {
        let bytes = LayoutDescriptor.encode(everyKind)
        for length in bytes.indices {
            #expect(throws: BlockError.self) {
                _ = try LayoutDescriptor.decode(Array(bytes[..<length]))
            }
        }
        for position in bytes.indices {
            for mask in [1, 2, 0x40, 0x80, 0xFF] as [UInt8] {
                var damaged = bytes
                damaged[position] ^= mask
                guard let layout = try? LayoutDescriptor.decode(damaged) else { continue }
                for case .field(let index) in layout.pieces {
                    #expect(layout.fields.indices.contains(index))
                }
            }
        }
    }

    @Test func numbersOfLayoutsComeBack() throws {
        let ids: [Int64] = [1, 127, 128, 1 << 40]
        #expect(try LayoutIDs.decode(LayoutIDs.encode(ids)) == ids)
        #expect(try LayoutIDs.decode([]) == [])
        #expect(throws: BlockError.truncated) { _ = try LayoutIDs.decode([0x80]) }
    }
}

private let everyKind: Layout = {
    let format = try? TimestampFormat("dd/MMM/yyyy:HH:mm:ss Z")
    var fields = (0...UInt8(16)).compactMap { Field.Kind(rawValue: $0) }.map { kind in
        Field("f.\(kind)", kind, format: kind == .timestamp ? format : nil)
    }
    fields.append(Field("", dashMeansAbsent: true, escape: .access))
    fields.append(Field("订单", escape: .json))
    let pieces = fields.indices.flatMap { [Layout.Piece.field($0), .literal([0, 0xFF, 0x20])] }
    return Layout(format: "every kind", pieces: pieces, fields: fields)
}()
