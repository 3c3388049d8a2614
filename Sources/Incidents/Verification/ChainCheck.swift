internal import LogModel
internal import LogStore
internal import SQLite

/// A chain gone through from its first entry to its last, and everything in it compared that is said twice.
///
/// Every header is the text that logq writes, byte for byte; the numbers have no holes; each header names the
/// digest of the one before and that of its content; each pin's originals are those of its entry. What is missing must
/// have been purged, and a receipt must say so.
package struct ChainCheck {
    package let id: IncidentID
    /// What is wrong, in words.
    package internal(set) var problems: [String] = []
    /// What is as it should be, and good to know: what was removed or purged, by whom, and why.
    package private(set) var notes: [Note] = []
    package let entryCount: Int
    package let root: [UInt8]?
    /// All pins there ever were, in order.
    package private(set) var pins: [PinState] = []
    /// The last revision whose content is there.
    package private(set) var revision: (number: Int, incident: Incident)?
    package private(set) var times: (created: Int64, changed: Int64)?

    /// That something was removed or purged.
    package struct Note {
        let what: String
        let author: String
        package let time: Int64
        let reason: String

        /// A line, with the time as it is to be written; not safe to show.
        package func text(at time: String) -> String { "\(what) by \(author), \(time): \(reason)" }
    }

    /// What became of a pin.
    package struct PinState: Equatable {
        let number: Int
        /// The entry that made it.
        let entry: Int
        /// The entry that removed it.
        var removed: Int?
        /// Of the event; nil where that was purged.
        let time: Int64?
        let uid: String?
        let isPurged: Bool
    }

    /// The entries that removed a pin, of which it was purged which one.
    private(set) var removals: Set<Int> = []

    private let chain: EntryChain
    /// Whether contents are left out, and originals masked.
    private let isMasked: Bool
    private var digests: [Int: [UInt8]] = [:]
    private var missing: Set<Int> = []
    private var purged: Set<Int> = []

    package init(_ chain: EntryChain, isMasked: Bool = false) {
        (self.chain, self.isMasked) = (chain, isMasked)
        (id, root, entryCount) = (chain.id, chain.root, chain.links.count)
        if chain.links.isEmpty { problems.append("it has no entries") }
        var previous = Entry.noDigest
        for (index, link) in chain.links.enumerated() {
            check(link, at: index + 1, previous)
            previous = Digest.sha256(link.header)
        }
        if !isMasked { checkWhatIsMissing() }
        if revision == nil, !isMasked, problems.isEmpty {
            problems.append("none of its revisions is left")
        }
    }

    // MARK: Entries

    private mutating func check(_ link: EntryChain.Link, at place: Int, _ previous: [UInt8]) {
        guard let entry = Entry(header: link.header) else {
            return problems.append("the header of entry \(link.number) is not as it was written")
        }
        if link.number != place || entry.number != place {
            problems.append("entry \(place) is missing: entry \(entry.number) is in its place")
        }
        if entry.incident != id {
            problems.append("entry \(link.number) is one of \(entry.incident)")
        }
        if entry.previous != previous {
            problems.append(
                "entry \(link.number) does not follow from the one before: it names "
                    + "\(Self.short(entry.previous)), which has \(Self.short(previous))")
        }
        times = (times?.created ?? entry.time, entry.time)
        check(link.content, of: entry)
    }

    private mutating func check(_ content: [UInt8]?, of entry: Entry) {
        if let content, Digest.sha256(content) != entry.contentDigest {
            problems.append("the content of entry \(entry.number) is not what its header says")
        }
        digests[entry.number] = entry.contentDigest
        if content == nil { missing.insert(entry.number) }
        switch entry.kind {
        case .pin: checkPin(content, entry)
        case .unpin:
            if let content { checkRemoval(content, entry) } else { removals.insert(entry.number) }
        case .purge: if let content { checkReceipt(content, entry) }
        case .measurement: break
        case .new, .edit, .step, .close, .reopen, .import:
            if let content { checkRevision(content, entry) }
        }
    }

    private mutating func checkRevision(_ content: [UInt8], _ entry: Entry) {
        do {
            revision = (entry.number, try Incident(json: content))
        } catch {
            problems.append("the record in entry \(entry.number) cannot be read: \(error)")
        }
    }

    private static func short(_ digest: [UInt8]) -> String { Digest.hex(digest.prefix(6)) + "…" }

    // MARK: Pins

    /// Takes it that a pin was removed by an entry of which nothing but that is known any more.
    mutating func assume(pin number: Int, removedBy entry: Int) {
        guard removals.contains(entry), let index = pins.firstIndex(where: { $0.number == number })
        else { return }
        pins[index].removed = entry
    }

    private mutating func checkPin(_ content: [UInt8]?, _ entry: Entry) {
        let number = pins.count + 1
        let originals = chain.originals[number]
        let json = content.flatMap { try? JSONValue($0) }
        if content != nil, json?["pin"]?.text != "P\(number)" {
            problems.append("entry \(entry.number) does not pin P\(number), which is due")
        }
        if let json, let originals { check(originals, of: number, json) }
        let time = json.map { json in
            Array((json["time"]?.text ?? "").utf8).withUnsafeBufferPointer { RFC3339.parse($0) }
                ?? 0
        }
        pins.append(
            PinState(
                number: number, entry: entry.number, time: time,
                uid: json.map { $0["uid"]?.text ?? "" }, isPurged: originals == nil))
    }

    private mutating func check(_ originals: Pin.Originals, of number: Int, _ json: JSONValue) {
        for (name, bytes) in originals.parts
        where json[name]?["sha256"]?.text != Digest.hex(Digest.sha256(bytes)) {
            problems.append(
                "the lines of P\(number) (\(name)) are not those that were pinned: their "
                    + "SHA-256 is \(Self.short(Digest.sha256(bytes)))")
        }
    }

    private mutating func checkRemoval(_ content: [UInt8], _ entry: Entry) {
        let json = try? JSONValue(content)
        guard let number = json?["pin"]?.text.flatMap({ PinName.number($0) }),
            let index = pins.firstIndex(where: { $0.number == number && $0.removed == nil })
        else {
            return problems.append("entry \(entry.number) removes a pin that is not there")
        }
        pins[index].removed = entry.number
        note("P\(number) was removed", entry, json?["reason"]?.text)
    }

    private mutating func note(_ what: String, _ entry: Entry, _ reason: String?) {
        notes.append(
            Note(
                what: what, author: entry.author, time: entry.time, reason: reason ?? "no reason"))
    }
}

// MARK: Purges

extension ChainCheck {
    private mutating func checkReceipt(_ content: [UInt8], _ entry: Entry) {
        guard let receipt = PurgeReceipt(json: content) else {
            return problems.append("the receipt in entry \(entry.number) cannot be read")
        }
        for item in receipt.items {
            if digests[item.entry] != item.digest || item.entry == entry.number {
                problems.append(
                    "the receipt in entry \(entry.number) tells of \(item.name), which was another")
            }
            purged.insert(item.entry)
            if let index = pins.firstIndex(where: { $0.entry == item.entry }) {
                pins[index].removed = entry.number
            }
        }
        note(receipt.text, entry, receipt.reason)
    }

    /// Contents and lines that are not there, and those that should not be.
    private mutating func checkWhatIsMissing() {
        for number in missing.subtracting(purged).sorted() {
            problems.append("the content of entry \(number) is missing, and no purge tells of it")
        }
        for number in purged.subtracting(missing).sorted() {
            problems.append("entry \(number) was purged, and its content is still there")
        }
        for pin in pins where purged.contains(pin.entry) != pin.isPurged {
            problems.append(
                pin.isPurged
                    ? "the lines of P\(pin.number) are missing, and no purge tells of it"
                    : "P\(pin.number) was purged, and its lines are still there")
        }
        for number in Set(chain.originals.keys).subtracting(pins.map(\.number)).sorted() {
            problems.append("there are lines of P\(number), which no entry pins")
        }
    }
}
