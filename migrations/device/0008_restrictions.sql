-- Why: a signed document is restricted: it stays, marked, and is left out of ordinary lists until that is lifted.
--
-- Running code survives it: a new table. A restriction that a newer server told of before this, as a fact of a kind not
-- known then, takes effect with its next version.

-- The word that holds on each document of which any was said, as of everything done here: a fact's, or one of this
-- device's own that the server has not refused. Made from facts and outbox, whenever either changes.
CREATE TABLE restrictions (
    document   BLOB    NOT NULL PRIMARY KEY,
    space      BLOB    NOT NULL,
    restricted INTEGER NOT NULL,
    ground     TEXT    NOT NULL,
    said_by    BLOB    NOT NULL,
    said_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX restrictions_by_space ON restrictions (space) WHERE restricted = 1;
