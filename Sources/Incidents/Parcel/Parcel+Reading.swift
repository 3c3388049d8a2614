internal import LogStore

extension Parcel {
    /// Reads a zip archive that `archive()` made, or that was packed anew from its files.
    ///
    /// Throws for what is no such archive, and for files that are not those of SHA256SUMS; the chain is checked by
    /// `ChainCheck`. Memory is at most twice the archive and what `ZipArchive.Limits` allows.
    package init(archive: [UInt8]) throws(ParcelError) {
        let files: [ZipArchive.File]
        do {
            files = try ZipArchive.unpack(archive, refusing: Self.refusal)
        } catch {
            throw ParcelError(error.text)
        }
        let directories = Set(files.map { $0.name.prefix { $0 != "/" } })
        guard directories.count == 1, let directory = directories.first,
            let id = IncidentID(directory)
        else { throw ParcelError("it has no files, or those of more than one record") }
        var contents: [String: [UInt8]] = [:]
        for file in files where !file.name.hasSuffix("/") {
            contents[String(file.name.dropFirst(directory.utf8.count + 1))] = file.bytes
        }
        try Self.checkSums(of: contents)
        try self.init(id, contents)
        let own = files.filter { !$0.name.hasSuffix("/") }.sorted { $0.name < $1.name }
        isPackedAnew = (try? ZipArchive.pack(own)) != archive
    }

    // MARK: Names

    /// Why no export has a file with this name; nil where one may.
    private static func refusal(of name: String) -> String? {
        let parts = name.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let id = IncidentID(parts[0]), id.description == parts[0] else {
            return "it is not in a directory named as a record"
        }
        let known = ["", "chain/", "evidence/", "masked/"].contains(parts[1])
        guard known || file(parts[1]) != nil else { return "no export has a file named so" }
        return nil
    }

    /// What a name stands for.
    private enum Place: Equatable {
        case other
        case header(Int)
        case content(Int)
        case evidence(Int, part: String)
        case maskedPin(Int)
    }

    private static func file(_ name: some StringProtocol) -> Place? {
        let fixed =
            ParcelName.reports + [
                ParcelName.instructions, ParcelName.sums, ParcelName.maskedIncident,
            ]
        if fixed.contains(where: { $0 == name }) { return .other }
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let words = parts[1].split(separator: ".", omittingEmptySubsequences: false)
        switch (parts[0], words.count) {
        case ("chain", 2):
            guard (4...8).contains(words[0].utf8.count), let number = number(words[0]) else {
                return nil
            }
            return words[1] == "txt" ? .header(number) : words[1] == "json" ? .content(number) : nil
        case ("evidence", 2...3):
            let part = words.count == 2 ? "event" : String(words[1])
            guard let number = PinName.number(words[0]), words.last == "log",
                ParcelName.evidence(number, part) == name
            else { return nil }
            return ["event", "before", "after"].contains(part)
                ? .evidence(number, part: part) : nil
        case ("masked", 2):
            guard let number = PinName.number(words[0]), ParcelName.maskedPin(number) == name
            else { return nil }
            return .maskedPin(number)
        default: return nil
        }
    }

    private static func number(_ text: some StringProtocol) -> Int? {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text)
    }

    // MARK: Contents

    private static func checkSums(of files: [String: [UInt8]]) throws(ParcelError) {
        guard let given = files[ParcelName.sums] else {
            throw ParcelError("it has no \(ParcelName.sums)")
        }
        let expected = sums(of: files.filter { $0.key != ParcelName.sums })
        guard given != expected else { return }
        func lines(_ text: [UInt8]) -> Set<Substring> {
            Set(String(decoding: text, as: UTF8.self).split(separator: "\n"))
        }
        let names = lines(given).symmetricDifference(lines(expected)).map { $0.dropFirst(66) }
        let known = Set(names.map(String.init)).intersection(files.keys).sorted().prefix(5)
        throw ParcelError(
            "\(ParcelName.sums) does not fit the files"
                + (known.isEmpty ? "" : ": " + known.joined(separator: ", ")))
    }

    private init(_ id: IncidentID, _ files: [String: [UInt8]]) throws(ParcelError) {
        var headers: [Int: [UInt8]] = [:]
        var contents: [Int: [UInt8]] = [:]
        var pins: [(number: Int, content: [UInt8])] = []
        var parts: [Int: [String: [UInt8]]] = [:]
        for (name, bytes) in files {
            switch Self.file(name) {
            case .header(let number): headers[number] = bytes
            case .content(let number): contents[number] = bytes
            case .evidence(let number, let part): parts[number, default: [:]][part] = bytes
            case .maskedPin(let number): pins.append((number, bytes))
            case .other, nil: break
            }
        }
        guard let last = headers.keys.max(), Set(contents.keys).isSubset(of: headers.keys) else {
            throw ParcelError("it has contents of entries without their headers")
        }
        self.init(EntryChain(id: id))
        for number in headers.keys.sorted() {
            guard let header = headers[number],
                files[ParcelName.entry(number, of: last) + ".txt"] == header
            else { throw ParcelError("the names of its entries are not of the same length") }
            chain.links.append(
                EntryChain.Link(number: number, header: header, content: contents[number]))
        }
        for (number, parts) in parts {
            guard let event = parts["event"], let before = parts["before"],
                let after = parts["after"]
            else { throw ParcelError("lines of P\(number) are missing") }
            var originals = Pin.Originals()
            (originals.event, originals.before, originals.after) = (event, before, after)
            chain.originals[number] = originals
        }
        for name in ParcelName.reports { reports[name] = files[name] }
        guard let record = files[ParcelName.maskedIncident] else {
            guard pins.isEmpty else { throw ParcelError("it has masked pins and no masked record") }
            return
        }
        try readMasked(record, pins)
    }

    private mutating func readMasked(
        _ record: [UInt8], _ pins: [(number: Int, content: [UInt8])]
    ) throws(ParcelError) {
        do {
            masked = Masked(try Incident(json: record), [])
        } catch {
            throw ParcelError("\(ParcelName.maskedIncident): \(error)")
        }
        for (number, content) in pins.sorted(by: { $0.number < $1.number }) {
            guard let originals = chain.originals[number],
                let pin = Pin(json: content, originals: originals), pin.number == number
            else { throw ParcelError("\(ParcelName.maskedPin(number)) is not what its lines are") }
            masked?.pins.append(pin)
        }
        guard masked?.pins.count == chain.originals.count,
            chain.links.allSatisfy({ $0.content == nil })
        else { throw ParcelError("it is a masked copy, and has what is not masked") }
    }
}
