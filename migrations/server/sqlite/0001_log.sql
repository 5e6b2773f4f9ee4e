-- Why: the organisation's log, what follows from it (items, snapshots, timeline rows) and who may see it.
-- It is the first schema, so no running code has to survive it. Shipped files are frozen.
--
-- Two writers of different kind: admission appends (log_state, entries, changes, actors, documents, facts,
-- spaces, grants, operations); the projector follows (projection, items, snapshots, timeline, cards, the sums
-- in grounds, set_aside). What is fed comes from the projector's tables only.

-- The log's head. One row: reading it under BEGIN IMMEDIATE is the log's lock.
CREATE TABLE log_state (
    only_row INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
    organisation BLOB NOT NULL CHECK (length(organisation) = 16),
    -- Drawn when the log begins and again when a backup is restored.
    epoch BLOB NOT NULL CHECK (length(epoch) = 16),
    head_seq INTEGER NOT NULL,
    head_chain BLOB NOT NULL CHECK (length(head_chain) = 32),
    -- Covered by a completed backup up to here.
    safe_seq INTEGER NOT NULL
) STRICT;

-- How far the projector has come. In a row of its own: it is written by another than the head.
CREATE TABLE projection (
    only_row INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
    seq INTEGER NOT NULL
) STRICT;

-- The log: gap-free, append-only, chained over keyed commitments (an erased entry leaves no guessable hash).
CREATE TABLE entries (
    seq INTEGER NOT NULL PRIMARY KEY,
    -- 1 change, 2 fact
    kind INTEGER NOT NULL,
    item BLOB NOT NULL CHECK (length(item) = 16),
    commitment BLOB NOT NULL CHECK (length(commitment) = 32),
    chain BLOB NOT NULL CHECK (length(chain) = 32)
) STRICT;

-- What a membership opens as one: the organisation's space, a team's circle, a team's cases.
CREATE TABLE grounds (
    ground INTEGER NOT NULL PRIMARY KEY,
    -- 0 organisation, 1 circle, 2 cases
    kind INTEGER NOT NULL,
    -- The team; the organisation's id for kind 0.
    team BLOB NOT NULL CHECK (length(team) = 16),
    -- Newest entry projected into it, and the sum of its items' tags and their number: a quiet poll reads these.
    last_seq INTEGER NOT NULL,
    items INTEGER NOT NULL,
    digest BLOB NOT NULL CHECK (length(digest) = 16),
    UNIQUE (team, kind)
) STRICT;

CREATE TABLE spaces (
    space BLOB NOT NULL PRIMARY KEY CHECK (length(space) = 16),
    ground INTEGER NOT NULL REFERENCES grounds (ground),
    seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX spaces_by_ground ON spaces (ground, seq);

-- Memberships in force from one entry until another. Never compacted: access at any position follows from it.
CREATE TABLE grants (
    practitioner BLOB NOT NULL CHECK (length(practitioner) = 16),
    from_seq INTEGER NOT NULL,
    until_seq INTEGER,
    team BLOB NOT NULL CHECK (length(team) = 16),
    role INTEGER NOT NULL,
    PRIMARY KEY (practitioner, from_seq)
) STRICT, WITHOUT ROWID;

-- Operations that are not changes, by their device-made names: a repeated push gets the same answer.
CREATE TABLE operations (
    device BLOB NOT NULL CHECK (length(device) = 16),
    operation BLOB NOT NULL CHECK (length(operation) = 16),
    space BLOB NOT NULL CHECK (length(space) = 16),
    seq INTEGER NOT NULL,
    PRIMARY KEY (device, operation)
) STRICT, WITHOUT ROWID;

CREATE TABLE documents (
    document BLOB NOT NULL PRIMARY KEY CHECK (length(document) = 16),
    space BLOB NOT NULL REFERENCES spaces (space),
    ground INTEGER NOT NULL REFERENCES grounds (ground),
    -- The device that made it.
    device BLOB NOT NULL CHECK (length(device) = 16),
    -- 0 open, 1 signed, 2 superseded, 3 expunged
    state INTEGER NOT NULL,
    first_seq INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    -- Of all its changes.
    bytes INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE changes (
    seq INTEGER NOT NULL PRIMARY KEY,
    document BLOB NOT NULL REFERENCES documents (document),
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    actor BLOB NOT NULL,
    actor_seq INTEGER NOT NULL,
    max_op INTEGER NOT NULL,
    device BLOB NOT NULL CHECK (length(device) = 16),
    author BLOB NOT NULL CHECK (length(author) = 16),
    received_at INTEGER NOT NULL,
    -- 0 applied or to be applied, 1 set aside
    state INTEGER NOT NULL,
    -- The document's key, once bodies are sealed; none: as it came.
    key_id BLOB,
    body BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX changes_by_hash ON changes (document, hash);
-- What a document's readers lack since their cursor.
CREATE INDEX changes_by_document ON changes (document, seq);

-- Who writes as an actor in a document: bound at its first change, for ever.
CREATE TABLE actors (
    document BLOB NOT NULL,
    actor BLOB NOT NULL,
    device BLOB NOT NULL CHECK (length(device) = 16),
    author BLOB NOT NULL CHECK (length(author) = 16),
    -- Of its newest change.
    actor_seq INTEGER NOT NULL,
    PRIMARY KEY (document, actor)
) STRICT, WITHOUT ROWID;

-- Facts, each version where it was logged.
CREATE TABLE facts (
    seq INTEGER NOT NULL PRIMARY KEY,
    fact BLOB NOT NULL CHECK (length(fact) = 16),
    version INTEGER NOT NULL,
    space BLOB NOT NULL CHECK (length(space) = 16),
    ground INTEGER NOT NULL REFERENCES grounds (ground),
    body BLOB NOT NULL,
    UNIQUE (fact, version)
) STRICT;

-- What is fed: every document and fact at its newest projected state.
CREATE TABLE items (
    -- 1 document, 2 fact
    kind INTEGER NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    space BLOB NOT NULL,
    ground INTEGER NOT NULL REFERENCES grounds (ground),
    -- 0 cards and facts, 1 the rest: what a cold start sends first.
    rank INTEGER NOT NULL,
    first_seq INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    state INTEGER NOT NULL,
    tag BLOB NOT NULL CHECK (length(tag) = 16),
    received_at INTEGER NOT NULL,
    -- Of its snapshot or body: a page is planned without reading it.
    bytes INTEGER NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX items_by_age ON items (ground, rank, last_seq);
CREATE INDEX items_by_id ON items (ground, kind, id);

CREATE TABLE snapshots (
    document BLOB NOT NULL PRIMARY KEY CHECK (length(document) = 16),
    key_id BLOB,
    body BLOB NOT NULL
) STRICT;

-- Changes that could not be applied without harm. They return to their device.
CREATE TABLE set_aside (
    seq INTEGER NOT NULL PRIMARY KEY,
    device BLOB NOT NULL CHECK (length(device) = 16),
    document BLOB NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    detail TEXT NOT NULL
) STRICT;
CREATE INDEX set_aside_by_device ON set_aside (device, seq);

-- One row per document, rendered: a page needs no document.
CREATE TABLE timeline (
    document BLOB NOT NULL PRIMARY KEY CHECK (length(document) = 16),
    space BLOB NOT NULL,
    ground INTEGER NOT NULL,
    -- 0 card, 1 entry, 2 reflection
    kind INTEGER NOT NULL,
    template TEXT NOT NULL,
    -- What the order follows: when it happened, else when it was written, else when it was received.
    occurred_at INTEGER NOT NULL,
    written_at INTEGER,
    received_at INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    conflicts INTEGER NOT NULL,
    invalid INTEGER NOT NULL,
    -- The reading as JSON in a zstd frame.
    reading BLOB NOT NULL
) STRICT;
CREATE INDEX timeline_by_space ON timeline (space, kind, occurred_at, seq, document);

-- What finds a card in a list, and the cards that belong together; what it says stands in its timeline row.
CREATE TABLE cards (
    document BLOB NOT NULL PRIMARY KEY CHECK (length(document) = 16),
    space BLOB NOT NULL,
    ground INTEGER NOT NULL,
    -- 0 child, 1 parent
    kind INTEGER NOT NULL,
    -- For the order of a list, folded to lower case.
    sort_name TEXT NOT NULL,
    -- Keyed: HMAC of the ten digits. The digits themselves stand in the document only.
    cpr_key BLOB CHECK (length(cpr_key) = 16)
) STRICT;
CREATE INDEX cards_by_name ON cards (ground, kind, sort_name, space);
CREATE INDEX cards_by_space ON cards (space);
CREATE INDEX cards_by_cpr ON cards (cpr_key) WHERE cpr_key IS NOT NULL;

-- "This is the same child as in that case", as one card says it.
CREATE TABLE card_links (
    document BLOB NOT NULL REFERENCES cards (document) ON DELETE CASCADE,
    space BLOB NOT NULL,
    other BLOB NOT NULL,
    PRIMARY KEY (document, other)
) STRICT, WITHOUT ROWID;
CREATE INDEX card_links_by_space ON card_links (space);
CREATE INDEX card_links_by_other ON card_links (other);
