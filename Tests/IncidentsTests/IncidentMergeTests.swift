import Incidents
import StoreFixtures
import Testing

@Suite struct IncidentMergeTests {
    private func incident(_ change: (inout Incident) -> Void) -> Incident {
        var incident = Incident()
        incident.title = "502 on /api/pay"
        incident.services = ["control", "node"]
        incident.steps = [HandlingStep("restarted", at: 100), HandlingStep("rolled back", at: 300)]
        incident.actions = [PreventionAction("limit the pool"), PreventionAction("alert")]
        incident.whys = ["why?"]
        change(&incident)
        return incident
    }

    @Test func whatOnlyOneSideChangedIsTaken() {
        let merge = IncidentMerge(
            base: incident { _ in }, mine: incident { $0.rootCause = "a leak" },
            theirs: incident {
                $0.severity = .p1
                $0.title = "Payments fail"
            })
        #expect(merge.conflicts == [])
        #expect(merge.theirs == [.title, .severity])
        #expect(
            merge.merged
                == incident {
                    $0.rootCause = "a leak"
                    $0.severity = .p1
                    $0.title = "Payments fail"
                })
    }

    @Test func aFieldThatBothChangedIsAConflictUnlessTheyAgree() {
        let mine = incident {
            $0.title = "mine"
            $0.status = .repaired
            $0.whys = ["why?", "mine"]
        }
        let theirs = incident {
            $0.title = "theirs"
            $0.status = .repaired
            $0.whys = ["why?", "theirs"]
        }
        let merge = IncidentMerge(base: incident { _ in }, mine: mine, theirs: theirs)
        #expect(merge.conflicts == [.title, .whys])
        #expect(merge.merged == mine)
    }

    @Test func listsAreMergedItemByItem() {
        let merge = IncidentMerge(
            base: incident { _ in },
            mine: incident {
                $0.services = ["nginx", "control", "node"]
                $0.steps.insert(HandlingStep("mine", at: 400), at: 2)
                $0.actions[0].owner = "李雷"
                $0.tags = ["db"]
            },
            theirs: incident {
                $0.services = ["control", "mysql"]
                $0.steps.insert(HandlingStep("theirs", at: 500), at: 2)
                $0.actions.append(PreventionAction("document"))
                $0.tags = ["pool", "db"]
            })
        #expect(merge.conflicts == [])
        #expect(merge.merged.services == ["nginx", "control", "mysql"])
        #expect(
            merge.merged.steps.map(\.text) == ["restarted", "rolled back", "mine", "theirs"])
        #expect(
            merge.merged.actions == [
                PreventionAction("limit the pool", owner: "李雷"), PreventionAction("alert"),
                PreventionAction("document"),
            ])
        #expect(merge.merged.tags == ["pool", "db"])
    }

    @Test func anItemThatBothChangedIsAConflict() {
        let base = incident { _ in }
        let mine = incident { $0.actions[0].owner = "李雷" }
        let changed = incident { $0.actions[0].owner = "韩梅梅" }
        #expect(IncidentMerge(base: base, mine: mine, theirs: changed).conflicts == [.actions])
        let gone = incident { $0.actions.removeFirst() }
        #expect(IncidentMerge(base: base, mine: mine, theirs: gone).conflicts == [.actions])
        let turned = incident { $0.actions.reverse() }
        let longer = incident { $0.actions.append(PreventionAction("document")) }
        #expect(IncidentMerge(base: base, mine: turned, theirs: longer).conflicts == [.actions])
        #expect(IncidentMerge(base: base, mine: longer, theirs: turned).conflicts == [])
    }

    @Test func withoutABaseAllThatDiffersIsAConflict() {
        let merge = IncidentMerge(
            base: nil, mine: incident { $0.title = "mine" }, theirs: incident { $0.scope = "all" })
        #expect(merge.conflicts == [.title, .scope])
    }

    /// What either side wrote stands in the merged record, or its field is a conflict.
    @Test(arguments: [1, 2, 3] as [UInt64]) func nothingThatWasWrittenIsLost(seed: UInt64) {
        var source = RandomIncident(seed: seed)
        for round in 0..<30 {
            let base = source.incident()
            let (mine, theirs) = (changed(base, &source), changed(base, &source))
            let merge = IncidentMerge(base: base, mine: mine, theirs: theirs)
            for field in IncidentField.allCases where !merge.conflicts.contains(field) {
                let values = [mine, theirs].map { added($0, field, to: base) }
                let merged = added(merge.merged, field, to: nil)
                for value in values.flatMap({ $0 }) {
                    #expect(merged.contains(value), "seed \(seed), round \(round), \(field)")
                }
            }
        }
    }

    private func changed(_ base: Incident, _ source: inout RandomIncident) -> Incident {
        var incident = base
        let other = source.incident()
        for field in IncidentField.allCases where source.random.isTrue(oneIn: 3) {
            incident.take(field, from: other)
        }
        if source.random.isTrue(oneIn: 2) { incident.services.append(source.text()) }
        if source.random.isTrue(oneIn: 2) { incident.steps.append(HandlingStep(source.text())) }
        if source.random.isTrue(oneIn: 2), !incident.actions.isEmpty {
            incident.actions[0].owner = source.text()
        }
        return incident
    }

    /// What a record has in a field that another has not: items of a list, or the value.
    private func added(
        _ incident: Incident, _ field: IncidentField, to base: Incident?
    ) -> [AnyHashable] {
        func items<Item: Hashable>(_ path: KeyPath<Incident, [Item]>) -> [AnyHashable] {
            let known = Set(base?[keyPath: path] ?? [])
            return incident[keyPath: path].filter { !known.contains($0) }
        }
        switch field.shape {
        case .lines(let path): return items(path)
        case .impact: return items(\.impact)
        case .steps: return items(\.steps)
        case .actions: return items(\.actions)
        case .related: return items(\.related)
        default:
            let value = incident.only(field).json()
            return value == base?.only(field).json() ? [] : [value]
        }
    }
}
