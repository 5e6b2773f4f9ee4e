-- Why: an organisation has templates of its own, told as facts of kind 15. A device that did not know the kind kept them
-- as 255, not known: from here on it knows them without being told again, and makes its lists again with them.
--
-- Running code survives it: a value in rows that nothing reads by their kind yet, and an index.

UPDATE facts SET kind = 15 WHERE kind = 255 AND substr(body, 1, 2) = x'820f';
UPDATE documents SET stamp = stamp + 1 WHERE EXISTS (SELECT 1 FROM facts WHERE kind = 15);
-- Which documents' rows are made again when their template comes.
CREATE INDEX rows_by_template ON rows (template);
