internal import LogModel

/// The words by which records are like each other: words of letters in lower case, and overlapping pairs of
/// Chinese, Japanese and Korean characters, which nothing parts into words.
///
/// Numbers of up to three digits and the commonest English words are left out. Of a longer word the first 40
/// characters count, of a longer text the first 5000 words.
struct RecordWords {
    /// In the order of the text, each as often as it stands there.
    private(set) var words: [String] = []
    /// Of each word whether it is a pair that shares its first character with the pair before it.
    private var isContinued: [Bool] = []

    private static let longest = 40
    private static let most = 5000
    private static let common: Set<String> = [
        "a", "an", "and", "are", "as", "at", "be", "been", "but", "by", "for", "from", "had", "has",
        "have", "in", "is", "it", "its", "no", "not", "of", "on", "or", "s", "t", "that", "the",
        "then", "they", "this", "to", "was", "were", "when", "which", "with",
    ]

    init(_ text: String) {
        var run: [Unicode.Scalar] = []
        var kind = CharacterClass.separator
        for scalar in text.unicodeScalars {
            if words.count >= Self.most { return }
            let next = CharacterClass.of(scalar.value)
            if next != kind {
                add(run, kind)
                (run, kind) = ([], next)
            }
            run.append(scalar)
        }
        add(run, kind)
    }

    private mutating func add(_ run: [Unicode.Scalar], _ kind: CharacterClass) {
        switch kind {
        case .separator: return
        case .word: addWord(run)
        case .ideograph:
            if run.count == 1 { append(run[...]) }
            for index in run.indices.dropLast() {
                append(run[index...index + 1], isContinued: index > 0)
            }
        }
    }

    private mutating func addWord(_ run: [Unicode.Scalar]) {
        let isNumber = run.allSatisfy { ("0"..."9").contains($0) }
        if isNumber && run.count < 4 { return }
        let folded = run.prefix(Self.longest).map {
            Unicode.Scalar(CaseFolding.fold($0.value)) ?? $0
        }
        append(folded[...])
        if let word = words.last, Self.common.contains(word) {
            words.removeLast()
            isContinued.removeLast()
        }
    }

    private mutating func append(_ scalars: ArraySlice<Unicode.Scalar>, isContinued: Bool = false) {
        words.append(String(String.UnicodeScalarView(scalars)))
        self.isContinued.append(isContinued)
    }

    /// What a table of FTS5 with the tokenizer `ascii` parts into these words again.
    var text: String { words.joined(separator: " ") }

    /// Those that are in a set, each once; pairs in a row are put together again, 数据 and 据库 to 数据库.
    func readable(among known: Set<String>) -> [String] {
        var found: [String] = []
        var isOpen = false
        for (index, word) in words.enumerated() {
            let isKnown = known.contains(word)
            if isKnown, isContinued[index], isOpen, let last = word.unicodeScalars.last {
                found[found.count - 1].unicodeScalars.append(last)
            } else if isKnown {
                found.append(word)
            }
            isOpen = isKnown
        }
        var seen: Set<String> = []
        return found.filter { seen.insert($0).inserted }
    }
}

extension Incident {
    /// The words of the record by where they stand: title; root cause and what led to it; what happened and what
    /// was done; names.
    var words: [RecordWords] {
        let causes = [trigger, rootCause] + factors + whys + patterns
        let story =
            [description, scope, lessons, prevention] + impact.map(\.text) + steps.map(\.text)
        return [[title], causes, story, services + tags].map {
            RecordWords($0.joined(separator: "\n"))
        }
    }
}
