-- Shares: those of cases here, and those by which others' cases are open to this practitioner.
--
-- Running code survives it: new tables. A program that does not know this version refuses the store: it would take a
-- case that is open for reading for one of its own team's.

-- Shares of cases here, recorded here or told by a fact. body: what its fact says (CBOR). confirmed: 0 until the server
-- told of it. operation: by which it is in the outbox, where it was recorded here.
CREATE TABLE shares (
    share     BLOB    NOT NULL PRIMARY KEY,
    space     BLOB    NOT NULL,
    body      BLOB    NOT NULL,
    operation BLOB,
    confirmed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX shares_by_space ON shares (space);

-- Shares received, in force or ended, as facts told: on what ground a case of another team, or one document of it, is
-- here. What is over by the clock is hidden; only a page's word removes it.
CREATE TABLE received (
    share    BLOB    NOT NULL PRIMARY KEY,
    space    BLOB    NOT NULL,
    document BLOB,
    until_at INTEGER,
    ended    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX received_by_space ON received (space);
CREATE INDEX received_over ON received (until_at) WHERE ended = 0 AND until_at IS NOT NULL;

-- What overtakes everything else that waits.
CREATE INDEX outbox_withdrawals ON outbox (n) WHERE state = 0 AND kind = 6;
