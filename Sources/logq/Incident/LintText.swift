internal import Arguments
internal import Glibc
internal import Incidents
internal import LogStore
internal import Presentation

/// What a record lacks, for people or as JSON.
struct LintText {
    private let id: IncidentID
    private let problems: [LintProblem]
    private let status: IncidentStatus
    private let language: Language

    init(
        _ id: IncidentID, _ problems: [LintProblem], for status: IncidentStatus,
        _ language: Language
    ) {
        (self.id, self.problems) = (id, problems)
        (self.status, self.language) = (status, language)
    }

    /// The names of fields that the logs have; nil where there is no store.
    static func attributes(of directory: String) -> Set<String>? {
        try? Store(directory: directory).attributes()
    }

    var isClean: Bool { count(.missing) == 0 }

    private func count(_ weight: LintProblem.Weight) -> Int {
        problems.count { $0.weight == weight }
    }

    /// A line on how it stands, and one for each problem.
    func text(_ painter: Painter) -> [UInt8] {
        var output: [UInt8] = []
        let summary = summary
        painter.append(summary, in: isClean ? .info : .error, to: &output)
        output.append(0x0A)
        for weight in [LintProblem.Weight.missing, .advice] {
            for problem in problems where problem.weight == weight {
                let isMissing = weight == .missing
                painter.append("  " + name(weight), in: isMissing ? .error : .dim, to: &output)
                output += Array("  ".utf8)
                SafeText.append(problem.text, to: &output)
                output.append(0x0A)
            }
        }
        return output
    }

    private func name(_ weight: LintProblem.Weight) -> String {
        switch (weight, language) {
        case (.missing, .english): "missing"
        case (.advice, .english): "advice "
        case (.missing, .chinese): "缺失"
        case (.advice, .chinese): "建议"
        }
    }

    /// `INC-2026-0007 is not ready to be closed: 3 things are missing`.
    private var summary: String {
        let missing = count(.missing)
        let status = status.name(in: language)
        if language == .chinese {
            return isClean
                ? "\(id) 已具备“\(status)”所需的内容" : "\(id) 还不能成为“\(status)”：缺 \(missing) 项"
        }
        guard !isClean else { return "\(id) has all that it needs to be \(status)" }
        return "\(id) cannot be \(status) yet: "
            + (missing == 1 ? "1 thing is missing" : "\(missing) things are missing")
    }

    func json() -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.member("id", id.description)
        json.member("for", status.rawValue)
        for weight in [LintProblem.Weight.missing, .advice] {
            json.key(weight.rawValue)
            json.beginArray()
            for problem in problems where problem.weight == weight {
                json.beginObject()
                json.member("field", problem.field.rawValue)
                json.member("text", problem.text)
                json.endObject()
            }
            json.endArray()
        }
        json.endObject()
        json.endLine()
        return json.bytes
    }
}

extension Painter {
    /// Of standard output, as `--color` says.
    init(of arguments: ParsedArguments) {
        self.init(isEnabled: Environment.color(arguments).isEnabled(for: STDOUT_FILENO))
    }
}
