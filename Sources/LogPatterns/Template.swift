/// What messages of one kind have in common, with masks where they differ.
package struct Template: Sendable, Equatable {
    /// Eight hexadecimal digits, a hash of `text`.
    ///
    /// The same on every machine, in every store and order of messages, as long as the text is: it
    /// changes when a new version masks otherwise, and when messages come that show a word to be
    /// a variable (`user bob` becomes `user <*>`).
    package let stableID: String

    /// The text: `<num>`, `<time>`, `<ip>`, `<mac>`, `<uuid>`, `<hex>`, `<id>`, `<path>`, `<url>`,
    /// `<email>`, `<host>`, `<card>` and `<str>` by a variable's form, `<*>` where messages differ.
    ///
    /// It is one line: blanks, line ends and control bytes are one blank each.
    package let text: [UInt8]

    package init(text: [UInt8]) {
        self.text = text
        stableID = Template.id(of: text)
    }

    /// The id of a template or a masked message.
    package static func id(of text: [UInt8]) -> String { PatternHash.identifier(text) }

    /// Only so many bytes of a message are looked at.
    package static let longestMessage = 2048

    /// `message` with its variables masked; what follows `longestMessage` bytes is left out.
    ///
    /// Depends on the message alone. Allocates; for many messages use `TemplateMiner`.
    package static func masked(_ message: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        let input = shortened(message)
        return [UInt8](unsafeUninitializedCapacity: input.count * Masker.growth) { output, count in
            guard let base = output.baseAddress else { return }
            var masker = Masker(input, into: base)
            count = masker.run()
        }
    }

    /// Cuts before a character, not within one.
    static func shortened(_ message: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        guard message.count > longestMessage else { return message }
        var end = longestMessage
        while end > longestMessage - 4, message[end] & 0xC0 == 0x80 { end -= 1 }
        return UnsafeBufferPointer(rebasing: message[..<end])
    }
}
