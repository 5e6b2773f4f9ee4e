-- Why: which visits are due over a whole caseload, and which of one's own visits are not complete. Both are told from
-- rows, in one pass over an index that holds all they ask, never from documents.
--
-- Running code survives it: columns without a value, and indexes. What is here already is put into lists again, and so
-- into these columns.

-- Of an entry or a planned contact: the kind of visit, by its short name; empty of a contact that says none.
ALTER TABLE rows ADD COLUMN visit_type TEXT;
CREATE INDEX rows_visits ON rows (space, occurred_at, offset_minutes, visit_type, kind, statuses, document)
    WHERE visit_type IS NOT NULL;

-- Of a contact that must carry something still, as bits: 1 by the guide's words, 2 by its rules, 4 it does not say when
-- it happened.
ALTER TABLE rows ADD COLUMN outstanding INTEGER;
CREATE INDEX rows_outstanding ON rows (occurred_at, document) WHERE outstanding IS NOT NULL;

-- What windows are counted from: days since 1970, and days of pregnancy at birth. parent: 1 of a parent's own card.
-- is_over: 1 where the child died or the pregnancy ended, which closes every card of theirs.
ALTER TABLE cards ADD COLUMN born INTEGER;
ALTER TABLE cards ADD COLUMN term INTEGER;
ALTER TABLE cards ADD COLUMN gestational_days INTEGER;
ALTER TABLE cards ADD COLUMN parent INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cards ADD COLUMN is_over INTEGER NOT NULL DEFAULT 0;
CREATE INDEX cards_due ON cards (born, term, gestational_days, parent, closed, is_over, name, space);

UPDATE documents SET indexed = -1;
