internal import Glibc

/// Writes texts as `SplitText`.
struct SplitTextEncoder {
    private var scanner = TokenScanner()
    private var skeletons = ByteDictionary()
    /// For each skeleton the range of its tokens' streams in `streamNumbers`; -1 for shared kinds.
    private var firstStream: [Int] = [0]
    private var streamNumbers: [Int] = []
    private var names = SplitText.StreamNames()
    private var streams: [Stream] = []
    private var codes: [UInt16] = []
    private var repeats = ByteWriter()
    private var recent = RecentTokens()
    private var uuids: [UInt8] = []
    private var addresses: [UInt8] = []
    private var others = ByteStrings()

    private struct Stream {
        var bytes: [UInt8] = []
        var lengths: [UInt8] = []
        /// The width of all tokens so far; 0 when they differ.
        var width = -1

        mutating func append(_ token: UnsafeBufferPointer<UInt8>) {
            bytes.append(contentsOf: token)
            lengths.append(UInt8(truncatingIfNeeded: token.count))
            width = width == -1 || width == token.count ? token.count : 0
        }
    }

    /// The body for `values`; nil where texts have so little in common that it cannot pay.
    static func encode(_ values: ByteStrings) -> SectionedBody? {
        guard values.bytes.count < SplitText.longestColumn else { return nil }
        var encoder = SplitTextEncoder()
        let isWhole = values.bytes.withUnsafeBufferPointer { bytes in
            for row in 0..<values.count {
                encoder.append(UnsafeBufferPointer(rebasing: bytes[values.range(row)]), bytes, row)
                // After some rows the skeletons have to repeat.
                let distinct = encoder.skeletons.count
                if row & 255 == 255, distinct * 2 > row || distinct > 0xFFFF { return false }
            }
            return encoder.skeletons.count <= 0x1_0000
        }
        return isWhole ? encoder.body(bytes: values.bytes.count) : nil
    }

    private mutating func append(
        _ value: UnsafeBufferPointer<UInt8>, _ all: UnsafeBufferPointer<UInt8>, _ row: Int
    ) {
        scanner.scan(value)
        let code = scanner.skeleton.withUnsafeBufferPointer { skeletons.code(of: $0) }
        if code == firstStream.count - 1 { nameStreams() }
        codes.append(UInt16(truncatingIfNeeded: code))
        var next = firstStream[code]
        for token in scanner.tokens {
            let bytes = UnsafeBufferPointer(
                rebasing: value[token.start..<token.start + token.count])
            let stream = streamNumbers[next]
            next += 1
            if token.kind.mayRepeat {
                let distance = recent.distance(to: bytes, in: all)
                repeats.varint(distance)
                if distance > 0 { continue }
            }
            switch token.kind {
            case .uuid: appendUUID(bytes)
            case .address: appendAddress(bytes)
            case .other: others.append(bytes)
            default: streams[stream].append(bytes)
            }
        }
    }

    private mutating func nameStreams() {
        scanner.skeleton.withUnsafeBufferPointer { skeleton in
            for (position, byte) in skeleton.enumerated() {
                guard let kind = TokenScanner.Kind(rawValue: byte) else { continue }
                guard kind.hasStreams else {
                    streamNumbers.append(-1)
                    continue
                }
                streamNumbers.append(names.stream(of: kind, at: position, in: skeleton))
                if names.count > streams.count { streams.append(Stream()) }
            }
        }
        firstStream.append(streamNumbers.count)
    }

    private mutating func appendUUID(_ text: UnsafeBufferPointer<UInt8>) {
        var high: UInt8?
        for byte in text where byte != 0x2D {
            let digit = Self.value(ofDigit: byte)
            if let first = high {
                uuids.append(first << 4 | digit)
                high = nil
            } else {
                high = digit
            }
        }
    }

    private mutating func appendAddress(_ text: UnsafeBufferPointer<UInt8>) {
        var octet: UInt8 = 0
        for byte in text {
            if byte == 0x2E {
                addresses.append(octet)
                octet = 0
            } else {
                octet = octet &* 10 &+ (byte &- 0x30)
            }
        }
        addresses.append(octet)
    }

    @inline(__always)
    private static func value(ofDigit byte: UInt8) -> UInt8 {
        byte < 0x3A ? byte &- 0x30 : (byte | 0x20) &- 0x57
    }

    private consuming func body(bytes: Int) -> SectionedBody {
        var body = SectionedBody()
        body.writer.varint(bytes)
        body.writer.strings(skeletons.values)
        body.writer.varint(repeats.bytes.count)
        body.writer.varint(uuids.count / 16)
        body.writer.varint(addresses.count / 4)
        body.writer.varint(others.count)
        for stream in streams {
            body.writer.varint(stream.lengths.count)
            body.writer.varint(max(0, stream.width))
        }
        body.beginSection()
        body.writer.codes(codes, of: skeletons.count)
        body.beginSection()
        body.writer.bytes += repeats.bytes
        for (number, stream) in streams.enumerated() {
            body.beginSection()
            Self.write(stream, names.kind(number), into: &body)
        }
        body.beginSection()
        body.writer.bytes += uuids
        for octet in 0..<4 {
            body.beginSection()
            for index in stride(from: octet, to: addresses.count, by: 4) {
                body.writer.byte(addresses[index])
            }
        }
        body.beginSection()
        body.writer.lengths(others)
        body.beginSection()
        body.writer.bytes += others.bytes
        return body
    }

    private static func write(
        _ stream: Stream, _ kind: TokenScanner.Kind, into body: inout SectionedBody
    ) {
        let width = max(0, stream.width)
        let count = stream.lengths.count
        if width == 0 {
            body.writer.bytes += stream.lengths
            body.beginSection()
        }
        var digits = stream.bytes
        if width > 1 {
            for position in 0..<width {
                for token in 0..<count {
                    digits[position * count + token] = stream.bytes[token * width + position]
                }
            }
        }
        if !kind.isHexadecimal {
            body.writer.bytes += digits
        } else {
            for index in stride(from: 0, to: digits.count, by: 2) {
                let high = index + 1 < digits.count ? value(ofDigit: digits[index + 1]) : 0
                body.writer.byte(value(ofDigit: digits[index]) | high << 4)
            }
        }
    }
}

/// Finds the last place of a token among the long ones so far.
private struct RecentTokens {
    /// Where each token stands in the text, and its length.
    private var places: [(start: Int, count: Int)] = []
    /// By hash, the number of the last token with it, and one.
    private var slots: [UInt32] = Array(repeating: 0, count: 1 << 12)

    /// How many tokens back `token`, a part of `all`, stood last; 0 if it did not. Adds it.
    ///
    /// Of two tokens that share a slot the older one is forgotten: a repeat may be missed.
    mutating func distance(
        to token: UnsafeBufferPointer<UInt8>, in all: UnsafeBufferPointer<UInt8>
    ) -> Int {
        guard let base = all.baseAddress, let start = token.baseAddress else { return 0 }
        let slot = Int(ByteDictionary.hash(token)) & (slots.count - 1)
        let last = Int(slots[slot]) - 1
        let number = places.count
        places.append((start - base, token.count))
        slots[slot] = UInt32(truncatingIfNeeded: number + 1)
        if number == slots.count { grow(all) }
        guard last >= 0, places[last].count == token.count,
            memcmp(base + places[last].start, start, token.count) == 0
        else { return 0 }
        return number - last
    }

    private mutating func grow(_ all: UnsafeBufferPointer<UInt8>) {
        slots = Array(repeating: 0, count: slots.count * 4)
        for (number, place) in places.enumerated() {
            let token = UnsafeBufferPointer(rebasing: all[place.start..<place.start + place.count])
            let slot = Int(ByteDictionary.hash(token)) & (slots.count - 1)
            slots[slot] = UInt32(truncatingIfNeeded: number + 1)
        }
    }
}
