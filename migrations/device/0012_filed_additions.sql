-- Why: a filed addendum stands with the filed entry. A copy's text names documents of the case that it was written in;
-- lists need the copy, here, of what it names.
--
-- Running code survives it: columns without a value and an index. Copies that are here already are put into lists again.

-- Of a copy that was filed: the document that its text is of, and what that one adds to, by the ids in the text.
ALTER TABLE rows ADD COLUMN original BLOB;
ALTER TABLE rows ADD COLUMN names BLOB;
CREATE INDEX rows_by_original ON rows (original) WHERE original IS NOT NULL;
UPDATE documents SET indexed = stamp - 1 WHERE record IS NOT NULL;
