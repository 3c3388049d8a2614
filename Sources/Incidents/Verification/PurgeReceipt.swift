internal import LogStore
internal import SQLite

/// What a purge's entry says: which contents went, and why.
struct PurgeReceipt {
    struct Item {
        let entry: Int
        /// The pin that it was the content of.
        let pin: Int?
        /// SHA-256 of the content.
        let digest: [UInt8]

        /// `P3 (entry 4)`
        var name: String { pin.map { "P\($0) (entry \(entry))" } ?? "entry \(entry)" }
    }

    let items: [Item]
    let reason: String

    /// Nil for what is no receipt.
    init?(json bytes: [UInt8]) {
        guard let json = try? JSONValue(bytes), let reason = json["reason"]?.text,
            let purged = json["purged"]?.array
        else { return nil }
        self.reason = reason
        var items: [Item] = []
        for item in purged {
            guard let entry = item["entry"]?.integer, let digest = item["content"]?.text,
                let digest = Digest.bytes(hex: digest)
            else { return nil }
            let pin = item["pin"]?.text.flatMap { PinName.number($0) }
            items.append(Item(entry: Int(clamping: entry), pin: pin, digest: digest))
        }
        self.items = items
    }

    /// `P3 (entry 4), entry 2 were purged`
    var text: String {
        items.map(\.name).joined(separator: ", ")
            + (items.count == 1 ? " was purged" : " were purged")
    }
}
