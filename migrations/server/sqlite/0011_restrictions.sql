-- Why: a signed document is restricted: it stays, marked, and is left out of ordinary timelines until that is lifted.
--
-- Written by the projector, from the facts that say so: a page and a feed tell the same. Running code survives it: a
-- new table and an index.

-- The newest word on each document of which any was said. What it says (ground, who, when) stands in the fact.
CREATE TABLE restrictions (
    document BLOB NOT NULL PRIMARY KEY CHECK (length(document) = 16),
    space BLOB NOT NULL CHECK (length(space) = 16),
    -- 0 lifted, 1 restricted
    restricted INTEGER NOT NULL,
    -- The fact's newest version.
    seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- How many of a case's are left out.
CREATE INDEX restrictions_by_space ON restrictions (space) WHERE restricted = 1;
