/// The kinds of variables, as they are shown in a template.
enum Mask: UInt8, CaseIterable {
    /// A number with sign, fraction, thousands separators and unit: `-3`, `1,234`, `30ms`, `3.5%`.
    case number
    /// A date, a time of day or both, with zone.
    case time
    /// An IPv4 or IPv6 address with port or prefix length.
    case ip
    case mac
    case uuid
    /// `0x…`, and runs of at least eight hexadecimal digits with both letters and digits.
    case hex
    /// A run of letters and digits in turns, such as keys and tokens have.
    case id
    case path
    case url
    case email
    case host
    /// A card or telephone number with its middle hidden.
    case card
    /// Quoted text, and short Chinese values such as names.
    case string
    /// What differs between messages that are alike otherwise.
    case star

    var name: StaticString {
        switch self {
        case .number: "<num>"
        case .time: "<time>"
        case .ip: "<ip>"
        case .mac: "<mac>"
        case .uuid: "<uuid>"
        case .hex: "<hex>"
        case .id: "<id>"
        case .path: "<path>"
        case .url: "<url>"
        case .email: "<email>"
        case .host: "<host>"
        case .card: "<card>"
        case .string: "<str>"
        case .star: "<*>"
        }
    }

    /// The end of the mask that begins at `start` of a masked text, or nil.
    static func end(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        guard start < text.count, text[start] == UInt8(ascii: "<") else { return nil }
        return allCases.lazy.compactMap { mask -> Int? in
            let count = mask.name.utf8CodeUnitCount
            guard text.count - start >= count else { return nil }
            let bytes = UnsafeBufferPointer(start: mask.name.utf8Start, count: count)
            return text[start..<start + count].elementsEqual(bytes) ? start + count : nil
        }.first
    }
}
