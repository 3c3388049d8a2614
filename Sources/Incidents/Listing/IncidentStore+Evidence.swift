internal import SQLite

/// How much of a day's events a record keeps, or should keep.
package struct DayEvidence: Equatable, Sendable {
    package let id: IncidentID
    package let pins: Int
}

extension IncidentStore {
    /// The numbers of a record's pins that were not removed or purged.
    package func keptPins(of id: IncidentID) throws(IncidentError) -> Set<Int> {
        Set(
            try asking(
                """
                SELECT number FROM pin
                WHERE incident = ?1 AND removed IS NULL AND event IS NOT NULL
                """, [id.key]
            ) { Int($0.integer(0)) })
    }

    /// The records that keep events of a span of time, and how many; those removed or purged do not count.
    package func records(
        withPinsIn times: Range<Int64>
    ) throws(IncidentError) -> [DayEvidence] {
        try asking(
            """
            SELECT incident, count(*) FROM pin
            WHERE removed IS NULL AND event IS NOT NULL AND time >= ?1 AND time < ?2
            GROUP BY incident ORDER BY incident
            """, [times.lowerBound, times.upperBound]
        ) { DayEvidence(id: IncidentID(key: $0.integer(0)), pins: Int($0.integer(1))) }
    }

    /// The records that are not closed, whose fault was there in a span of time, and that keep no event
    /// of it.
    ///
    /// A fault lasts from its start (else its detection) to when it was resolved; without that, it is
    /// taken to have lasted for the day after its start at most, or every later day would be named.
    package func openRecords(
        withoutPinsIn times: Range<Int64>
    ) throws(IncidentError) -> [IncidentID] {
        let day: Int64 = 86_400_000_000_000
        return try asking(
            """
            SELECT key FROM incident i
            WHERE status <> 'closed' AND coalesce(started, detected) < ?2
                AND coalesce(resolved, coalesce(started, detected) + ?3) >= ?1
                AND NOT EXISTS (SELECT 1 FROM pin WHERE incident = i.key AND removed IS NULL
                    AND event IS NOT NULL AND time >= ?1 AND time < ?2)
            ORDER BY key
            """, [times.lowerBound, times.upperBound, day]
        ) { IncidentID(key: $0.integer(0)) }
    }
}
