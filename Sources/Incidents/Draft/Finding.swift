/// Something that the logs say of a fault, and what it rests on.
package struct Finding: Sendable, Equatable {
    package var text: String
    /// The text without the time that it begins with, for a pin, which has a time of its own.
    let note: String
    /// What finds the events that it is about; its answer is the number in the text.
    package var query: String
    package var events: Int
    /// When it began, or was; nanoseconds since 1970 UTC.
    package var onset: Int64
    /// The numbers of pins that show it.
    package var pins: [Int]
    /// What else belongs to it, a line each: the causes and the handling of a known fault.
    package var details: [String] = []

    let service: String
    /// The event to be pinned for it.
    let example: String?

    /// - Parameter clock: what the text begins with, before what the note says too.
    init(
        _ note: String, at clock: String? = nil, query: String, events: Int, onset: Int64,
        service: String, example: String?
    ) {
        (self.note, text) = (note, clock.map { $0 + " " + note } ?? note)
        (self.query, self.events, self.onset) = (query, events, onset)
        (self.service, self.example) = (service, example)
        pins = []
    }
}
