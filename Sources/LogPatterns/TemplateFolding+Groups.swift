/// Groups of texts that are equal but for one token, or in their frequent tokens.
extension TemplateFolding {
    /// What stands at one place of a group's texts; they are distinct, so are their tokens there.
    private struct Group {
        var words = 0
        var variables = 0
        var hasStar = false

        mutating func count(_ kind: TemplateTokens.Kind) {
            switch kind {
            case .word: words += 1
            case .variable: variables += 1
            case .star: hasStar = true
            }
        }
    }

    mutating func fold() {
        var buckets: [UInt64: [Int]] = [:]
        for (index, text) in texts.enumerated() {
            buckets[text.skeleton, default: []].append(index)
        }
        for bucket in buckets.values where bucket.count > 1 {
            var members = bucket
            foldSingles(&members)
            if foldFrequent(&members) { foldSingles(&members) }
        }
    }

    /// Each round makes at least one more token a star; logs need two or three.
    private mutating func foldSingles(_ members: inout [Int]) {
        for _ in 0..<TemplateFolding.mostRounds where members.count > 1 {
            let sums = members.map { sum(texts[$0]) }
            let stars = texts[members[0]].tokens.indices.flatMap { place in
                variables(of: members, sums, at: place).map { ($0, place) }
            }
            guard apply(stars, &members) else { return }
        }
    }

    /// The texts whose token at `place` is a variable's value, going by the texts equal but for it.
    private func variables(of members: [Int], _ sums: [UInt64], at place: Int) -> [Int] {
        var groups: [UInt64: Group] = [:]
        for (index, text) in members.enumerated() {
            let token = texts[text].tokens[place]
            groups[sums[index] &- share(token, place), default: Group()].count(token.kind)
        }
        guard groups.count < members.count else { return [] }
        return zip(members, sums).compactMap { text, sum in
            let token = texts[text].tokens[place]
            guard token.kind != .star, let group = groups[sum &- share(token, place)],
                varies(group, in: texts[text], at: place)
            else { return nil }
            return text
        }
    }

    /// Whether the tokens of a group are the values of a variable.
    private func varies(_ group: Group, in text: TemplateTokens, at place: Int) -> Bool {
        if group.hasStar { return true }
        guard group.words + group.variables > 1 else { return false }
        if group.words == 0 { return true }
        let context = contextWords(text, place)
        if group.variables > 0 { return context >= (place == 0 ? 3 : 2) }
        if isValue(text.tokens[place]) { return group.words >= TemplateFolding.fewestValues }
        if place == 0 { return group.words >= TemplateFolding.fewestFirstWords && context >= 3 }
        return group.words >= TemplateFolding.fewestWords && context >= 1
    }

    /// How many words stand elsewhere in the text.
    private func contextWords(_ text: TemplateTokens, _ place: Int) -> Int {
        text.words - (text.isWord(place) ? 1 : 0)
    }

    private func isValue(_ token: TemplateTokens.Token) -> Bool {
        let before = token.range.lowerBound - 1
        return before >= 0 && source[before] == UInt8(ascii: "=")
    }

    /// Texts that agree in their frequent tokens and take many others at each of the other places.
    private mutating func foldFrequent(_ members: inout [Int]) -> Bool {
        guard members.count >= TemplateFolding.support else { return false }
        var frequencies: [UInt64: Int] = [:]
        for text in members {
            for (place, token) in texts[text].tokens.enumerated() {
                frequencies[share(token, place), default: 0] += 1
            }
        }
        var groups: [Rest: [Int]] = [:]
        for text in members {
            groups[rest(of: texts[text], frequencies), default: []].append(text)
        }
        var stars: [(text: Int, place: Int)] = []
        for (rest, group) in groups where isVarying(group, rest.rarePlaces) {
            stars += rest.rarePlaces.flatMap { place in group.map { ($0, place) } }
        }
        return apply(stars, &members)
    }

    /// A text without its rare tokens.
    private struct Rest: Hashable {
        var sum: UInt64 = 0
        var rarePlaces: [Int] = []
    }

    private func rest(of text: TemplateTokens, _ frequencies: [UInt64: Int]) -> Rest {
        var rest = Rest()
        for (place, token) in text.tokens.enumerated() {
            let share = share(token, place)
            if frequencies[share, default: 0] >= TemplateFolding.support {
                rest.sum &+= share
            } else {
                rest.rarePlaces.append(place)
            }
        }
        return rest
    }

    private func isVarying(_ group: [Int], _ places: [Int]) -> Bool {
        let text = texts[group[0]]
        let context = text.words - places.count { text.isWord($0) }
        guard group.count >= TemplateFolding.support, context >= 3, context >= places.count else {
            return false
        }
        return places.allSatisfy { place in
            let fewest = place == 0 ? TemplateFolding.fewestFirstWords : TemplateFolding.support
            return Set(group.map { texts[$0].tokens[place].hash }).count >= fewest
        }
    }

    /// Makes the tokens stars and joins the texts that became equal; whether there were any.
    private mutating func apply(
        _ stars: [(text: Int, place: Int)], _ members: inout [Int]
    ) -> Bool {
        guard !stars.isEmpty else { return false }
        for star in stars { texts[star.text].makeStar(star.place) }
        var seen: [UInt64: Int] = [:]
        members = members.filter { text in
            let key = sum(texts[text])
            guard let equal = seen[key] else {
                seen[key] = text
                return true
            }
            parent[text] = equal
            return false
        }
        return true
    }

    /// A text as the sum of its tokens' shares, so that a token can be taken out.
    private func sum(_ text: TemplateTokens) -> UInt64 {
        var sum: UInt64 = 0
        for (place, token) in text.tokens.enumerated() { sum &+= share(token, place) }
        return sum
    }

    @inline(__always)
    private func share(_ token: TemplateTokens.Token, _ place: Int) -> UInt64 {
        PatternHash.fold(
            token.hash ^ (UInt64(place) &+ 1) &* 0x9E37_79B9_7F4A_7C15, 0x8EBC_6AF0_9C88_C6E3)
    }
}
