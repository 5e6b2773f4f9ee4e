-- Why: shares. A case, or one document of it, is open to another team or practitioner for reading, from one entry of
-- the log until another.
--
-- What a share opens is a ground like any other: grounds.kind 5 (one case, grounds.team its id) or 6 (one document,
-- grounds.team its id), made with the first share of it, however many shares there are. Its items stand on the ground
-- of their team's cases as before; the scope says which of them it covers, and the projector keeps its sums beside.
-- Running code survives it: columns with a default, new tables and indexes.

-- The document that a fact is about: a scope of one document covers it.
ALTER TABLE items ADD COLUMN about BLOB;
-- 1: told to those of its ground only, and to nobody whom its space is shared with (the space's shares themselves).
ALTER TABLE items ADD COLUMN own_only INTEGER NOT NULL DEFAULT 0;
UPDATE items SET about = (SELECT s.document FROM signatures AS s WHERE s.seq = items.last_seq) WHERE kind = 2;
CREATE INDEX items_by_space ON items (space, rank, last_seq);
CREATE INDEX items_about ON items (about) WHERE about IS NOT NULL;

-- 1: facts are told in it and no document is: the space of a share, in which its recipient is told of it.
ALTER TABLE spaces ADD COLUMN told_only INTEGER NOT NULL DEFAULT 0;

-- What shares open.
CREATE TABLE scopes (
    ground INTEGER NOT NULL PRIMARY KEY REFERENCES grounds (ground),
    space BLOB NOT NULL CHECK (length(space) = 16),
    -- None: the whole case.
    document BLOB CHECK (document IS NULL OR length(document) = 16),
    -- The ground of its team's cases: whoever stands there sees all of the scope already.
    cases INTEGER NOT NULL REFERENCES grounds (ground),
    -- The entry of its first share, from which on the projector counts it; whether it does.
    since_seq INTEGER NOT NULL,
    counted INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX scopes_by_space ON scopes (space);
CREATE INDEX scopes_to_count ON scopes (since_seq) WHERE counted = 0;

-- Shares, in force from one entry until another. Never compacted: access at any position follows from it.
CREATE TABLE shares (
    share BLOB NOT NULL PRIMARY KEY CHECK (length(share) = 16),
    space BLOB NOT NULL CHECK (length(space) = 16),
    scope INTEGER NOT NULL REFERENCES scopes (ground),
    -- 0 a team, 1 a practitioner
    recipient_kind INTEGER NOT NULL,
    recipient BLOB NOT NULL CHECK (length(recipient) = 16),
    -- Where the recipient is told of it.
    told_ground INTEGER NOT NULL REFERENCES grounds (ground),
    from_seq INTEGER NOT NULL,
    until_seq INTEGER,
    -- When it ends by itself, by the server's clock.
    until_at INTEGER,
    -- Of its two facts; both move together.
    version INTEGER NOT NULL,
    -- What its fact in the case says, from which the next version is made.
    body BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX shares_by_recipient ON shares (recipient, from_seq);
CREATE INDEX shares_due ON shares (until_at) WHERE until_seq IS NULL AND until_at IS NOT NULL;
