/// Folds masked texts that differ only in words that vary.
///
/// Two texts compare if their separators and number of tokens agree. The texts that are equal but
/// for one token form a group; when the tokens seen there are enough to be a variable's values, the
/// token becomes `<*>`. This is done for all groups at once and repeated until nothing changes, so
/// the order of the texts does not matter. Then texts are grouped by their frequent tokens, since
/// where several words vary together no two texts are equal but for one.
///
/// That a variable shows in what is equal around it is the idea of Logram (Dai et al., 2020) and
/// Brain (Yu et al., 2023), the frequent words are SLCT's (Vaarandi, 2003); the tree of Drain (He
/// et al., 2017) depends on the order.
struct TemplateFolding {
    /// How many different words make a variable. `VM Started`, `Paused`, `Resumed`, `Stopped` are
    /// four messages; behind `=` fewer do, since a value stands there.
    static let fewestWords = 6
    static let fewestValues = 3
    /// A first word names the message and is a variable only if it takes many values.
    static let fewestFirstWords = 20
    /// In so many texts a token is frequent; as many values must stand at places that vary together.
    static let support = 8
    static let mostRounds = 16

    var texts: [TemplateTokens] = []
    let source: [UInt8]
    /// For each leaf the text it has become equal to.
    var parent: [Int]

    init(_ leaves: LeafTable) {
        source = leaves.bytes
        parent = Array(0..<leaves.count)
        texts.reserveCapacity(leaves.count)
        source.withUnsafeBufferPointer { bytes in
            for leaf in 0..<leaves.count {
                texts.append(TemplateTokens(bytes, leaves.range(leaf)))
            }
        }
        fold()
    }

    /// The templates ordered by text, and the index of each leaf's.
    func result() -> (templates: [Template], ofLeaf: [Int]) {
        let roots = parent.indices.filter { parent[$0] == $0 }.map { ($0, text(of: $0)) }
            .sorted { $0.1.lexicographicallyPrecedes($1.1) }
        var index = Array(repeating: 0, count: parent.count)
        for (place, root) in roots.enumerated() { index[root.0] = place }
        return (roots.map { Template(text: $0.1) }, parent.indices.map { index[root(of: $0)] })
    }

    private func root(of leaf: Int) -> Int {
        var place = leaf
        while parent[place] != place { place = parent[place] }
        return place
    }

    /// The text of a leaf with its stars.
    func text(of leaf: Int) -> [UInt8] {
        let tokens = texts[leaf].tokens
        guard let last = tokens.last else { return [] }
        var text: [UInt8] = []
        var place = tokens[0].range.lowerBound
        for token in tokens {
            text += source[place..<token.range.lowerBound]
            text += token.kind == .star ? ArraySlice("<*>".utf8) : source[token.range]
            place = token.range.upperBound
        }
        return text + source[place..<last.range.upperBound]
    }
}
