-- Why: addenda and citizens' remarks. Each names the entry that it adds to, and stands with it in lists.
--
-- Running code survives it: a column without a value and an index. No document that is here already adds to another.

ALTER TABLE rows ADD COLUMN adds_to BLOB;
CREATE INDEX rows_by_entry ON rows (adds_to) WHERE adds_to IS NOT NULL;
