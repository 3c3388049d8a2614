internal import Arguments
internal import Glibc
internal import Presentation

OutputStream.ignoreBrokenPipes()
exit(CommandLineTool.run(Array(CommandLine.arguments.dropFirst())).rawValue)
