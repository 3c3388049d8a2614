internal import Arguments
internal import Configuration
internal import Glibc
internal import Incidents
internal import LogModel
internal import LogStore
internal import Presentation

/// A form on its way from the record to the person and back.
struct FormSession {
    let arguments: ParsedArguments
    let directory: String
    let language: Language

    init(_ arguments: ParsedArguments) throws {
        self.arguments = arguments
        directory = try Environment.dataDirectory(arguments)
        language = IncidentOptions.language(arguments)
    }

    /// What the person made of a form.
    struct Filled {
        let form: IncidentForm
        let incident: Incident
        /// Where it stands, and whether it goes when it is done with.
        let path: String
        let isTemporary: Bool

        func done() { if isTemporary { unlink(path) } }
    }

    /// Lets the person fill in a form until it has no mistakes; nil if it was left as it was.
    func fill(
        _ form: IncidentForm, _ base: Incident, pins: () throws -> Set<Int>
    ) throws -> Filled? {
        let editor = try Editor(
            form.text(of: base, in: language), named: form.id?.description ?? "incident")
        while true {
            let bytes = try editor.run()
            if bytes == editor.text {
                editor.remove()
                return nil
            }
            do {
                let incident = try keeping(form, editor.path) {
                    try form.incident(
                        in: bytes, over: base, pins: pins(), at: Clock.now(), language: language,
                        file: "form")
                }
                return Filled(
                    form: form, incident: incident, path: editor.path, isTemporary: true)
            } catch let error as ConfigurationError {
                CommandLineTool.report(error.description)
                guard asksAgain() else {
                    throw CommandFailure(
                        "nothing is changed, and your form is kept: " + goOn(form, editor.path))
                }
            }
        }
    }

    /// Says where the form is when something goes wrong that is no mistake in it.
    func keeping<Value>(
        _ form: IncidentForm, _ path: String, _ body: () throws -> Value
    ) throws -> Value {
        do { return try body() } catch {
            if !(error is ConfigurationError) {
                CommandLineTool.report("your form is kept: " + goOn(form, path))
            }
            throw error
        }
    }

    private func asksAgain() -> Bool {
        Standard.error("Enter goes back to the editor, q and Enter keeps the form for later: ")
        guard let answer = readLine() else {
            Standard.error("\n")
            return false
        }
        return !answer.lowercased().hasPrefix("q")
    }

    /// How a form that was kept is gone on with.
    func goOn(_ form: IncidentForm, _ path: String) -> String {
        let command = form.id.map { "edit \($0)" } ?? "new"
        return "'logq incident \(command) --form \(path)' goes on with it"
    }

    /// Reads a form that was kept, or written elsewhere; `-` is standard input.
    func read(
        _ path: String, base: (IncidentForm) throws -> (record: Incident, pins: Set<Int>)
    ) throws -> Filled {
        let bytes = try IncidentOptions.bytes(of: path)
        let form = try IncidentForm(firstLineOf: bytes, file: path)
        let (record, pins) = try base(form)
        let incident = try form.incident(
            in: bytes, over: record, pins: pins, at: Clock.now(), language: language, file: path)
        return Filled(form: form, incident: incident, path: path, isTemporary: false)
    }
}
