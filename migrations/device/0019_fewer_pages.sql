-- Why: each table and index that a save touches is a page that is encrypted whole and written to the log, whatever of it
-- changed: that was most of what a save cost. What is looked up together stands in one index from here on; what is asked
-- of few rows has an index of those alone; and what a document that is begun here is found by waits as one row, in place
-- of five, until somebody looks for something.
--
-- Running code survives it: indexes, and a table of its own. What is found already stays so.

-- A document's changes, and each of them. They are few: those who want them in order sort them.
DROP INDEX changes_by_document;
DROP INDEX changes_by_hash;
CREATE UNIQUE INDEX changes_by_document ON changes (document, hash);
DROP INDEX changes_folded;
CREATE INDEX changes_folded ON changes (document, hash) WHERE state = 3;

-- Unsent work on a document and on a space. What was accepted is found by its space as well, for when that is gone.
DROP INDEX outbox_by_document;
DROP INDEX outbox_by_hash;
DROP INDEX outbox_by_space;
CREATE INDEX outbox_by_document ON outbox (document, hash) WHERE document IS NOT NULL;
CREATE INDEX outbox_about_space ON outbox (space, n) WHERE document IS NULL;
CREATE INDEX outbox_accepted_by_space ON outbox (space) WHERE state = 1;

-- The documents of a space, and how many the server knows.
DROP INDEX documents_by_space;
DROP INDEX documents_unconfirmed;
CREATE INDEX documents_by_space ON documents (space, seq);

-- Rows by template are asked for when a template comes, which is rare: by all of this index, which holds them.
DROP INDEX rows_by_time;
DROP INDEX rows_by_template;
CREATE INDEX rows_by_time ON rows (space, kind, occurred_at, seq, document, template);

-- What documents that were begun here are found by, until they have their places.
CREATE TABLE found_here (
    document    BLOB    NOT NULL PRIMARY KEY,
    space       BLOB    NOT NULL,
    subject     BLOB,
    occurred_at INTEGER NOT NULL,
    words       TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

-- Nothing stays of what is gone, whoever takes it away.
CREATE TRIGGER found_here_forgotten AFTER DELETE ON rows
BEGIN
    DELETE FROM found_here WHERE document = old.document;
END;
