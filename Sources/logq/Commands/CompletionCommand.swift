internal import Arguments

/// `logq completion`: scripts for the shells.
enum CompletionCommand {
    static let command = Command(
        declaration: CommandDeclaration(
            name: "completion",
            summary: "print the completion script of a shell",
            examples: [
                ("source <(logq completion bash)", "in ~/.bashrc"),
                ("logq completion fish | source", "in ~/.config/fish/config.fish"),
            ],
            flags: [],
            operands: Operands(
                "SHELL", help: "bash, zsh or fish", minimum: 1, maximum: 1, areFiles: false)),
        run: { arguments in
            guard let shell = CompletionScript.Shell(rawValue: arguments.operands[0]) else {
                throw CommandFailure(
                    "no completion for '\(arguments.operands[0])'; there is bash, zsh and fish")
            }
            Standard.output(
                CompletionScript.completion(
                    shell: shell, for: CommandLineTool.declarations, program: "logq"))
            return .success
        })
}
