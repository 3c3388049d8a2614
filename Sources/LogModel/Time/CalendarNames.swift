/// The English names of months and weekdays, as bytes.
///
/// The short form of every name is its first three letters, so one table serves both.
enum CalendarNames {
    static let months: [StaticString] = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    ]
    static let weekdays: [StaticString] = [
        "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
    ]

    /// The month (1–12) that three letters of any case name.
    @inline(__always)
    static func month(_ a: UInt8, _ b: UInt8, _ c: UInt8) -> Int? {
        switch key(a, b, c) {
        case 0x6A_616E: 1  // jan
        case 0x66_6562: 2  // feb
        case 0x6D_6172: 3  // mar
        case 0x61_7072: 4  // apr
        case 0x6D_6179: 5  // may
        case 0x6A_756E: 6  // jun
        case 0x6A_756C: 7  // jul
        case 0x61_7567: 8  // aug
        case 0x73_6570: 9  // sep
        case 0x6F_6374: 10  // oct
        case 0x6E_6F76: 11  // nov
        case 0x64_6563: 12  // dec
        default: nil
        }
    }

    /// The weekday (0 for Sunday) that three letters of any case name.
    static func weekday(_ a: UInt8, _ b: UInt8, _ c: UInt8) -> Int? {
        switch key(a, b, c) {
        case 0x73_756E: 0  // sun
        case 0x6D_6F6E: 1  // mon
        case 0x74_7565: 2  // tue
        case 0x77_6564: 3  // wed
        case 0x74_6875: 4  // thu
        case 0x66_7269: 5  // fri
        case 0x73_6174: 6  // sat
        default: nil
        }
    }

    /// The index after the rest of a full name whose first three letters stood at `index`.
    static func restOfName(
        _ name: StaticString, _ bytes: UnsafePointer<UInt8>, _ index: Int, _ end: Int
    ) -> Int? {
        guard index &+ name.utf8CodeUnitCount <= end else { return nil }
        for position in 3..<name.utf8CodeUnitCount
        where bytes[index &+ position] | 0x20 != name.utf8Start[position] {
            return nil
        }
        return index &+ name.utf8CodeUnitCount
    }

    @inline(__always)
    private static func key(_ a: UInt8, _ b: UInt8, _ c: UInt8) -> UInt32 {
        (UInt32(a) << 16 | UInt32(b) << 8 | UInt32(c)) | 0x20_2020
    }
}
