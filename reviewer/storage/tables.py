"""The tables, for queries in SQLAlchemy Core. db/versions/ makes them; tests hold the two together."""

from typing import TypeAlias

from sqlalchemy import BLOB, Column, ColumnElement, Float, ForeignKey, Integer, MetaData, Table, Text

Condition: TypeAlias = ColumnElement[bool]

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
    Column("revoked", Integer, nullable=False, server_default="0"),
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

unblinded = Table(
    "unblinded",
    metadata,
    Column("campaign", BLOB, primary_key=True),
    Column("item", BLOB, primary_key=True),
    Column("member", Text, primary_key=True),
    Column("shown", Text, nullable=False),
    Column("since_ms", Integer, nullable=False),
)

fact = Table("fact", metadata, Column("name", Text, primary_key=True), Column("value", Text, nullable=False))

revocation = Table("revocation", metadata, Column("hash", BLOB, primary_key=True), Column("device", Text, nullable=False))

untrusted = Table("untrusted", metadata, Column("hash", BLOB, primary_key=True))

uncounted = Table("uncounted", metadata, Column("hash", BLOB, primary_key=True), Column("why", Text, nullable=False))

rename = Table(
    "rename",
    metadata,
    Column("hash", BLOB, primary_key=True),
    Column("member", Text, nullable=False),
    Column("name", Text, nullable=False),
)

successor = Table("successor", metadata, Column("target", BLOB, primary_key=True), Column("by_hash", BLOB, primary_key=True))

policy = Table(
    "policy",
    metadata,
    Column("hash", BLOB, primary_key=True),  # the version's name
    Column("policy", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("clauses_n", Integer, nullable=False),
    Column("clauses", BLOB, nullable=False),
    Column("source", BLOB, nullable=False),
    Column("effective", Text),
    Column("published_ms", Integer, nullable=False),
)

activation = Table(
    "activation",
    metadata,
    Column("hash", BLOB, primary_key=True),
    Column("policy", Text, nullable=False),
    Column("version", BLOB, nullable=False),
    Column("wall_ms", Integer, nullable=False),
)

resolution = Table(
    "resolution",
    metadata,
    Column("hash", BLOB, primary_key=True),
    Column("campaign", Integer, nullable=False),
    Column("item", BLOB, nullable=False),
    Column("member", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("wall_ms", Integer, nullable=False),
)

requeue = Table(
    "requeue",
    metadata,
    Column("hash", BLOB, primary_key=True),
    Column("campaign", Integer, nullable=False),
    Column("items_n", Integer, nullable=False),
    Column("items", BLOB, nullable=False),
    Column("why", Text, nullable=False),
    Column("clause", Text),
    Column("wall_ms", Integer, nullable=False),
)

requeue_item = Table(
    "requeue_item",
    metadata,
    Column("campaign", Integer, primary_key=True),
    Column("item", BLOB, primary_key=True),
    Column("hash", BLOB, primary_key=True),  # of the requeue
)

asked_again = Table(
    "asked_again",
    metadata,
    Column("campaign", Integer, primary_key=True),
    Column("item", BLOB, primary_key=True),
    Column("member", Text, primary_key=True),
    Column("hash", BLOB, primary_key=True),  # of the requeue that is not answered
    Column("enough", Integer, nullable=False),  # whether the item waits for nothing else
)

gold = Table(
    "gold",
    metadata,
    Column("hash", BLOB, primary_key=True),
    Column("campaign", Integer, nullable=False),
    Column("item", BLOB, nullable=False),
    Column("verdict", Text),
)

suggestion = Table(
    "suggestion",
    metadata,
    Column("hash", BLOB, primary_key=True),
    Column("item", BLOB, primary_key=True),
    Column("judge", Text, nullable=False),
    Column("verdict", Text),
    Column("score", Text),
)

finding = Table(
    "finding",
    metadata,
    Column("hash", BLOB, primary_key=True),
    Column("what", Text, nullable=False),
    Column("items_n", Integer, nullable=False),
    Column("items", BLOB, nullable=False),  # the name of the list, which is the cluster's id
    Column("campaign", BLOB),
    Column("fresh", BLOB),  # the campaign that asks for more labels
    Column("figures", Text, nullable=False),
    Column("wall_ms", Integer, nullable=False),
)

alarm = Table(
    "alarm",
    metadata,
    Column("hash", BLOB, primary_key=True),
    Column("campaign", BLOB, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("statistic", Text, nullable=False),
    Column("threshold", Text, nullable=False),
    Column("wall_ms", Integer, nullable=False),
)

# Not of the journal, and made again when it is asked for: what items are about, as half-precision numbers, and what was grouped by that.
vector = Table(
    "vector",
    metadata,
    Column("embedder", Text, primary_key=True),
    Column("item", BLOB, primary_key=True),
    Column("numbers", BLOB, nullable=False),
)

embedder = Table("embedder", metadata, Column("name", Text, primary_key=True), Column("learned", BLOB, nullable=False))

cluster_run = Table(
    "cluster_run",
    metadata,
    Column("id", Text, primary_key=True),
    Column("member", Text, nullable=False),
    Column("made_ms", Integer, nullable=False),
    Column("content", BLOB, nullable=False),
)

cluster = Table(
    "cluster",
    metadata,
    Column("run", Text, ForeignKey("cluster_run.id"), primary_key=True),
    Column("id", BLOB, primary_key=True),  # SHA-256 of the items
    Column("items", BLOB, nullable=False),
)

erasure = Table(
    "erasure",
    metadata,
    Column("hash", BLOB, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("item", BLOB, nullable=False),
    Column("device", Text, nullable=False),
    Column("wall_ms", Integer, nullable=False),
)

incident_act = Table(
    "incident_act",
    metadata,
    Column("hash", BLOB, primary_key=True),
    Column("incident", BLOB, nullable=False),  # the entry that opened it; of that one, itself
    Column("items_n", Integer, nullable=False),
    Column("items", BLOB),
    Column("finding", Text),
    Column("wall_ms", Integer, nullable=False),
)

incident_said = Table(
    "incident_said",
    metadata,
    Column("hash", BLOB, primary_key=True),  # of the act
    Column("field", Text, primary_key=True),
    Column("incident", BLOB, nullable=False),
    Column("value", Text, nullable=False),
)

incident_item = Table(
    "incident_item",
    metadata,
    Column("incident", BLOB, primary_key=True),
    Column("item", BLOB, primary_key=True),
    Column("hash", BLOB, primary_key=True),  # of the act that brought it in
)

label_clause = Table(
    "label_clause",
    metadata,
    Column("hash", BLOB, primary_key=True),  # of the label, or of the resolution
    Column("policy", Text, primary_key=True),
    Column("clause", Text, primary_key=True),
    Column("version", Text, primary_key=True),
    Column("text", Text, nullable=False),
)

doubled = Table(
    "doubled",
    metadata,
    Column("campaign", Integer, primary_key=True),
    Column("item", BLOB, primary_key=True),
    Column("member", Text, primary_key=True),
)

pending = Table(
    "pending",
    metadata,
    Column("hash", BLOB, primary_key=True),
    Column("stream", BLOB, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("device", Text, nullable=False),
    Column("body", BLOB, nullable=False),
    Column("sig", BLOB, nullable=False),
    Column("why", Text, nullable=False),
    Column("received_ms", Integer, nullable=False),
)

receipt = Table(
    "receipt",
    metadata,
    Column("device", Text, primary_key=True),
    Column("stream", BLOB, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("head", BLOB, primary_key=True),
    Column("time", Text, nullable=False),
    Column("sig", BLOB, nullable=False),
)

heard = Table(
    "heard",
    metadata,
    Column("device", Text, primary_key=True),
    Column("stream", BLOB, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("hash", BLOB, primary_key=True),
)

contact = Table(
    "contact",
    metadata,
    Column("device", Text, primary_key=True),
    Column("heard_ms", Integer, nullable=False),
    Column("set_digest", Text),
    Column("state_digest", Text),
)

# Dropped and filled again when the journal is folded anew, children first.
VIEWS = (
    incident_item, incident_said, incident_act, departure, erasure, alarm, finding,
    suggestion, gold, resolution, activation, policy, successor, doubled, asked_again, requeue_item,
    requeue, aside, replacement, label_clause, label, pick,
    draw, campaign, rename, uncounted, untrusted, revocation, device, member,
)  # fmt: skip
