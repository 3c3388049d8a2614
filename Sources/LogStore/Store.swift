internal import Glibc
package import LogModel

/// A store, open for reading: a directory with a catalogue and a partition a day.
///
/// Any number of processes read while one writes. Partitions are opened when they are asked for.
/// Used by one thread.
package final class Store {
    package let directory: String
    private var openCatalog: Catalog?

    package init(directory: String) throws(StoreError) {
        self.directory = directory
        guard access(StoreLayout.catalog(directory), F_OK) == 0 else {
            throw .missing(directory: directory)
        }
        _ = try catalog()
    }

    /// The same store for another thread; its catalogue is opened when it is asked for.
    package init(sharing directory: String) {
        self.directory = directory
    }

    func catalog() throws(StoreError) -> Catalog {
        if let openCatalog { return openCatalog }
        let catalog = try Catalog(reading: StoreLayout.catalog(directory))
        openCatalog = catalog
        return catalog
    }

    /// The days that have a partition, in order.
    package func days() throws(StoreError) -> [Day] {
        try StoreLayout.days(directory)
    }

    /// The days that can hold events of `times`.
    package func days(in times: Range<Int64>) throws(StoreError) -> [Day] {
        try days().filter { $0.end > times.lowerBound && $0.start < times.upperBound }
    }

    /// The path of a day's events that were set aside as damaged, if there are any.
    package func damagedPart(of day: Day) -> String? {
        let path = StoreLayout.partition(directory, day) + StoreLayout.damagedEnding
        return access(path, F_OK) == 0 ? path : nil
    }

    /// The parts of days that were set aside as damaged, with their paths.
    package func partsSetAside(
        in times: Range<Int64>
    ) throws(StoreError) -> [(day: Day, path: String)] {
        try StoreLayout.daysSetAside(directory).compactMap { day in
            day.end > times.lowerBound && day.start < times.upperBound
                ? (day, StoreLayout.partition(directory, day) + StoreLayout.damagedEnding) : nil
        }
    }

    /// Whether a day is known to have events, and there is no file.
    package func isMissing(_ day: Day) throws(StoreError) -> Bool {
        try missingDays(in: day.start..<day.end).contains(day)
    }

    /// Whether a day has no file, and should have none.
    package func isRemoved(_ day: Day) -> Bool {
        access(StoreLayout.partition(directory, day), F_OK) != 0
            && (try? isMissing(day)) == false
    }

    /// Opens a day; with `isSnapshot` as it is at this moment, for as long as the partition lives.
    package func partition(
        _ day: Day, isSnapshot: Bool = false
    ) throws(StoreError) -> Partition {
        try Partition(
            day: day, path: StoreLayout.partition(directory, day), isSnapshot: isSnapshot)
    }

    /// What the day's files look like now; nil where there are none.
    package func state(of day: Day) -> DayState? {
        DayState(path: StoreLayout.partition(directory, day))
    }

    /// The names of attributes outside the fixed table that stored events have.
    package func attributes() throws(StoreError) -> Set<String> { try catalog().attributes() }

    /// Where events come from, each place once and without its generation.
    package func sources() throws(StoreError) -> [EventSource] { try catalog().sources() }

    package func generations() throws(StoreError) -> [Generation] { try catalog().generations() }

    package func generation(id: Int64) throws(StoreError) -> Generation? {
        try catalog().generation(id: id)
    }

    package func candidates(head: [UInt8], host: String) throws(StoreError) -> [Generation] {
        try catalog().candidates(head: head, host: host)
    }

    package func checkpoint(
        of generation: Generation, upTo position: Int64
    ) throws(StoreError) -> Checkpoint? {
        try catalog().checkpoint(of: generation.id, upTo: position)
    }

    // MARK: What a shipper told

    /// The files that a shipper follows, by path.
    package func followedFiles() throws(StoreError) -> [FollowedFile] {
        try catalog().followedFiles()
    }

    /// The same with what is known of their content.
    package func followedContents() throws(StoreError) -> [FollowedContent] {
        try catalog().followedContents()
    }

    /// Why paths were recognised, by generation and in the order in which they were first seen.
    package func recognitions() throws(StoreError) -> [Recognition] {
        try catalog().recognitions()
    }

    /// What the last shipper said of itself; nil where there was none.
    package func shipperState() throws(StoreError) -> ShipperState? {
        try catalog().shipperState()
    }

    /// Whether a shipper is at work on the store now.
    package func isShipperRunning() -> Bool { ShipperLock.isHeld(in: directory) }

    /// What is known to be missing, or may be, of events of `times`.
    package func gaps(in times: Range<Int64>) throws(StoreError) -> [Gap] {
        try catalog().gaps().filter { $0.times.overlaps(times) }
    }

    /// How many bytes of a generation are in no event by decision, for each reason.
    package func skipped(generation: Int64) throws(StoreError) -> [SkipReason: Int64] {
        try catalog().skipped(generation)
    }
}
