-- Why: search. Each document that stands in lists is found by the folded words that it says (documents/src/search), and
-- by what filters ask for, as words of their own.
--
-- n says when the document happened, so that the newest are found first without sorting: seconds, then 24 bits that
-- tell documents of one second apart. Words are kept beside their index, in the encrypted store like the documents they
-- come from, so that they can be taken out of it again: secure-delete leaves nothing of them in its pages.
-- What came before is put into lists again, and so into the index, the next time documents are.

CREATE TABLE found (
    n        INTEGER NOT NULL PRIMARY KEY,
    document BLOB    NOT NULL UNIQUE,
    space    BLOB    NOT NULL,
    words    TEXT    NOT NULL
) STRICT;
CREATE INDEX found_by_space ON found (space);

-- The places of those that wait for the index. A table of its own: rows with all their words are written once.
CREATE TABLE found_waiting (
    n INTEGER NOT NULL PRIMARY KEY
) STRICT;

CREATE VIRTUAL TABLE found_words USING fts5 (
    words, content = 'found', content_rowid = 'n', detail = none, columnsize = 0, prefix = '1 2 3', tokenize = 'ascii'
);
INSERT INTO found_words (found_words, rank) VALUES ('secure-delete', 1);
-- What a batch takes of memory before it is written, in bytes: a first sync is then a few parts, not hundreds.
INSERT INTO found_words (found_words, rank) VALUES ('hashsize', 16777216);

-- Nothing stays in the index of what is gone, whoever takes it away.
CREATE TRIGGER found_forgotten BEFORE DELETE ON found
BEGIN
    INSERT INTO found_words (found_words, rowid, words) SELECT 'delete', old.n, old.words
        WHERE NOT EXISTS (SELECT 1 FROM found_waiting WHERE n = old.n);
    DELETE FROM found_waiting WHERE n = old.n;
END;

UPDATE documents SET indexed = -1;
