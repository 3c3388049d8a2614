/// How a block was made.
package enum BlockState: Int64, Sendable {
    /// From what was taken in, small or large; indexed, or live (`LiveBlocks`).
    case taken = 0
    /// Merged and indexed by compaction.
    case compacted = 1
    /// Merged without terms: every query reads it whose times, severities and sources pass.
    case archived = 2
}
