/// Texts as templates and variables: what lines have in common is stored once.
///
/// A value is a skeleton, such as `order ⟨number⟩ paid by ⟨address⟩`, and its tokens
/// (`TokenScanner`). Skeletons go into a dictionary. Tokens of the same kind with the same bytes
/// before them make up a stream, whatever their templates, so that a stream holds numbers of one
/// meaning. The idea is that of CLP (Rodrigues et al., OSDI 2021) and LogGrep (Wei et al., EuroSys 2023).
///
/// ```
/// varint        bytes of all values together
/// varint n      skeletons; n varint lengths; their bytes. Bytes 1 to 8 mark tokens
/// varint        bytes of the repeats section
/// varint        UUIDs, varint addresses, varint other tokens
/// streams       for each, in the order in which the skeletons name them first: varint count,
///               varint width (0: each token has its own)
/// codes         a skeleton a row: 1 byte if n ≤ 256, else all low bytes, then all high bytes
/// repeats       for each UUID, number and lower-case token of ten bytes or more, in order: 0 for a new
///               one, else how many of them back it stood before (varints); only new ones stand below
/// stream bytes  a length a token if the width is 0; then the tokens, one after the other if the width is
///               0, else all first digits, then all second ones and so on. Of hexadecimal digits
///               two share a byte, the first one in the low half
/// UUIDs         16 bytes each
/// addresses     all first octets, then all second ones and so on
/// other         varint lengths, then the bytes
/// ```
enum SplitText {
    /// Of the bytes before a token, so many name its stream.
    static let contextLength = 8
    /// Values of a column together; a longer column stays text.
    static let longestColumn = 1 << 27

    /// The streams of a skeleton's tokens, in order; nil for kinds that have one for the column.
    ///
    /// Encoder and decoder number streams alike, so the numbers are not stored.
    struct StreamNames {
        private var names = ByteDictionary()
        private var kinds: [TokenScanner.Kind] = []

        var count: Int { kinds.count }

        func kind(_ stream: Int) -> TokenScanner.Kind { kinds[stream] }

        mutating func stream(
            of kind: TokenScanner.Kind, at position: Int, in skeleton: UnsafeBufferPointer<UInt8>
        ) -> Int {
            // The marker is part of the name, so kinds keep apart.
            let start = max(0, position - SplitText.contextLength)
            let name = UnsafeBufferPointer(rebasing: skeleton[start...position])
            let number = names.code(of: name)
            if number == kinds.count { kinds.append(kind) }
            return number
        }
    }
}

/// A body and the places where a new block of its compressed form should begin, so that each has a
/// Huffman table of its own.
struct SectionedBody {
    var writer = ByteWriter()
    private(set) var sections: [Int] = []

    /// Smaller sections do not pay for a table.
    private static let smallest = 192

    var bytes: [UInt8] { writer.bytes }

    mutating func beginSection() {
        if writer.bytes.count - (sections.last ?? 0) >= Self.smallest {
            sections.append(writer.bytes.count)
        }
    }
}
