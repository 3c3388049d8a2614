internal import Glibc

/// Reads what `SplitTextEncoder` wrote; any bytes give values or a `BlockError`.
struct SplitTextDecoder {
    private let body: UnsafeBufferPointer<UInt8>
    private var total = 0
    private var codes: [UInt16] = []
    private var steps: [Step] = []
    /// For each skeleton the first of its steps, and where the last one's end.
    private var firstStep: [Int] = [0]
    private var streams: [Stream] = []
    private var repeats = ByteReader(UnsafeBufferPointer(start: nil, count: 0))
    private var uuids = Stream()
    private var addresses = Stream()
    private var others = Stream()
    private var otherLengths = ByteReader(UnsafeBufferPointer(start: nil, count: 0))
    /// Where the long tokens so far stand in the output.
    private var places: [(start: Int, count: Int)] = []

    /// A literal of a skeleton, a range of the body, and the token behind it; none at the end.
    private struct Step {
        var literal: Range<Int>
        var kind: TokenScanner.Kind?
        var stream = 0
    }

    /// A stream's place in the body, and how much of it is read.
    private struct Stream {
        var count = 0
        /// 0 where each token has a length of its own.
        var width = 0
        var lengths = 0
        var start = 0
        var next = 0
        /// Digits read, where lengths differ.
        var digits = 0
    }

    /// The values of a column of `rows` rows. About 1 GB/s.
    static func decode(
        _ body: UnsafeBufferPointer<UInt8>, rows: Int
    ) throws(BlockError) -> ByteStrings {
        var decoder = SplitTextDecoder(body: body)
        try decoder.readHeader(rows: rows)
        var values = ByteStrings()
        values.ends.reserveCapacity(rows)
        var failure: BlockError?
        values.bytes = [UInt8](unsafeUninitializedCapacity: decoder.total) { output, written in
            do throws(BlockError) {
                written = try decoder.write(to: output, ends: &values.ends)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return values
    }

    private init(body: UnsafeBufferPointer<UInt8>) { self.body = body }

    // MARK: The header and the places of the sections

    private mutating func readHeader(rows: Int) throws(BlockError) {
        var reader = ByteReader(body)
        total = try reader.count(limit: SplitText.longestColumn)
        let skeletons = try reader.strings(count: try reader.count(limit: 1 << 16))
        let skeletonsStart = reader.position - skeletons.bytes.count
        let repeatBytes = try reader.count(limit: body.count)
        uuids.count = try reader.count(limit: body.count)
        addresses.count = try reader.count(limit: body.count)
        others.count = try reader.count(limit: body.count)
        let names = readSkeletons(skeletons, at: skeletonsStart)
        for _ in 0..<names.count {
            var stream = Stream()
            stream.count = try reader.count(limit: body.count)
            stream.width = try reader.count(limit: TokenScanner.longestToken)
            streams.append(stream)
        }
        codes = try reader.codes(rows, of: skeletons.count)
        repeats = ByteReader(try reader.slice(repeatBytes))
        for number in streams.indices {
            try place(&streams[number], names.kind(number), &reader)
        }
        uuids.start = reader.position
        _ = try reader.slice(uuids.count * 16)
        addresses.start = reader.position
        _ = try reader.slice(addresses.count * 4)
        otherLengths = reader
        for _ in 0..<others.count { _ = try reader.varint() }
        others.start = reader.position
    }

    /// Cuts the skeletons, which stand at `start`, into steps; names the streams as the encoder did.
    private mutating func readSkeletons(
        _ skeletons: ByteStrings, at start: Int
    ) -> SplitText.StreamNames {
        var names = SplitText.StreamNames()
        for number in 0..<skeletons.count {
            let range = skeletons.range(number)
            let first = start + range.lowerBound
            let skeleton = UnsafeBufferPointer(rebasing: body[first..<first + range.count])
            var literal = first
            for (position, byte) in skeleton.enumerated() {
                guard let kind = TokenScanner.Kind(rawValue: byte) else { continue }
                var step = Step(literal: literal..<first + position, kind: kind)
                literal = first + position + 1
                if kind.hasStreams {
                    step.stream = names.stream(of: kind, at: position, in: skeleton)
                }
                steps.append(step)
            }
            steps.append(Step(literal: literal..<first + skeleton.count))
            firstStep.append(steps.count)
        }
        return names
    }

    private func place(
        _ stream: inout Stream, _ kind: TokenScanner.Kind, _ reader: inout ByteReader
    ) throws(BlockError) {
        var digits = stream.count * stream.width
        stream.lengths = reader.position
        if stream.width == 0 {
            digits = try reader.slice(stream.count).reduce(0) { $0 + Int($1) }
        }
        stream.start = reader.position
        _ = try reader.slice(kind.isHexadecimal ? (digits + 1) / 2 : digits)
    }

    // MARK: The values

    private mutating func write(
        to output: UnsafeMutableBufferPointer<UInt8>, ends: inout [UInt32]
    ) throws(BlockError) -> Int {
        var end = 0
        for row in codes.indices {
            let code = Int(codes[row])
            for number in firstStep[code]..<firstStep[code + 1] {
                let step = steps[number]
                guard step.literal.count <= output.count - end else {
                    throw .invalid("text length")
                }
                for position in step.literal {
                    output[end] = body[position]
                    end += 1
                }
                guard let kind = step.kind else { continue }
                try copyToken(kind, step.stream, to: output, &end)
            }
            ends.append(UInt32(truncatingIfNeeded: end))
        }
        return end
    }

    private mutating func copyToken(
        _ kind: TokenScanner.Kind, _ stream: Int,
        to output: UnsafeMutableBufferPointer<UInt8>, _ end: inout Int
    ) throws(BlockError) {
        let start = end
        if kind.mayRepeat {
            let distance = try repeats.count(limit: Int(Int32.max))
            if distance > 0 {
                guard distance <= places.count else { throw .invalid("repeat") }
                let place = places[places.count - distance]
                guard place.count <= output.count - end else { throw .invalid("text length") }
                for index in place.start..<place.start + place.count {
                    output[end] = output[index]
                    end += 1
                }
                places.append((start, place.count))
                return
            }
        }
        switch kind {
        case .uuid: try copyUUID(to: output, &end)
        case .address: try copyAddress(to: output, &end)
        case .other: try copyOther(to: output, &end)
        default: try Self.copyDigits(body, &streams[stream], kind, to: output, &end)
        }
        if kind.mayRepeat { places.append((start, end - start)) }
    }

    private static func copyDigits(
        _ body: UnsafeBufferPointer<UInt8>, _ stream: inout Stream, _ kind: TokenScanner.Kind,
        to output: UnsafeMutableBufferPointer<UInt8>, _ end: inout Int
    ) throws(BlockError) {
        let number = stream.next
        guard number < stream.count else { throw .truncated }
        stream.next += 1
        let isFixed = stream.width > 0
        let width = isFixed ? stream.width : Int(body[stream.lengths + number])
        guard width <= output.count - end else { throw .invalid("text length") }
        // Of a fixed width the digits of one token stand `count` apart.
        var index = isFixed ? number : stream.digits
        let step = isFixed ? stream.count : 1
        if kind.isHexadecimal {
            let ten: UInt8 = kind == .upperHex ? 0x37 : 0x57
            for position in end..<end + width {
                let pair = body[stream.start + index >> 1]
                let digit = index & 1 == 0 ? pair & 15 : pair >> 4
                output[position] = digit < 10 ? 0x30 + digit : ten + digit
                index += step
            }
        } else {
            for position in end..<end + width {
                output[position] = body[stream.start + index]
                index += step
            }
        }
        if !isFixed { stream.digits += width }
        end += width
    }

    private mutating func copyUUID(
        to output: UnsafeMutableBufferPointer<UInt8>, _ end: inout Int
    ) throws(BlockError) {
        guard uuids.next < uuids.count else { throw .truncated }
        guard output.count - end >= 36 else { throw .invalid("text length") }
        let start = uuids.start + uuids.next * 16
        uuids.next += 1
        for index in 0..<16 {
            if index == 4 || index == 6 || index == 8 || index == 10 {
                output[end] = 0x2D
                end += 1
            }
            let byte = body[start + index]
            output[end] = Self.hexadecimal(byte >> 4)
            output[end + 1] = Self.hexadecimal(byte & 15)
            end += 2
        }
    }

    @inline(__always)
    private static func hexadecimal(_ digit: UInt8) -> UInt8 {
        digit < 10 ? 0x30 + digit : 0x57 + digit
    }

    private mutating func copyAddress(
        to output: UnsafeMutableBufferPointer<UInt8>, _ end: inout Int
    ) throws(BlockError) {
        guard addresses.next < addresses.count else { throw .truncated }
        guard output.count - end >= 15 || output.count - end >= addressLength() else {
            throw .invalid("text length")
        }
        for octet in 0..<4 {
            let value = body[addresses.start + octet * addresses.count + addresses.next]
            if octet > 0 {
                output[end] = 0x2E
                end += 1
            }
            if value >= 100 {
                output[end] = 0x30 + value / 100
                end += 1
            }
            if value >= 10 {
                output[end] = 0x30 + value / 10 % 10
                end += 1
            }
            output[end] = 0x30 + value % 10
            end += 1
        }
        addresses.next += 1
    }

    /// The length of the next address as text.
    private func addressLength() -> Int {
        (0..<4).reduce(3) { length, octet in
            let value = body[addresses.start + octet * addresses.count + addresses.next]
            return length + (value >= 100 ? 3 : value >= 10 ? 2 : 1)
        }
    }

    private mutating func copyOther(
        to output: UnsafeMutableBufferPointer<UInt8>, _ end: inout Int
    ) throws(BlockError) {
        guard others.next < others.count else { throw .truncated }
        let count = try otherLengths.count(limit: body.count)
        guard count <= output.count - end else { throw .invalid("text length") }
        guard count <= body.count - others.start - others.digits else { throw .truncated }
        for index in 0..<count { output[end + index] = body[others.start + others.digits + index] }
        others.next += 1
        others.digits += count
        end += count
    }
}
