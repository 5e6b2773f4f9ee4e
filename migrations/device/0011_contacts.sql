-- Why: planned contacts. A list of them, of today or of those whose note is missing, needs what their rows did not say;
-- and an entry's row says which contact it was.
--
-- Running code survives it: columns without a value and two indexes. No document that is here already is a planned
-- contact or names one.

-- Of an entry: the planned contact that it names.
ALTER TABLE rows ADD COLUMN contact BLOB;
CREATE INDEX rows_by_contact ON rows (contact, space) WHERE contact IS NOT NULL;

-- Of a planned contact (kind 3): every status that stands, as bits (1 cancelled, 2 declined, 4 not at home, 8 agreed,
-- 16 held, 32 started), and who is to make it. occurred_at is when it is planned for.
ALTER TABLE rows ADD COLUMN statuses INTEGER;
ALTER TABLE rows ADD COLUMN made_by BLOB;
CREATE INDEX rows_planned ON rows (occurred_at, document, statuses, space) WHERE kind = 3;
