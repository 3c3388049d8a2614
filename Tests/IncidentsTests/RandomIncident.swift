import Incidents
import LogModel
import StoreFixtures

/// Records whose texts are made of what forms, terminals and parsers trip over.
struct RandomIncident {
    var random: SeededRandom

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    private static let pieces: [String] = [
        "## Title", "## 标题", "# x", "### Root cause", "##", "#Title", "- ", "* ", "- a",
        "- query: x",
        "- owner: y", "  - due: 1", "<!--", "-->", "<!-- a -->", "```", "````", "```swift", "~~~",
        "`", "\\", "\\\\", "\\#", "\\-", "\\u{41}", "\\\\u{41}", "\\u{110000}", "\\u{", "u{41}",
        "\u{0}", "\u{7}", "\u{1B}[31m", "\r", "\r\n", "\u{85}", "\u{2028}", "\u{2029}", "\u{2400}",
        "\u{202E}", "\u{2066}", "\u{FEFF}", "\t", " ", "  ", "\n", "\n\n", "\n", "\n ",
        "2026-11-20",
        "2026-11-20 10:26:39", "10:26", "10:26:39 ", "2026-11-20T10:26:39Z", "12:99", ":", "：", ";",
        "; query: q", "P1, P2", "数据库连接耗尽", "👩‍👩‍👧", "e\u{301}", "\u{301}", "word", "status:>=500",
        "|", "---", "===", "1. one", "null", "\"", "&amp;", "</script>", "{}", "[x](y)", "*b*",
        "--",
    ]

    mutating func text() -> String {
        switch random.number(0...9) {
        case 0: return ""
        case 1: return random.pick(Self.pieces)
        case 2: return String(repeating: random.pick(Self.pieces), count: random.number(1...300))
        default:
            return (0..<random.number(1...12)).map { _ in
                random.pick(Self.pieces) + (random.isTrue(oneIn: 3) ? "\n" : "")
            }.joined()
        }
    }

    private mutating func time() -> Int64? {
        switch random.number(0...5) {
        case 0: nil
        case 1: Int64(bitPattern: random.next())
        case 2: random.pick([.min, .max, 0, -1, 1_793_491_200_000_000_000])
        // Where clocks of New York were set back.
        case 3: 1_793_512_800_000_000_000 + Int64(random.number(-7_200...7_200)) * 1_000_000_000
        default: 1_795_140_882_000_000_000 + Int64(random.number(0...999_999_999))
        }
    }

    private mutating func many<Value>(_ make: (inout Self) -> Value) -> [Value] {
        (0..<max(0, random.number(-2...4))).map { _ in make(&self) }
    }

    private mutating func pins() -> [Int] { many { $0.random.number(1...99) } }

    mutating func incident() -> Incident {
        var incident = Incident()
        for field in IncidentField.allCases {
            switch field.shape {
            case .line(let path), .text(let path): incident[keyPath: path] = text()
            case .time(let path): incident[keyPath: path] = time()
            case .lines(let path): incident[keyPath: path] = many { $0.text() }
            case .type: incident.type = random.pick(FaultClass.all + [nil])
            case .severity: incident.severity = random.pick(IncidentSeverity.allCases + [nil])
            case .status: incident.status = random.pick(IncidentStatus.allCases)
            case .impact:
                incident.impact = many {
                    ImpactClaim($0.text(), query: $0.text(), pins: $0.pins())
                }
            case .steps:
                incident.steps = many {
                    HandlingStep($0.text(), at: $0.time(), by: $0.text(), pins: $0.pins())
                }
            case .actions:
                incident.actions = many {
                    PreventionAction(
                        $0.text(), owner: $0.text(),
                        due: $0.random.pick([nil, CalendarDate("2026-12-01")]),
                        state: $0.random.pick(PreventionAction.State.allCases))
                }
            case .related:
                incident.related = many { IncidentID(year: 2026, number: $0.random.number(1...99)) }
            }
        }
        return incident
    }
}

extension Incident {
    /// The record with one line where JSON and the form have one: in names, titles and queries.
    var onOneLine: Incident {
        func line(_ text: String) -> String {
            String(
                String.UnicodeScalarView(text.unicodeScalars.filter { $0 != "\n" && $0 != "\r" }))
        }
        var incident = self
        for field in IncidentField.allCases {
            switch field.shape {
            case .line(let path): incident[keyPath: path] = line(incident[keyPath: path])
            case .lines(let path): incident[keyPath: path] = incident[keyPath: path].map(line)
            default: break
            }
        }
        for index in incident.impact.indices {
            incident.impact[index].query = line(incident.impact[index].query)
        }
        for index in incident.steps.indices {
            incident.steps[index].person = line(incident.steps[index].person)
        }
        for index in incident.actions.indices {
            incident.actions[index].owner = line(incident.actions[index].owner)
        }
        return incident
    }
}
