-- Why: open agreements and what is to be followed up, over a whole caseload, without reading its documents. What an entry
-- or reflection says of both stands beside its row.
--
-- Running code survives it: a table of its own. The documents that have something to say are put into lists again.

-- says: as JSON, what agreements are told from (documents/src/method/agreements.rs).
CREATE TABLE agreed (
    document BLOB NOT NULL PRIMARY KEY,
    space    BLOB NOT NULL,
    says     TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX agreed_by_space ON agreed (space);

-- Nothing stays of what is gone, whoever takes it away.
CREATE TRIGGER agreed_forgotten AFTER DELETE ON rows
BEGIN
    DELETE FROM agreed WHERE document = old.document;
END;

UPDATE documents SET indexed = -1 WHERE document IN (SELECT document FROM rows WHERE kind = 2 OR template IN
    ('network_meeting', 'family_group_conference'));
