-- Disclosures: copies of other teams' signed records that stand in cases here.
--
-- Running code survives it: a new column that is empty, and a new table. A program that does not know this version
-- refuses the store: it would prove such a copy as if it had been written in the case.

-- The signed record as it came, where the document is such a copy: text then holds the text inside.
ALTER TABLE documents ADD COLUMN record BLOB;

-- By which disclosure a document is here, as facts told.
CREATE TABLE disclosed (
    document BLOB NOT NULL PRIMARY KEY,
    share    BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX disclosed_by_share ON disclosed (share);
