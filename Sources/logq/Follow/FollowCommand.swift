internal import Arguments
internal import LogModel
internal import LogQuery
internal import LogStore
internal import Presentation

/// `logq tail` and `logq search --follow`: the newest matches, then those that come, whichever process takes them in.
struct FollowCommand: ~Copyable {
    static let flags = [
        Flag(
            "follow", short: "f",
            help: "the newest 10, oldest of them first, then events as they come, until Ctrl-C"),
        Flag("no-histogram", help: "no live histogram below the events of --follow"),
    ]

    private let listing: Search
    /// Whether the listing is all there is, and so need not be held to be turned round.
    private let listsAll: Bool
    private let follower: EventFollower
    private let notes: SourceNotes
    private var picture: LivePicture
    private var output: SearchOutput
    private var reported: Set<String> = []

    private static let pollMilliseconds: Int32 = 200

    /// Runs until a signal comes or nobody reads on.
    static func run(
        _ arguments: ParsedArguments, _ request: SearchRequest, in store: Store
    ) throws -> ExitCode {
        guard request.times.upperBound == .max else {
            throw CommandFailure(
                "--follow has no end: leave --until and --at out; --since says where it begins")
        }
        ProcessSignals.watch()
        var command = try FollowCommand(arguments, request, in: store)
        do {
            try command.picture.countStored(request, in: store)
            command.output.begin()
            if try command.list() { try command.follow() }
            try command.write(command.picture.clear)
        } catch {
            try? command.write(command.picture.clear)
            throw error
        }
        return command.reported.isEmpty ? .success : .incomplete
    }

    /// Refuses the flags of `logq search` that make no sense with `--follow`.
    static func refuseOthers(_ arguments: ParsedArguments) throws {
        let reasons = [
            ("count", "there is no last event to count"),
            ("order", "events come as they come"),
            ("histogram", "on a terminal it draws one by itself"),
            ("by", "its histogram is split by level"),
            ("explain", "it goes on reading"),
        ]
        for (flag, reason) in reasons where arguments.isSet(flag) || arguments.string(flag) != nil {
            throw CommandFailure("--follow takes no --\(flag): \(reason); leave one of them out")
        }
    }

    private init(
        _ arguments: ParsedArguments, _ request: SearchRequest, in store: Store
    ) throws {
        let mode = try OutputMode(arguments, among: ["json", "csv", "raw"])
        let limit = try arguments.integer("limit")
        // Before the first search, so that nothing can come between the two.
        let follower = try EventFollower(request, in: store)
        var first = request
        first.limit = limit ?? (request.times.lowerBound == .min ? 10 : 0)
        if first.limit == 0 { first.limit = nil }
        first.order = first.limit == nil ? .oldest : .newest
        let listing = try Search(first, in: store)
        guard !listing.isPiped else {
            throw CommandFailure(
                "--follow shows events one by one as they come, and stages want all of them; leave "
                    + "the stages or --follow out")
        }
        let notes = try SourceNotes(listing, zone: request.zone)
        self.follower = follower
        self.notes = notes
        self.listing = listing
        listsAll = first.limit == nil
        picture = LivePicture(
            isWanted: mode == .people && !arguments.isSet("no-histogram"),
            Environment.pictureSettings(arguments, zone: request.zone))
        output = SearchOutput(
            mode, request: request, search: listing, color: Environment.color(arguments),
            unfolds: arguments.isSet("full"))
    }

    /// Shows what is there already, oldest first; false when nobody reads on.
    private mutating func list() throws -> Bool {
        output.header()
        var isRead = true
        let events = try listing.events()
        var newest: [Event] = []
        while isRead, !ProcessSignals.isStopRaised, let event = events.next() {
            follower.leaveOut(event)
            if listsAll {
                isRead = try output.append(event)
            } else {
                newest.append(event)
            }
        }
        for event in newest.reversed() where isRead { isRead = try output.append(event) }
        try report(listing.failures)
        notes.report()
        try write(picture.frame())
        return isRead
    }

    private mutating func follow() throws {
        var isRead = true
        while isRead, !ProcessSignals.isStopRaised,
            ProcessSignals.pause(milliseconds: Self.pollMilliseconds)
        {
            isRead = try showNew()
            try report(follower.failures)
        }
    }

    /// In as few writes as their size allows, so that the picture does not flicker.
    private mutating func showNew() throws -> Bool {
        guard var event = try follower.next() else {
            try write(picture.nextFrame())
            return true
        }
        try output.append(picture.clear)
        var isRead = true
        while isRead, !ProcessSignals.isStopRaised {
            picture.count(event)
            isRead = try output.append(event)
            guard let next = try follower.next() else { break }
            event = next
        }
        try write(picture.frame())
        return isRead
    }

    private mutating func write(_ bytes: [UInt8]) throws {
        try output.append(bytes)
        try output.flush()
    }

    /// Tells of damage, once.
    private mutating func report(_ failures: [StoreError]) throws {
        for failure in failures where reported.insert(failure.description).inserted {
            try write(picture.clear)
            CommandLineTool.report(failure.description)
            try write(picture.frame())
        }
    }
}
