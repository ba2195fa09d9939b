"""The first schema: journal, items, campaigns, labels, search."""

from alembic import op

revision = "0001"
down_revision = None

_STATEMENTS = (
    # --- the journal: the truth. Entries are never changed.
    """CREATE TABLE entry (
        stream BLOB NOT NULL CHECK (length(stream) = 16),
        seq INTEGER NOT NULL CHECK (seq >= 1),
        hash BLOB NOT NULL CHECK (length(hash) = 32),
        kind TEXT NOT NULL,
        body BLOB NOT NULL,
        sig BLOB NOT NULL CHECK (length(sig) = 64),
        received_ms INTEGER NOT NULL,
        PRIMARY KEY (stream, seq, hash)
    ) STRICT""",
    "CREATE UNIQUE INDEX entry_hash ON entry (hash)",
    "CREATE TRIGGER entry_is_never_changed BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END",
    "CREATE TRIGGER entry_is_never_removed BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'entries are never removed'); END",
    # --- bytes named by their SHA-256: notes, lists of ids, guidelines, corrections. Media are files.
    "CREATE TABLE blob (hash BLOB PRIMARY KEY CHECK (length(hash) = 32), content BLOB NOT NULL) STRICT",
    # --- items: n is the order in which they came
    """CREATE TABLE item (
        n INTEGER PRIMARY KEY,
        id BLOB NOT NULL UNIQUE CHECK (length(id) = 32),
        kind TEXT NOT NULL CHECK (kind IN ('trajectory', 'completion', 'comparison')),
        agent TEXT, model TEXT, time TEXT, external_id TEXT,
        title TEXT NOT NULL, steps INTEGER NOT NULL, tools TEXT NOT NULL, media TEXT NOT NULL,
        payload BLOB NOT NULL
    ) STRICT""",
    # Search walks item_time in the order of the screen and filters without touching the rows, which carry payloads.
    "CREATE INDEX item_time ON item (time, n, agent, model, kind, steps)",
    "CREATE INDEX item_agent ON item (agent, time)",
    "CREATE INDEX item_model ON item (model, time)",
    "CREATE INDEX item_steps ON item (steps)",
    "CREATE INDEX item_kind ON item (kind) WHERE kind <> 'trajectory'",
    "CREATE INDEX item_media ON item (media) WHERE media <> ''",
    "CREATE INDEX item_external_id ON item (external_id) WHERE external_id IS NOT NULL",
    """CREATE TABLE origin (
        n INTEGER PRIMARY KEY REFERENCES item (n),
        file INTEGER NOT NULL REFERENCES import_file (id),
        position INTEGER NOT NULL, line INTEGER,
        metadata BLOB NOT NULL, original BLOB NOT NULL, original_size INTEGER NOT NULL
    ) STRICT""",
    "CREATE INDEX origin_file ON origin (file)",
    """CREATE TABLE import_file (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL, format TEXT NOT NULL, format_version INTEGER NOT NULL,
        imported_ms INTEGER NOT NULL
    ) STRICT""",
    "CREATE VIRTUAL TABLE item_text USING fts5 (text, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2')",
    # --- views of the journal: dropped and filled again by a rebuild
    "CREATE TABLE member (id TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL) STRICT",
    """CREATE TABLE device (
        id TEXT PRIMARY KEY, member TEXT NOT NULL, sign_key TEXT NOT NULL, seal_key TEXT NOT NULL, stream TEXT NOT NULL,
        admitted TEXT NOT NULL, role TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE campaign (
        id INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, name TEXT NOT NULL, rules TEXT NOT NULL, created_ms INTEGER NOT NULL,
        closed INTEGER NOT NULL DEFAULT 0, blind INTEGER NOT NULL, population INTEGER NOT NULL DEFAULT 0,
        sampled INTEGER NOT NULL DEFAULT 0, complete INTEGER NOT NULL DEFAULT 0, answered INTEGER NOT NULL DEFAULT 0,
        labels INTEGER NOT NULL DEFAULT 0
    ) STRICT""",
    """CREATE TABLE draw (
        hash BLOB PRIMARY KEY, campaign BLOB NOT NULL, query TEXT NOT NULL, population_n INTEGER NOT NULL, population BLOB NOT NULL,
        picks_n INTEGER NOT NULL, picks BLOB NOT NULL, design TEXT NOT NULL, drawn_ms INTEGER NOT NULL
    ) STRICT""",
    """CREATE TABLE pick (
        campaign INTEGER NOT NULL REFERENCES campaign (id), item BLOB NOT NULL, stratum TEXT NOT NULL, stream TEXT NOT NULL,
        pi TEXT NOT NULL, u TEXT NOT NULL, place REAL NOT NULL, complete INTEGER NOT NULL DEFAULT 0, answer TEXT,
        PRIMARY KEY (campaign, item)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX pick_queue ON pick (campaign, complete, place)",
    "CREATE INDEX pick_item ON pick (item)",
    """CREATE TABLE label (
        n INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, campaign INTEGER NOT NULL, item BLOB NOT NULL, member TEXT NOT NULL,
        showing INTEGER NOT NULL, verdict TEXT, severity TEXT, blind INTEGER NOT NULL, in_force INTEGER NOT NULL,
        wall_ms INTEGER NOT NULL, dur_ms INTEGER
    ) STRICT""",
    "CREATE INDEX label_item ON label (item, campaign, member, in_force, showing)",
    "CREATE INDEX label_mine ON label (campaign, member, in_force, n)",
    "CREATE INDEX label_verdict ON label (verdict, in_force, item)",
    """CREATE TABLE replacement (
        target BLOB NOT NULL, by_hash BLOB NOT NULL, retracts INTEGER NOT NULL, member TEXT NOT NULL, campaign INTEGER NOT NULL,
        item BLOB NOT NULL, showing INTEGER, PRIMARY KEY (target, by_hash)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE aside (
        n INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, kind TEXT NOT NULL CHECK (kind IN ('skip', 'escalate')),
        campaign INTEGER NOT NULL, item BLOB NOT NULL, member TEXT NOT NULL, wall_ms INTEGER NOT NULL
    ) STRICT""",
    "CREATE INDEX aside_mine ON aside (campaign, member, item)",
    """CREATE TABLE departure (
        hash BLOB PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('release', 'export')), value TEXT NOT NULL, wall_ms INTEGER NOT NULL
    ) STRICT""",
    # --- not of the journal: what a person has begun to write, counters, and facts of this replica
    """CREATE TABLE draft (
        campaign BLOB NOT NULL, item BLOB NOT NULL, member TEXT NOT NULL, opinion TEXT NOT NULL, saved_ms INTEGER NOT NULL,
        PRIMARY KEY (campaign, item, member)
    ) STRICT, WITHOUT ROWID""",
    "CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    "INSERT INTO fact VALUES ('items', '0')",
    # Measured: fewer, larger segments; 64 MB of memory for the words of one transaction.
    "INSERT INTO item_text (item_text, rank) VALUES ('automerge', 8)",
    "INSERT INTO item_text (item_text, rank) VALUES ('hashsize', 67108864)",
)


def upgrade() -> None:
    """Make the tables; CHECK constraints and triggers are written by hand, since autogenerate does not see them."""
    for statement in _STATEMENTS:
        op.execute(statement)
