-- What all migrations together make: a new workspace is laid from this. Made by: python -m tests.contracts.test_schema

CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

CREATE TABLE entry (
        stream BLOB NOT NULL CHECK (length(stream) = 16),
        seq INTEGER NOT NULL CHECK (seq >= 1),
        hash BLOB NOT NULL CHECK (length(hash) = 32),
        kind TEXT NOT NULL,
        body BLOB NOT NULL,
        sig BLOB NOT NULL CHECK (length(sig) = 64),
        received_ms INTEGER NOT NULL,
        PRIMARY KEY (stream, seq, hash)
    ) STRICT;

CREATE UNIQUE INDEX entry_hash ON entry (hash);

CREATE TRIGGER entry_is_never_changed BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END;

CREATE TRIGGER entry_is_never_removed BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'entries are never removed'); END;

CREATE TABLE blob (hash BLOB PRIMARY KEY CHECK (length(hash) = 32), content BLOB NOT NULL) STRICT;

CREATE TABLE item (
        n INTEGER PRIMARY KEY,
        id BLOB NOT NULL UNIQUE CHECK (length(id) = 32),
        kind TEXT NOT NULL CHECK (kind IN ('trajectory', 'completion', 'comparison')),
        agent TEXT, model TEXT, time TEXT, external_id TEXT,
        title TEXT NOT NULL, steps INTEGER NOT NULL, tools TEXT NOT NULL, media TEXT NOT NULL,
        payload BLOB NOT NULL
    ) STRICT;

CREATE INDEX item_time ON item (time, n, agent, model, kind, steps);

CREATE INDEX item_agent ON item (agent, time);

CREATE INDEX item_model ON item (model, time);

CREATE INDEX item_steps ON item (steps);

CREATE INDEX item_kind ON item (kind) WHERE kind <> 'trajectory';

CREATE INDEX item_media ON item (media) WHERE media <> '';

CREATE INDEX item_external_id ON item (external_id) WHERE external_id IS NOT NULL;

CREATE TABLE origin (
        n INTEGER PRIMARY KEY REFERENCES item (n),
        file INTEGER NOT NULL REFERENCES import_file (id),
        position INTEGER NOT NULL, line INTEGER,
        metadata BLOB NOT NULL, original BLOB NOT NULL, original_size INTEGER NOT NULL
    ) STRICT;

CREATE INDEX origin_file ON origin (file);

CREATE TABLE import_file (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL, format TEXT NOT NULL, format_version INTEGER NOT NULL,
        imported_ms INTEGER NOT NULL
    ) STRICT;

CREATE VIRTUAL TABLE item_text USING fts5 (text, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2');

CREATE TABLE member (id TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL) STRICT;

CREATE TABLE device (
        id TEXT PRIMARY KEY, member TEXT NOT NULL, sign_key TEXT NOT NULL, seal_key TEXT NOT NULL, stream TEXT NOT NULL,
        admitted TEXT NOT NULL, role TEXT NOT NULL
    , revoked INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE TABLE campaign (
        id INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, name TEXT NOT NULL, rules TEXT NOT NULL, created_ms INTEGER NOT NULL,
        closed INTEGER NOT NULL DEFAULT 0, blind INTEGER NOT NULL, population INTEGER NOT NULL DEFAULT 0,
        sampled INTEGER NOT NULL DEFAULT 0, complete INTEGER NOT NULL DEFAULT 0, answered INTEGER NOT NULL DEFAULT 0,
        labels INTEGER NOT NULL DEFAULT 0
    ) STRICT;

CREATE TABLE draw (
        hash BLOB PRIMARY KEY, campaign BLOB NOT NULL, query TEXT NOT NULL, population_n INTEGER NOT NULL, population BLOB NOT NULL,
        picks_n INTEGER NOT NULL, picks BLOB NOT NULL, design TEXT NOT NULL, drawn_ms INTEGER NOT NULL
    ) STRICT;

CREATE TABLE pick (
        campaign INTEGER NOT NULL REFERENCES campaign (id), item BLOB NOT NULL, stratum TEXT NOT NULL, stream TEXT NOT NULL,
        pi TEXT NOT NULL, u TEXT NOT NULL, place REAL NOT NULL, complete INTEGER NOT NULL DEFAULT 0, answer TEXT,
        PRIMARY KEY (campaign, item)
    ) STRICT, WITHOUT ROWID;

CREATE INDEX pick_queue ON pick (campaign, complete, place);

CREATE INDEX pick_item ON pick (item);

CREATE TABLE label (
        n INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, campaign INTEGER NOT NULL, item BLOB NOT NULL, member TEXT NOT NULL,
        showing INTEGER NOT NULL, verdict TEXT, severity TEXT, blind INTEGER NOT NULL, in_force INTEGER NOT NULL,
        wall_ms INTEGER NOT NULL, dur_ms INTEGER
    ) STRICT;

CREATE INDEX label_item ON label (item, campaign, member, in_force, showing);

CREATE INDEX label_mine ON label (campaign, member, in_force, n);

CREATE INDEX label_verdict ON label (verdict, in_force, item);

CREATE TABLE replacement (
        target BLOB NOT NULL, by_hash BLOB NOT NULL, retracts INTEGER NOT NULL, member TEXT NOT NULL, campaign INTEGER NOT NULL,
        item BLOB NOT NULL, showing INTEGER, PRIMARY KEY (target, by_hash)
    ) STRICT, WITHOUT ROWID;

CREATE TABLE aside (
        n INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, kind TEXT NOT NULL CHECK (kind IN ('skip', 'escalate')),
        campaign INTEGER NOT NULL, item BLOB NOT NULL, member TEXT NOT NULL, wall_ms INTEGER NOT NULL
    ) STRICT;

CREATE INDEX aside_mine ON aside (campaign, member, item);

CREATE TABLE departure (
        hash BLOB PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('release', 'export')), value TEXT NOT NULL, wall_ms INTEGER NOT NULL
    ) STRICT;

CREATE TABLE draft (
        campaign BLOB NOT NULL, item BLOB NOT NULL, member TEXT NOT NULL, opinion TEXT NOT NULL, saved_ms INTEGER NOT NULL,
        PRIMARY KEY (campaign, item, member)
    ) STRICT, WITHOUT ROWID;

CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE revocation (hash BLOB PRIMARY KEY, device TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE untrusted (hash BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;

CREATE TABLE uncounted (hash BLOB PRIMARY KEY, why TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE rename (hash BLOB PRIMARY KEY, member TEXT NOT NULL, name TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE successor (target BLOB NOT NULL, by_hash BLOB NOT NULL, PRIMARY KEY (target, by_hash)) STRICT, WITHOUT ROWID;

CREATE INDEX successor_by ON successor (by_hash);

CREATE TABLE policy (
        hash BLOB PRIMARY KEY, policy TEXT NOT NULL, title TEXT NOT NULL, clauses_n INTEGER NOT NULL, clauses BLOB NOT NULL,
        source BLOB NOT NULL, effective TEXT, published_ms INTEGER NOT NULL
    ) STRICT;

CREATE INDEX policy_key ON policy (policy);

CREATE TABLE activation (hash BLOB PRIMARY KEY, policy TEXT NOT NULL, version BLOB NOT NULL, wall_ms INTEGER NOT NULL) STRICT;

CREATE TABLE resolution (
        hash BLOB PRIMARY KEY, campaign INTEGER NOT NULL, item BLOB NOT NULL, member TEXT NOT NULL, verdict TEXT NOT NULL,
        wall_ms INTEGER NOT NULL
    ) STRICT;

CREATE INDEX resolution_item ON resolution (campaign, item);

CREATE TABLE gold (hash BLOB PRIMARY KEY, campaign INTEGER NOT NULL, item BLOB NOT NULL, verdict TEXT) STRICT;

CREATE INDEX gold_item ON gold (campaign, item);

CREATE TABLE suggestion (
        hash BLOB NOT NULL, item BLOB NOT NULL, judge TEXT NOT NULL, verdict TEXT, score TEXT, PRIMARY KEY (hash, item)
    ) STRICT, WITHOUT ROWID;

CREATE INDEX suggestion_item ON suggestion (item);

CREATE TABLE erasure (
        hash BLOB PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('erase_request', 'erase_done')), item BLOB NOT NULL,
        device TEXT NOT NULL, wall_ms INTEGER NOT NULL
    ) STRICT;

CREATE INDEX erasure_item ON erasure (item);

CREATE TABLE label_clause (
        hash BLOB NOT NULL, policy TEXT NOT NULL, clause TEXT NOT NULL, version TEXT NOT NULL, text TEXT NOT NULL,
        PRIMARY KEY (hash, policy, clause, version)
    ) STRICT, WITHOUT ROWID;

CREATE INDEX label_clause_name ON label_clause (clause, policy);

CREATE TABLE doubled (
        campaign INTEGER NOT NULL, item BLOB NOT NULL, member TEXT NOT NULL, PRIMARY KEY (campaign, member, item)
    ) STRICT, WITHOUT ROWID;

CREATE TABLE pending (
        hash BLOB PRIMARY KEY CHECK (length(hash) = 32), stream BLOB NOT NULL CHECK (length(stream) = 16), seq INTEGER NOT NULL,
        device TEXT NOT NULL, body BLOB NOT NULL, sig BLOB NOT NULL CHECK (length(sig) = 64),
        why TEXT NOT NULL CHECK (why IN ('gap', 'device')), received_ms INTEGER NOT NULL
    ) STRICT;

CREATE INDEX pending_stream ON pending (stream, seq);

CREATE INDEX pending_device ON pending (device);

CREATE TABLE receipt (
        device TEXT NOT NULL, stream BLOB NOT NULL, seq INTEGER NOT NULL, head BLOB NOT NULL, time TEXT NOT NULL, sig BLOB NOT NULL,
        PRIMARY KEY (device, stream, seq, head)
    ) STRICT, WITHOUT ROWID;

CREATE TABLE heard (
        device TEXT NOT NULL, stream BLOB NOT NULL, seq INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (device, stream, hash)
    ) STRICT, WITHOUT ROWID;

CREATE TABLE contact (device TEXT PRIMARY KEY, heard_ms INTEGER NOT NULL, set_digest TEXT, state_digest TEXT) STRICT;

CREATE TABLE requeue (
        hash BLOB PRIMARY KEY, campaign INTEGER NOT NULL, items_n INTEGER NOT NULL, items BLOB NOT NULL, why TEXT NOT NULL, clause TEXT,
        wall_ms INTEGER NOT NULL
    ) STRICT;

CREATE TABLE requeue_item (
        campaign INTEGER NOT NULL, item BLOB NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (campaign, item, hash)
    ) STRICT, WITHOUT ROWID;

CREATE INDEX requeue_item_of ON requeue_item (hash);

CREATE TABLE asked_again (
        campaign INTEGER NOT NULL, item BLOB NOT NULL, member TEXT NOT NULL, hash BLOB NOT NULL, enough INTEGER NOT NULL,
        PRIMARY KEY (campaign, item, member, hash)
    ) STRICT, WITHOUT ROWID;

CREATE INDEX asked_again_mine ON asked_again (campaign, member, item);

CREATE TABLE unblinded (
        campaign BLOB NOT NULL, item BLOB NOT NULL, member TEXT NOT NULL, shown TEXT NOT NULL, since_ms INTEGER NOT NULL,
        PRIMARY KEY (campaign, item, member)
    ) STRICT, WITHOUT ROWID;

CREATE INDEX entry_admission ON entry (hash) WHERE kind IN ('genesis', 'enrol');

CREATE INDEX entry_suggestion ON entry (hash) WHERE kind = 'suggestion';

CREATE TABLE finding (
        hash BLOB PRIMARY KEY, what TEXT NOT NULL, items_n INTEGER NOT NULL, items BLOB NOT NULL, campaign BLOB, fresh BLOB,
        figures TEXT NOT NULL, wall_ms INTEGER NOT NULL
    ) STRICT;

CREATE INDEX finding_items ON finding (items);

CREATE TABLE alarm (
        hash BLOB PRIMARY KEY, campaign BLOB NOT NULL, kind TEXT NOT NULL, at TEXT NOT NULL, statistic TEXT NOT NULL,
        threshold TEXT NOT NULL, wall_ms INTEGER NOT NULL
    ) STRICT;

CREATE TABLE vector (
        embedder TEXT NOT NULL, item BLOB NOT NULL, numbers BLOB NOT NULL, PRIMARY KEY (embedder, item)
    ) STRICT, WITHOUT ROWID;

CREATE TABLE embedder (name TEXT PRIMARY KEY, learned BLOB NOT NULL) STRICT;

CREATE TABLE cluster_run (id TEXT PRIMARY KEY, member TEXT NOT NULL, made_ms INTEGER NOT NULL, content BLOB NOT NULL) STRICT;

CREATE TABLE cluster (
        run TEXT NOT NULL REFERENCES cluster_run (id), id BLOB NOT NULL, items BLOB NOT NULL, PRIMARY KEY (run, id)
    ) STRICT, WITHOUT ROWID;

CREATE INDEX cluster_named ON cluster (id);

CREATE TABLE incident_act (
        hash BLOB PRIMARY KEY, incident BLOB NOT NULL, items_n INTEGER NOT NULL, items BLOB, finding TEXT, wall_ms INTEGER NOT NULL
    ) STRICT;

CREATE INDEX incident_act_of ON incident_act (incident);

CREATE TABLE incident_said (
        hash BLOB NOT NULL, field TEXT NOT NULL, incident BLOB NOT NULL, value TEXT NOT NULL, PRIMARY KEY (hash, field)
    ) STRICT, WITHOUT ROWID;

CREATE INDEX incident_said_of ON incident_said (incident, field);

CREATE TABLE incident_item (
        incident BLOB NOT NULL, item BLOB NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (incident, item, hash)
    ) STRICT, WITHOUT ROWID;

CREATE INDEX incident_item_in ON incident_item (item);

INSERT INTO alembic_version VALUES ('0006');

INSERT INTO fact VALUES ('items', '0');

INSERT INTO item_text (item_text, rank) VALUES ('automerge', 8);

INSERT INTO item_text (item_text, rank) VALUES ('hashsize', 67108864);
