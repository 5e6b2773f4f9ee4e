-- Why: what is found of a document stood at its place, which is a time: a first sync, which brings a caseload's entries
-- case by case, wrote nearly every one into a page of its own, and each page is encrypted whole. It stands in the order
-- it came from here on; places are an index of their own, small, from which what is found is read.
--
-- Running code survives it: what was found stays so, and the index of words is as it was: it is told places, not rows.

DROP TRIGGER found_forgotten;
DROP INDEX found_by_space;
ALTER TABLE found RENAME TO found_before;
CREATE TABLE found (
    id       INTEGER NOT NULL PRIMARY KEY,
    n        INTEGER NOT NULL,
    document BLOB    NOT NULL UNIQUE,
    space    BLOB    NOT NULL,
    words    TEXT    NOT NULL
) STRICT;
INSERT INTO found (n, document, space, words) SELECT n, document, space, words FROM found_before;
CREATE INDEX found_by_place ON found (n, document);
CREATE INDEX found_by_space ON found (space);

ALTER TABLE found_waiting RENAME TO found_waiting_before;
-- Those that wait for the index of words.
CREATE TABLE found_waiting (
    id INTEGER NOT NULL PRIMARY KEY
) STRICT;
INSERT INTO found_waiting (id) SELECT f.id FROM found_waiting_before w JOIN found f ON f.n = w.n;
DROP TABLE found_waiting_before;
DROP TABLE found_before;

CREATE TRIGGER found_told AFTER INSERT ON found
BEGIN
    INSERT INTO found_waiting (id) VALUES (new.id);
END;

-- Nothing stays in the index of what is gone, whoever takes it away.
CREATE TRIGGER found_forgotten BEFORE DELETE ON found
BEGIN
    INSERT INTO found_words (found_words, rowid, words) SELECT 'delete', old.n, old.words
        WHERE NOT EXISTS (SELECT 1 FROM found_waiting WHERE id = old.id);
    DELETE FROM found_waiting WHERE id = old.id;
END;
