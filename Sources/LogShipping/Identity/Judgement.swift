/// Whether a file that begins like a generation has its content, and how that shows.
enum Judgement: Equatable {
    /// The bytes before the place that is read agree with their hash.
    case guarded(Int64)
    /// Nothing of it is noted as read, and what the days have of it is in the file.
    case unread
    /// The file ends there, before the place that is read, and its bytes are those stored.
    case beginning(Int64)

    /// Another file with its content is there at the same time, under a name of another log.
    case twin(of: String)
    /// The bytes before the place that is read are others: it was written anew.
    case changed(before: Int64)
    /// The file ends there, and its bytes are not those stored.
    case otherBeginning(Int64)
    /// Nothing of it is noted as read, and the days have bytes that the file has not.
    case otherThanStored
    /// Its file had that name before, or was cut, and more than a beginning does not agree.
    case unlikely

    var isSame: Bool {
        switch self {
        case .guarded, .unread, .beginning: true
        case .twin, .changed, .otherBeginning, .otherThanStored, .unlikely: false
        }
    }

    var description: String {
        switch self {
        case .guarded(let position): "the 256 bytes before \(position) are those that were read"
        case .unread: "nothing of it is stored yet that speaks against it"
        case .beginning(let length): "the file ends at \(length), and all of it is stored"
        case .twin(let path): "\(path) begins alike and is there too: they are two logs"
        case .changed(let position): "the bytes before \(position) are others than were read there"
        case .otherBeginning(let length):
            "the file ends at \(length), and its bytes are others than those stored"
        case .otherThanStored: "the days have bytes of it that the file has not"
        case .unlikely: "its file was renamed or cut, and no more than a beginning agrees"
        }
    }
}
