internal import LogModel
package import LogQuery
internal import LogStore
internal import SQLite

extension IncidentStore {
    /// The pins that hold what a search would find: in their event, by its bytes and fields, or in the lines around it.
    ///
    /// Removed pins count, since they are kept; purged ones have nothing. The logs that they were taken from need not be
    /// there. Costs some hundred microseconds a pin.
    package func pins(matching search: Search) throws(IncidentError) -> [PinPlace] {
        var places: [PinPlace] = []
        do {
            let statement = try Statement(
                """
                SELECT p.incident, p.number, e.content, p.event, p.before, p.after FROM pin p
                JOIN entry e ON e.incident = p.incident AND e.number = p.entry
                WHERE p.event IS NOT NULL ORDER BY p.incident, p.number
                """, on: connection)
            while try statement.step() {
                let place = PinPlace(
                    incident: IncidentID(key: statement.integer(0)),
                    number: Int(statement.integer(1)))
                var originals = Pin.Originals()
                (originals.event, originals.before) = (statement.blob(3), statement.blob(4))
                originals.after = statement.blob(5)
                guard let pin = Pin(json: statement.blob(2), originals: originals) else {
                    throw IncidentError.damaged(
                        place.incident, "pin P\(place.number) is not as it was pinned")
                }
                if try pin.isFound(by: search) { places.append(place) }
            }
        } catch let error as IncidentError {
            throw error
        } catch let error as SQLiteError {
            throw IncidentError(error)
        } catch {
            throw .store(.damaged(path: directory, reason: "\(error)"))
        }
        return places
    }
}

extension Pin {
    func isFound(by search: Search) throws(BlockError) -> Bool {
        let source = EventSource(
            host: place.host, service: place.service, environment: place.environment,
            path: place.path, generation: place.generation,
            observedTimestamp: event.observedTimestamp)
        return try !search.rows(of: batch, from: source).isEmpty
    }

    /// The event with its fields beside its bytes, and the lines around it as events that nothing is known of.
    private var batch: EventBatch {
        var batch = EventBatch()
        let layout = Layout(
            format: event.format, pieces: [.field(0)],
            fields: [LogModel.Field(FieldName.original, .original)]
                + event.fields.map { LogModel.Field($0.name, Self.kind(of: $0.name)) })
        add([originals.event] + event.fields.map { Array($0.value.utf8) }, layout, to: &batch)
        for lines in [originals.before, originals.after] where !lines.isEmpty {
            add([lines], .unparsed, to: &batch)
        }
        return batch
    }

    /// The first value is the bytes of the event, the others are beside it.
    private func add(_ values: [[UInt8]], _ layout: Layout, to batch: inout EventBatch) {
        var row = EventBatch.Row()
        row.start = UInt32(clamping: batch.bytes.count)
        row.length = UInt32(clamping: values[0].count)
        row.layout = batch.index(of: layout)
        row.firstCapture = UInt32(clamping: batch.captures.count)
        row.severity = layout.isParsed ? event.severityNumber : 0
        if !layout.isParsed { row.flags.insert(.isUnparsed) }
        if !values[0].withUnsafeBufferPointer(UTF8Bytes.isValid) {
            row.flags.insert(.isInvalidUTF8)
        }
        (row.timestamp, row.utcOffset) = (event.timestamp, event.utcOffset)
        row.offset = place.offset
        for value in values {
            batch.captures.append(
                EventBatch.Capture(batch.bytes.count, batch.bytes.count + value.count))
            batch.bytes += value
        }
        batch.rows.append(row)
    }

    private static func kind(of name: String) -> LogModel.Field.Kind {
        switch name {
        case FieldName.severityText: return .severity
        case FieldName.body: return .body
        default: break
        }
        switch FieldNames.resolve(name)?.type {
        case .integer, .bytes: return .integer
        case .number: return .number
        case .duration: return .seconds
        default: return .text
        }
    }
}
