-- Why: addenda and citizens' remarks. Each names the entry that it adds to, and stands with it on a page.
--
-- Running code survives it: a column without a value and an index. No document that is here already adds to another.

ALTER TABLE timeline ADD COLUMN adds_to BLOB CHECK (length(adds_to) = 16);
-- What is added to an entry.
CREATE INDEX timeline_by_entry ON timeline (adds_to, written_at, document) WHERE adds_to IS NOT NULL;
