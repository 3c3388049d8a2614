internal import Arguments
internal import CGNU
internal import Glibc
internal import Presentation

// Blocks are made and dropped by the thousand: giving their memory back to the kernel each time
// would cost 40 % of a search in page faults.
mallopt(M_MMAP_THRESHOLD, 1 << 28)
mallopt(M_TRIM_THRESHOLD, 1 << 28)
OutputStream.ignoreBrokenPipes()
exit(CommandLineTool.run(Array(CommandLine.arguments.dropFirst())).rawValue)
