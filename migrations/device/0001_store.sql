-- The store of one device: one practitioner's documents, facts, unsent work and the rows that lists read.
-- First version: no code runs on anything older.
--
-- What the server confirmed (documents.snapshot, heads, tag; changes.state = 0) is kept apart from what this
-- device wrote and awaits (changes.state = 1, outbox): digests count the first only, and nothing received
-- touches the second.

-- One value per name: identity, device key, cursor, digest, times of attempts.
CREATE TABLE meta (
    name  TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Facts as they came. kind: 0 organisation, 1 team, 2 practitioner, 3 membership, 4 case; 255 not known yet.
CREATE TABLE facts (
    fact    BLOB    NOT NULL PRIMARY KEY,
    space   BLOB    NOT NULL,
    version INTEGER NOT NULL,
    seq     INTEGER NOT NULL,
    kind    INTEGER NOT NULL,
    subject BLOB    NOT NULL,
    tag     BLOB    NOT NULL,
    body    BLOB    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX facts_by_kind ON facts (kind, subject);
CREATE INDEX facts_by_space ON facts (space);

-- Cases, opened here or told by a fact. confirmed: 0 until the server told of it.
CREATE TABLE spaces (
    space     BLOB    NOT NULL PRIMARY KEY,
    team      BLOB    NOT NULL,
    opened_by BLOB    NOT NULL,
    opened_at INTEGER NOT NULL,
    confirmed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Documents. seq, received_at, receipt and tag are null until the server confirmed a first change.
-- heads: of what is confirmed, 32 bytes each. stamp grows with every change of what it holds; its rows were
-- made at stamp `indexed`, and are behind when the two differ.
-- aside: why it could not be opened; its bytes stay.
CREATE TABLE documents (
    n           INTEGER PRIMARY KEY,
    document    BLOB    NOT NULL UNIQUE,
    space       BLOB    NOT NULL,
    seq         INTEGER,
    received_at INTEGER,
    receipt     BLOB,
    tag         BLOB,
    heads       BLOB    NOT NULL,
    stamp       INTEGER NOT NULL,
    indexed     INTEGER NOT NULL,
    aside       TEXT,
    snapshot    BLOB
) STRICT;
CREATE INDEX documents_by_space ON documents (space);
CREATE INDEX documents_to_index ON documents (n) WHERE stamp <> indexed;
CREATE INDEX documents_unconfirmed ON documents (n) WHERE seq IS NULL;
CREATE INDEX documents_aside ON documents (n) WHERE aside IS NOT NULL;

-- Changes on top of the snapshot, in an order in which each follows what it builds on.
-- state: 0 confirmed, 1 this device's own and not confirmed, 2 refused or set aside (not part of the document),
-- 3 confirmed and in the snapshot already, kept for the outbox.
CREATE TABLE changes (
    n        INTEGER PRIMARY KEY AUTOINCREMENT,
    document BLOB    NOT NULL,
    hash     BLOB    NOT NULL,
    deps     BLOB    NOT NULL,
    own      INTEGER NOT NULL,
    state    INTEGER NOT NULL,
    body     BLOB    NOT NULL
) STRICT;
CREATE INDEX changes_by_document ON changes (document, n);
CREATE UNIQUE INDEX changes_by_hash ON changes (hash, document);
CREATE INDEX changes_unconfirmed ON changes (document, hash) WHERE state = 1;

-- What this device did and the server has to be told, in the order it was done. Nothing leaves it without an
-- answer. state: 0 waiting, 1 accepted (kept until a backup covers it), 2 refused.
-- body: of an operation that is not a change. written: what was typed, as JSON, so that it can always be read.
CREATE TABLE outbox (
    n          INTEGER PRIMARY KEY AUTOINCREMENT,
    space      BLOB    NOT NULL,
    document   BLOB,
    kind       INTEGER NOT NULL,
    operation  BLOB,
    hash       BLOB,
    body       BLOB,
    bytes      INTEGER NOT NULL,
    state      INTEGER NOT NULL,
    seq        INTEGER,
    reason     TEXT,
    detail     TEXT,
    queued_at  INTEGER NOT NULL,
    written_at INTEGER NOT NULL,
    written    TEXT    NOT NULL
) STRICT;
CREATE INDEX outbox_by_state ON outbox (state, n);
CREATE INDEX outbox_by_document ON outbox (document, n) WHERE document IS NOT NULL;
CREATE INDEX outbox_by_space ON outbox (space, n);
CREATE INDEX outbox_by_hash ON outbox (hash) WHERE hash IS NOT NULL;

-- What lists and timelines read: one row per document that could be read.
-- seq is the largest integer until the server told it, so that what waits stands first among equals.
CREATE TABLE rows (
    document        BLOB    NOT NULL PRIMARY KEY,
    space           BLOB    NOT NULL,
    kind            INTEGER NOT NULL,
    template        TEXT    NOT NULL,
    occurred_at     INTEGER NOT NULL,
    offset_minutes  INTEGER NOT NULL,
    seq             INTEGER NOT NULL,
    written_at      INTEGER NOT NULL,
    title_da        TEXT    NOT NULL,
    title_en        TEXT    NOT NULL,
    summary_da      TEXT    NOT NULL,
    summary_en      TEXT    NOT NULL,
    authors         BLOB    NOT NULL,
    conflicts       INTEGER NOT NULL,
    invalid         INTEGER NOT NULL
) STRICT;
CREATE INDEX rows_by_time ON rows (space, kind, occurred_at, seq, document);
CREATE INDEX rows_in_conflict ON rows (space) WHERE conflicts > 0;

-- The cards of cases: who they are about. view: what lists show of them, as JSON.
CREATE TABLE cards (
    space      BLOB    NOT NULL PRIMARY KEY,
    document   BLOB    NOT NULL,
    name       TEXT    NOT NULL,
    cpr        TEXT,
    closed     INTEGER NOT NULL,
    view       TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX cards_by_cpr ON cards (cpr) WHERE cpr IS NOT NULL;
CREATE INDEX cards_by_name ON cards (name, space);
CREATE UNIQUE INDEX cards_by_document ON cards (document);

-- Which cards say that another case is about the same child.
CREATE TABLE card_links (
    space   BLOB NOT NULL,
    same_as BLOB NOT NULL,
    PRIMARY KEY (space, same_as)
) STRICT, WITHOUT ROWID;
CREATE INDEX card_links_back ON card_links (same_as);
