/// Finds places for messages when there is no room for more leaves.
///
/// The templates with a `<*>` are tried on what is new; where one matches, the message belongs to
/// the leaf that the template was made of.
struct TemplateOverflow: Sendable {
    /// Per skeleton: the tokens' hashes of a template, stars included, and a leaf of it.
    private var patterns: [UInt64: [(hashes: [UInt64], leaf: Int)]] = [:]

    init(_ leaves: LeafTable) {
        let folding = TemplateFolding(leaves)
        for leaf in 0..<leaves.count where folding.parent[leaf] == leaf {
            let text = folding.texts[leaf]
            guard text.tokens.contains(where: { $0.kind == .star }) else { continue }
            patterns[text.skeleton, default: []].append((text.tokens.map(\.hash), leaf))
        }
    }

    /// A leaf whose template matches `text`, the first that was made.
    func leaf(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
        let tokens = TemplateTokens(text, 0..<text.count)
        return patterns[tokens.skeleton]?.first { pattern in
            zip(pattern.hashes, tokens.tokens).allSatisfy { hash, token in
                hash == token.hash || hash == TemplateTokens.starHash
            }
        }?.leaf
    }
}
