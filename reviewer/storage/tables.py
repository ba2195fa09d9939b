"""The tables, for queries in SQLAlchemy Core. db/versions/ makes them; tests hold the two together."""

from sqlalchemy import BLOB, Column, Float, ForeignKey, Integer, MetaData, Table, Text

metadata = MetaData()

entry = Table(
    "entry",
    metadata,
    Column("stream", BLOB, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("hash", BLOB, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("body", BLOB, nullable=False),
    Column("sig", BLOB, nullable=False),
    Column("received_ms", Integer, nullable=False),
)

blob = Table("blob", metadata, Column("hash", BLOB, primary_key=True), Column("content", BLOB, nullable=False))

item = Table(
    "item",
    metadata,
    Column("n", Integer, primary_key=True),
    Column("id", BLOB, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("agent", Text),
    Column("model", Text),
    Column("time", Text),
    Column("external_id", Text),
    Column("title", Text, nullable=False),
    Column("steps", Integer, nullable=False),
    Column("tools", Text, nullable=False),  # names, a space before and after each
    Column("media", Text, nullable=False),  # part types other than text and json, and `error`, a space before and after each
    Column("payload", BLOB, nullable=False),
)

import_file = Table(
    "import_file",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("format", Text, nullable=False),
    Column("format_version", Integer, nullable=False),
    Column("imported_ms", Integer, nullable=False),
)

origin = Table(
    "origin",
    metadata,
    Column("n", Integer, ForeignKey("item.n"), primary_key=True),
    Column("file", Integer, ForeignKey("import_file.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("line", Integer),
    Column("metadata", BLOB, nullable=False),
    Column("original", BLOB, nullable=False),
    Column("original_size", Integer, nullable=False),
)

# FTS5, contentless; its rowid is item.n, its only column `text`.
item_text = Table("item_text", metadata, Column("rowid", Integer, primary_key=True), Column("text", Text))

member = Table(
    "member",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
)

device = Table(
    "device",
    metadata,
    Column("id", Text, primary_key=True),
    Column("member", Text, nullable=False),
    Column("sign_key", Text, nullable=False),
    Column("seal_key", Text, nullable=False),
    Column("stream", Text, nullable=False),
    Column("admitted", Text, nullable=False),  # hash of the genesis or enrol entry
    Column("role", Text, nullable=False),  # in which its entries are judged
)

campaign = Table(
    "campaign",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("hash", BLOB, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("rules", Text, nullable=False),
    Column("created_ms", Integer, nullable=False),
    Column("closed", Integer, nullable=False, server_default="0"),
    Column("blind", Integer, nullable=False),
    Column("population", Integer, nullable=False, server_default="0"),
    Column("sampled", Integer, nullable=False, server_default="0"),
    Column("complete", Integer, nullable=False, server_default="0"),
    Column("answered", Integer, nullable=False, server_default="0"),
    Column("labels", Integer, nullable=False, server_default="0"),
)

draw = Table(
    "draw",
    metadata,
    Column("hash", BLOB, primary_key=True),
    Column("campaign", BLOB, nullable=False),
    Column("query", Text, nullable=False),
    Column("population_n", Integer, nullable=False),
    Column("population", BLOB, nullable=False),
    Column("picks_n", Integer, nullable=False),
    Column("picks", BLOB, nullable=False),
    Column("design", Text, nullable=False),
    Column("drawn_ms", Integer, nullable=False),
)

pick = Table(
    "pick",
    metadata,
    Column("campaign", Integer, ForeignKey("campaign.id"), primary_key=True),
    Column("item", BLOB, primary_key=True),
    Column("stratum", Text, nullable=False),
    Column("stream", Text, nullable=False),
    Column("pi", Text, nullable=False),
    Column("u", Text, nullable=False),
    Column("place", Float, nullable=False),
    Column("complete", Integer, nullable=False, server_default="0"),
    Column("answer", Text),
)

label = Table(
    "label",
    metadata,
    Column("n", Integer, primary_key=True),
    Column("hash", BLOB, nullable=False, unique=True),
    Column("campaign", Integer, nullable=False),
    Column("item", BLOB, nullable=False),
    Column("member", Text, nullable=False),
    Column("showing", Integer, nullable=False),
    Column("verdict", Text),
    Column("severity", Text),
    Column("blind", Integer, nullable=False),
    Column("in_force", Integer, nullable=False),
    Column("wall_ms", Integer, nullable=False),
    Column("dur_ms", Integer),
)

replacement = Table(
    "replacement",
    metadata,
    Column("target", BLOB, primary_key=True),
    Column("by_hash", BLOB, primary_key=True),
    Column("retracts", Integer, nullable=False),
    Column("member", Text, nullable=False),
    Column("campaign", Integer, nullable=False),
    Column("item", BLOB, nullable=False),
    Column("showing", Integer),
)

aside = Table(
    "aside",
    metadata,
    Column("n", Integer, primary_key=True),
    Column("hash", BLOB, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("campaign", Integer, nullable=False),
    Column("item", BLOB, nullable=False),
    Column("member", Text, nullable=False),
    Column("wall_ms", Integer, nullable=False),
)

departure = Table(
    "departure",
    metadata,
    Column("hash", BLOB, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("wall_ms", Integer, nullable=False),
)

draft = Table(
    "draft",
    metadata,
    Column("campaign", BLOB, primary_key=True),
    Column("item", BLOB, primary_key=True),
    Column("member", Text, primary_key=True),
    Column("opinion", Text, nullable=False),
    Column("saved_ms", Integer, nullable=False),
)

fact = Table("fact", metadata, Column("name", Text, primary_key=True), Column("value", Text, nullable=False))

# Dropped and filled again when the journal is folded anew, children first.
VIEWS = (departure, aside, replacement, label, pick, draw, campaign, device, member)
