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
    -- 1: in the index; 0: waits for it.
    listed   INTEGER NOT NULL,
    words    TEXT    NOT NULL
) STRICT;
CREATE INDEX found_by_space ON found (space);
CREATE INDEX found_to_list ON found (n) WHERE listed = 0;

CREATE VIRTUAL TABLE found_words USING fts5 (
    words, content = 'found', content_rowid = 'n', detail = none, columnsize = 0, prefix = '1 2 3', tokenize = 'ascii'
);
INSERT INTO found_words (found_words, rank) VALUES ('secure-delete', 1);

-- Nothing stays in the index of what is gone, whoever takes it away.
CREATE TRIGGER found_forgotten BEFORE DELETE ON found WHEN old.listed = 1
BEGIN
    INSERT INTO found_words (found_words, rowid, words) VALUES ('delete', old.n, old.words);
END;

UPDATE documents SET indexed = -1;
