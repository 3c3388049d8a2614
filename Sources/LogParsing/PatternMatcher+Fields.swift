internal import Glibc
internal import LogModel

/// Where each kind of field ends.
extension PatternMatcher {
    @inline(__always)
    mutating func firstEnd(_ step: PatternProgram.Step, _ place: Int) -> Int {
        switch step.matcher {
        case .nothing: return follows(step, at: place) ? place : -1
        case .text, .request, .target: return textEnd(step, place)
        case .addresses:
            let end = textEnd(step, place)
            return end < 0 || isLenient || isAddresses(place, end) ? end : -1
        case .name: return nameEnd(step, place)
        case .severity: return severityEnd(step, place)
        case .integer: return numberEnd(step, place, fraction: false)
        case .number: return numberEnd(step, place, fraction: true)
        case .time: return timeEnd(step, place)
        case .padding: return paddingEnd(step, place)
        case .list: return listEnd(step, place)
        case .context: return contextEnd(step, place)
        case .message, .nginxMessage: return lineEnd
        }
    }

    mutating func nextEnd(
        _ step: PatternProgram.Step, _ place: Int, after end: Int
    ) -> Int {
        // Strictly, a quoted field ends at its first quote that is not escaped.
        // So does a bracketed one at the bracket that closes it.
        if step.isQuoted || step.closer != 0, !isLenient { return -1 }
        let next = find(step, from: end &+ 1)
        guard next >= 0, !isLenient else { return next }
        switch step.matcher {
        case .name: return isName(place, next) ? next : -1
        case .addresses: return isAddresses(place, next) ? next : -1
        default: return next
        }
    }

    /// Whether blanks stand behind commas only, and there is an address.
    private func isAddresses(_ start: Int, _ end: Int) -> Bool {
        guard end > start, end &- start > 1 || base[start] != UInt8(ascii: "-")
        else { return false }
        var index = start
        while index < end {
            if base[index] == 0x20, index == start || base[index &- 1] != 0x2C { return false }
            index &+= 1
        }
        return true
    }

    @inline(__always)
    private func textEnd(_ step: PatternProgram.Step, _ place: Int) -> Int {
        var from = place
        if step.minimum > 0, !isLenient {
            from = skip(Int(step.minimum), from: place)
            guard from >= 0 else { return -1 }
        }
        if step.isQuoted || step.closer != 0, !isLenient {
            let end =
                step.isQuoted ? quotedEnd(step, place) : bracketedEnd(step, place)
            return end >= from ? end : -1
        }
        let end = find(step, from: from)
        guard end >= 0 else { return end }
        return step.opener != 0 ? balancedEnd(step, place, end) : end
    }

    /// The next quote without a backslash, if the literal begins with it.
    private func quotedEnd(_ step: PatternProgram.Step, _ place: Int) -> Int {
        var from = place
        while from < lineEnd, let hit = memchr(base + from, 0x22, lineEnd &- from) {
            let quote = UnsafeRawPointer(hit) - UnsafeRawPointer(base)
            var index = quote
            while index > place, base[index &- 1] == UInt8(ascii: "\\") { index &-= 1 }
            if (quote &- index) & 1 == 0 { return follows(step, at: quote) ? quote : -1 }
            from = quote &+ 1
        }
        return -1
    }

    /// The bracket that closes the one before the field, if the literal begins with it.
    private func bracketedEnd(_ step: PatternProgram.Step, _ place: Int) -> Int {
        var depth = 0
        var index = place
        let limit = min(lineEnd, place &+ 4_096)
        while index < limit {
            let byte = base[index]
            if byte == step.closer {
                if depth == 0 { return follows(step, at: index) ? index : -1 }
                depth &-= 1
            } else if byte == step.opener {
                depth &+= 1
            }
            index &+= 1
        }
        return -1
    }

    /// `[pool [a] worker]` ends at the bracket that closes the first one.
    private func balancedEnd(_ step: PatternProgram.Step, _ place: Int, _ shortest: Int) -> Int {
        guard memchr(base + place, Int32(step.opener), shortest &- place) != nil else {
            return shortest
        }
        var depth = 0
        var index = place
        let limit = min(lineEnd, place &+ 4_096)
        while index < limit {
            let byte = base[index]
            if byte == step.opener { depth &+= 1 }
            if byte == step.closer {
                if depth == 0 { return follows(step, at: index) ? index : shortest }
                depth &-= 1
            }
            index &+= 1
        }
        return shortest
    }

    /// The place `count` characters further; -1 beyond the line. Half of a pair outside of the
    /// basic plane counts as one, as Java counts.
    @inline(__always)
    private func skip(_ count: Int, from place: Int) -> Int {
        var left = count
        var index = place
        while left > 0 {
            guard index < lineEnd else { return -1 }
            let byte = base[index]
            index &+= 1
            left &-= byte >= 0xF0 ? 2 : 1
            guard byte >= 0xC0 else { continue }
            while index < lineEnd, base[index] & 0xC0 == 0x80 { index &+= 1 }
        }
        return index
    }

    @inline(__always)
    private func nameEnd(_ step: PatternProgram.Step, _ place: Int) -> Int {
        var end = textEnd(step, place)
        if end >= 0, step.ending == .literal, base[end] == UInt8(ascii: ".") {
            end = lastDot(step, end)
        }
        guard end >= 0, !isLenient, step.opener != UInt8(ascii: "[") else { return end }
        return isName(place, end) ? end : -1
    }

    /// In `%C.%M` the class ends at the last dot of the word, not at the first of its package.
    private func lastDot(_ step: PatternProgram.Step, _ first: Int) -> Int {
        var last = first
        var index = first &+ 1
        while index < lineEnd,
            CharacterClass.isASCIIWord(base[index]) || ".$<>-".utf8.contains(base[index])
        {
            if base[index] == UInt8(ascii: "."), follows(step, at: index) { last = index }
            index &+= 1
        }
        return last
    }

    /// Whether the bytes, without the blanks at both ends, hold no blank, `:` or `@`.
    @inline(__always)
    private func isName(_ start: Int, _ end: Int) -> Bool {
        var first = start
        var last = end
        while first < last, base[first] == 0x20 { first &+= 1 }
        while last > first, base[last &- 1] == 0x20 { last &-= 1 }
        while first < last {
            let byte = base[first]
            if byte == 0x20 || byte == 0x3A || byte == 0x40 { return false }
            first &+= 1
        }
        return true
    }

    /// The padding up to the step's width, or as much or little of it as the literal allows.
    @inline(__always)
    private func padded(_ step: PatternProgram.Step, _ place: Int, _ end: Int) -> Int {
        var index = end
        let wanted = place &+ Int(step.minimum)
        while index < wanted, index < lineEnd, base[index] == 0x20 { index &+= 1 }
        if follows(step, at: index) { return index }
        index = end
        while true {
            if follows(step, at: index) { return index }
            guard index < lineEnd, base[index] == 0x20 else { return -1 }
            index &+= 1
        }
    }

    @inline(__always)
    private func pastBlanks(_ place: Int) -> Int {
        var index = place
        while index < lineEnd, base[index] == 0x20 { index &+= 1 }
        return index
    }

    @inline(__always)
    private mutating func severityEnd(_ step: PatternProgram.Step, _ place: Int) -> Int {
        let start = pastBlanks(place)
        var end = start
        while end < lineEnd, (base[end] | 0x20) &- 0x61 < 26 { end &+= 1 }
        guard end > start else { return -1 }
        if let number = LevelWord.number(base + start, end &- start) {
            head.severity = number
        } else {
            guard isLenient, program.timeStep >= 0, isUpperWord(start, end) else { return -1 }
        }
        return padded(step, place, end)
    }

    /// A level of the user's own, such as `AUDIT`.
    private func isUpperWord(_ start: Int, _ end: Int) -> Bool {
        guard end &- start >= 2, end &- start <= 16 else { return false }
        for index in start..<end where base[index] &- 0x41 >= 26 { return false }
        return true
    }

    private func numberEnd(_ step: PatternProgram.Step, _ place: Int, fraction: Bool) -> Int {
        let start = pastBlanks(place)
        guard start < lineEnd else {
            return follows(step, at: place) ? place : -1
        }
        var end = start
        if base[end] == UInt8(ascii: "-") || base[end] == UInt8(ascii: "?") { end &+= 1 }
        let digits = end
        while end < lineEnd, base[end] &- 0x30 < 10 { end &+= 1 }
        if fraction, end > digits, end < lineEnd, base[end] == UInt8(ascii: ".") {
            end &+= 1
            while end < lineEnd, base[end] &- 0x30 < 10 { end &+= 1 }
        }
        return padded(step, place, end)
    }

    @inline(__always)
    private mutating func timeEnd(_ step: PatternProgram.Step, _ place: Int) -> Int {
        let window = UnsafeBufferPointer(start: base, count: lineEnd)
        let start = step.minimum > 0 ? pastBlanks(place) : place
        guard let time = program.timeFormats[Int(step.timeFormat)].parse(window, from: start)
        else { return -1 }
        if !head.hasTime
            || program.timeStep >= 0 && steps[program.timeStep].timeFormat == step.timeFormat
        {
            head.time = time
            head.hasTime = true
        }
        return padded(step, place, time.end)
    }

    private func paddingEnd(_ step: PatternProgram.Step, _ place: Int) -> Int {
        let longest = pastBlanks(place)
        var end = longest
        while end >= place {
            if follows(step, at: end) { return end }
            end &-= 1
        }
        return -1
    }

    private func contextEnd(_ step: PatternProgram.Step, _ place: Int) -> Int {
        guard place < lineEnd, base[place] == UInt8(ascii: "{") else {
            return listEnd(step, place)
        }
        var index = place &+ 1
        while index < lineEnd {
            if base[index] == UInt8(ascii: "}"), follows(step, at: index &+ 1) {
                return index &+ 1
            }
            index &+= 1
        }
        return find(step, from: place)
    }

    /// Items without blanks; `, ` and ` : ` (nginx, between servers and between groups) join them.
    private func listEnd(_ step: PatternProgram.Step, _ place: Int) -> Int {
        var index = place
        var end = -1
        while true {
            while index < lineEnd, base[index] != 0x20, base[index] != 0x2C {
                if step.literalCount > 0, base[index] == literals[Int(step.literalStart)],
                    follows(step, at: index)
                {
                    break
                }
                index &+= 1
            }
            if follows(step, at: index) { end = index }
            if index &+ 2 < lineEnd, base[index] == 0x2C, base[index &+ 1] == 0x20 {
                index &+= 2
            } else if index &+ 3 < lineEnd, base[index] == 0x20, base[index &+ 1] == 0x3A,
                base[index &+ 2] == 0x20
            {
                index &+= 3
            } else if index &+ 1 < lineEnd, base[index] == 0x2C {
                index &+= 1
            } else {
                return end >= 0 ? end : find(step, from: place)
            }
        }
    }
}
