internal import LogModel
package import LogStore

/// What the nightly job did.
package struct RetentionReport: Sendable {
    package enum Outcome: Sendable, Equatable {
        case done
        /// The window closed, or the process was told to end; the next night does the rest.
        case stopped(String)
        /// Nothing was done; with the time at which the window opens, in nanoseconds since 1970 UTC.
        case outsideWindow(opens: Int64)
    }

    package struct Step: Sendable {
        package let day: Day
        package let action: RetentionAction
        package let reason: String
        package let change: DayChange
        /// In nanoseconds since 1970 UTC.
        package let started: Int64
        package let ended: Int64
    }

    package internal(set) var outcome = Outcome.done
    package internal(set) var steps: [Step] = []
    /// Days that could not be done, and what else went wrong.
    package internal(set) var problems: [String] = []
    /// Free bytes of the disk.
    package internal(set) var freeBefore: Int64 = 0
    package internal(set) var freeAfter: Int64 = 0
    package internal(set) var seconds: Double = 0

    /// How many days, for each action that there was.
    package var counts: [(action: RetentionAction, days: Int)] {
        RetentionAction.allCases.map { action in
            (action, steps.count { $0.action == action })
        }.filter { $0.days > 0 }
    }

    package var bytesBefore: Int64 { steps.reduce(0) { $0 + $1.change.bytesBefore } }
    package var bytesAfter: Int64 { steps.reduce(0) { $0 + $1.change.bytesAfter } }
    package var rawBytes: Int64 { steps.reduce(0) { $0 + $1.change.rawBytes } }

    /// `merged 3, removed 1, problems 0`: what the history has in a line.
    var summary: String {
        let parts =
            steps.isEmpty ? ["nothing to do"] : counts.map { "\($0.action.rawValue) \($0.days)" }
        return (parts + (problems.isEmpty ? [] : ["problems \(problems.count)"]))
            .joined(separator: ", ")
    }

    var outcomeText: String {
        switch outcome {
        case .done: problems.isEmpty ? "done" : "done, with problems"
        case .stopped(let reason): "stopped: \(reason)"
        case .outsideWindow: "outside of the window"
        }
    }
}
