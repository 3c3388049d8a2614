/// What the process tells the shell about its answer.
package enum ExitCode: Int32, Sendable {
    /// There was something to show, or the work was done; also when the reader closed the pipe.
    case success = 0
    /// The answer is complete and empty.
    case noneFound = 1
    /// The question was wrong, or something failed.
    case failure = 2
    /// Something was answered, but not all that was asked for could be read.
    case incomplete = 3
}
