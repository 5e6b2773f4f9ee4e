-- Why: what a save writes still. Three visits begun here split two pages of what they are found by, since that stood in
-- the order of their ids and said again what their rows say; and every save wrote into an index of all that waits, which
-- was asked one question: whether the pages of the server owe an echo of accepted work.
--
-- Running code survives it: what is found already stays so, and what waits to be found goes on waiting.

-- What documents that were begun here are found by, until they have their places: by the number of the document, whose
-- row says the rest.
DROP TRIGGER found_here_forgotten;
ALTER TABLE found_here RENAME TO found_here_before;
CREATE TABLE found_here (
    n     INTEGER NOT NULL PRIMARY KEY,
    words TEXT    NOT NULL
) STRICT;
INSERT INTO found_here (n, words)
    SELECT d.n, h.words FROM found_here_before h JOIN documents d ON d.document = h.document;
DROP TABLE found_here_before;

-- Nothing stays of what is gone, whoever takes it away, row or document first.
CREATE TRIGGER found_here_forgotten AFTER DELETE ON rows
BEGIN
    DELETE FROM found_here WHERE n = (SELECT n FROM documents WHERE document = old.document);
END;
CREATE TRIGGER found_here_gone AFTER DELETE ON documents
BEGIN
    DELETE FROM found_here WHERE n = old.n;
END;

-- echoed: whether no echo of it is owed any more. Only of accepted changes; found out when a page comes.
ALTER TABLE outbox ADD COLUMN echoed INTEGER NOT NULL DEFAULT 0;
UPDATE outbox SET echoed = 1 WHERE state = 1 AND NOT EXISTS
    (SELECT 1 FROM changes c WHERE c.document = outbox.document AND c.hash = outbox.hash AND c.state = 1);
CREATE INDEX outbox_not_echoed ON outbox (document, hash) WHERE state = 1 AND echoed = 0;
DROP INDEX changes_unconfirmed;
