internal import SQLite

/// What jobs did: the tables `job` and `job_step`.
extension Catalog {
    func insertJob(
        _ kind: String, started: Int64, by process: ProcessIdentity
    ) throws(StoreError) -> JobRecord {
        try running { () throws(SQLiteError) in
            let statement = try Statement(
                """
                INSERT INTO job(kind, started, ended, process, process_start, outcome, summary)
                VALUES(?, ?, 0, ?, ?, '', '')
                """, on: connection)
            statement.bind(kind, at: 1)
            statement.bind(started, at: 2)
            statement.bind(process.number, at: 3)
            statement.bind(process.start, at: 4)
            try statement.run()
            return JobRecord(
                id: connection.lastInsertedRow, kind: kind, started: started, ended: 0,
                process: process.number, outcome: "", summary: "", isRunning: true)
        }
    }

    func insert(_ step: JobStep) throws(StoreError) {
        try running { () throws(SQLiteError) in
            let statement = try Statement(
                """
                INSERT INTO job_step(job, number, day, action, started, ended, events, raw_bytes,
                    bytes_before, bytes_after, note)
                SELECT ?1, 1 + coalesce(max(number), 0), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10
                FROM job_step WHERE job = ?1
                """, on: connection)
            statement.bind(step.job, at: 1)
            statement.bind(step.day?.number, at: 2)
            statement.bind(step.action, at: 3)
            for (index, value) in [
                step.started, step.ended, step.events, step.rawBytes, step.bytesBefore,
                step.bytesAfter,
            ].enumerated() {
                statement.bind(value, at: Int32(index + 4))
            }
            statement.bind(step.note, at: 10)
            try statement.run()
        }
    }

    func endJob(
        _ id: Int64, at time: Int64, outcome: String, summary: String
    ) throws(StoreError) {
        try running { () throws(SQLiteError) in
            let statement = try Statement(
                "UPDATE job SET ended = ?, outcome = ?, summary = ? WHERE id = ?", on: connection)
            statement.bind(time, at: 1)
            statement.bind(outcome, at: 2)
            statement.bind(summary, at: 3)
            statement.bind(id, at: 4)
            try statement.run()
        }
    }

    func removeJobs(before time: Int64) throws(StoreError) {
        try running { () throws(SQLiteError) in
            // The steps first: what a crash leaves of a job is removed the next time.
            for sql in [
                "DELETE FROM job_step WHERE job IN (SELECT id FROM job WHERE started < ?)",
                "DELETE FROM job WHERE started < ?",
            ] {
                let statement = try Statement(sql, on: connection)
                statement.bind(time, at: 1)
                try statement.run()
            }
        }
    }

    private static let jobColumns =
        "id, kind, started, ended, process, outcome, summary, process_start"

    func jobs(limit: Int) throws(StoreError) -> [JobRecord] {
        try running { () throws(SQLiteError) in
            let row = try Statement(
                "SELECT \(Self.jobColumns) FROM job ORDER BY id DESC LIMIT ?", on: connection)
            row.bind(Int64(limit), at: 1)
            var found: [JobRecord] = []
            while try row.step() { found.append(Self.job(row)) }
            return found
        }
    }

    func job(_ id: Int64) throws(StoreError) -> JobRecord? {
        try running { () throws(SQLiteError) in
            let row = try Statement(
                "SELECT \(Self.jobColumns) FROM job WHERE id = ?", on: connection)
            row.bind(id, at: 1)
            return try row.step() ? Self.job(row) : nil
        }
    }

    private static func job(_ row: borrowing Statement) -> JobRecord {
        let ended = row.integer(3)
        let process = ProcessIdentity(number: row.integer(4), start: row.integer(7))
        return JobRecord(
            id: row.integer(0), kind: row.text(1), started: row.integer(2), ended: ended,
            process: process.number, outcome: row.text(5), summary: row.text(6),
            isRunning: ended == 0 && process.isThere)
    }

    func steps(of job: Int64) throws(StoreError) -> [JobStep] {
        try running { () throws(SQLiteError) in
            let row = try Statement(
                """
                SELECT number, day, action, started, ended, events, raw_bytes, bytes_before,
                    bytes_after, note FROM job_step WHERE job = ? ORDER BY number
                """, on: connection)
            row.bind(job, at: 1)
            var found: [JobStep] = []
            while try row.step() { found.append(Self.step(row, of: job)) }
            return found
        }
    }

    private static func step(_ row: borrowing Statement, of job: Int64) -> JobStep {
        JobStep(
            job: job, number: row.integer(0),
            day: row.isNull(1) ? nil : Day(number: row.integer(1)), action: row.text(2),
            started: row.integer(3), ended: row.integer(4), events: row.integer(5),
            rawBytes: row.integer(6), bytesBefore: row.integer(7), bytesAfter: row.integer(8),
            note: row.text(9))
    }
}
