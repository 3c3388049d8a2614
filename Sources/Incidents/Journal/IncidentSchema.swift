internal import LogStore

/// The tables of `incidents.db`.
///
/// `entry` and `pin` are what is kept; all other tables follow from the last revision of each record and are
/// written with it, so that lists and statistics read no JSON.
enum IncidentSchema {
    static let kind = FileKind(applicationID: 0x6C67_7169, version: 1)  // "lgqi"

    /// `entry.content` and what a pin has of its event are NULL when they were purged; `pin.removed` is the entry
    /// that removed or purged it. `label` has the values of the fields that have several. `prose` has the
    /// words of each record, as `Incident.words` cuts them.
    static let tables = """
        CREATE TABLE incident(key INTEGER PRIMARY KEY, entries INTEGER NOT NULL,
            revision INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
            title TEXT NOT NULL, type TEXT, subtype TEXT, severity TEXT, status TEXT NOT NULL,
            started INTEGER, detected INTEGER, acknowledged INTEGER, mitigated INTEGER,
            resolved INTEGER, pins INTEGER NOT NULL DEFAULT 0);
        CREATE TABLE entry(incident INTEGER NOT NULL, number INTEGER NOT NULL, header BLOB NOT NULL,
            content BLOB, PRIMARY KEY(incident, number));
        CREATE TABLE pin(incident INTEGER NOT NULL, number INTEGER NOT NULL, entry INTEGER NOT NULL,
            removed INTEGER, time INTEGER, uid TEXT, event BLOB, before BLOB, after BLOB,
            PRIMARY KEY(incident, number));
        CREATE INDEX pin_time ON pin(time) WHERE removed IS NULL;
        CREATE INDEX pin_uid ON pin(uid);
        CREATE TABLE label(field TEXT NOT NULL, value TEXT NOT NULL, incident INTEGER NOT NULL,
            PRIMARY KEY(field, value, incident)) WITHOUT ROWID;
        CREATE INDEX label_incident ON label(incident);
        CREATE TABLE action(incident INTEGER NOT NULL, number INTEGER NOT NULL, text TEXT NOT NULL,
            owner TEXT NOT NULL, due TEXT, state TEXT NOT NULL, PRIMARY KEY(incident, number))
            WITHOUT ROWID;
        CREATE INDEX action_due ON action(state, due);
        CREATE VIRTUAL TABLE prose USING fts5(title, cause, story, names,
            tokenize = 'ascii tokenchars _');
        CREATE VIRTUAL TABLE prose_word USING fts5vocab(prose, row);
        """

    /// The fields whose values stand in `label`.
    static let labels: [IncidentField] = [.services, .hosts, .handlers, .tags, .patterns]
}
