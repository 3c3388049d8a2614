internal import LogModel
package import LogStore

/// What a search reads of archived days before it can say that nothing matches.
package struct ArchiveCost: Sendable, Equatable {
    package var days = 0
    /// Original text of the blocks.
    package var bytes: Int64 = 0
    package var newest: Day

    /// Bytes of original text a second, on two cores (docs/benchmarks.md).
    private static let rate: Int64 = 2_000_000_000

    /// Nanoseconds, about.
    package var time: Int64 {
        let time = bytes.multipliedReportingOverflow(by: 1_000_000_000 / 1_000_000)
        return time.overflow ? .max : time.partialValue / (Self.rate / 1_000_000)
    }

    /// How many days before `now` a window must begin at most, so that it reaches no archived day;
    /// nil where even today is one.
    package func daysLeft(at now: Int64) -> Int64? {
        let past = now.subtractingReportingOverflow(newest.end)
        let days = past.partialValue / 86_400_000_000_000
        return past.overflow || days < 1 ? nil : days
    }
}

extension Search {
    /// What the search has to read of archived blocks at most; nil where its window has none.
    ///
    /// Days are archived from the oldest on, so this looks at them in that order, up to the first one
    /// without: one day is opened if nothing is archived.
    package func archiveCost() throws(SearchError) -> ArchiveCost? {
        // The search that comes after it notes all this as well.
        let (statistics, failures) = (statistics, failures)
        defer { (self.statistics, self.failures) = (statistics, failures) }
        let days: [Day]
        do { days = try store.days(in: times) } catch { throw .store(error) }
        var cost: ArchiveCost?
        for day in days {
            // A damaged day is told of by the search itself.
            guard let partition = try? store.partition(day),
                let archived = try? named(partition).filter(\.isArchived)
            else { continue }
            guard !archived.isEmpty else { break }
            let read = candidates(archived[...], of: partition)
            guard !read.isEmpty else { continue }
            var sum = cost ?? ArchiveCost(newest: day)
            sum.days += 1
            sum.newest = day
            for block in read { sum.bytes += Int64(block.reference.rawBytes) }
            cost = sum
        }
        return cost
    }
}
