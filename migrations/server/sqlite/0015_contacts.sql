-- Why: planned contacts. A child's page shows those that are to come and those whose note is missing, from rows; and a
-- row says which contact its entry was.
--
-- Written by the projector. Running code survives it: columns without a value and an index. No document that is here
-- already is a planned contact or names one.

-- Of an entry: the planned contact that it names.
ALTER TABLE timeline ADD COLUMN contact BLOB CHECK (length(contact) = 16);
CREATE INDEX timeline_by_contact ON timeline (contact, space) WHERE contact IS NOT NULL;
-- Of a planned contact (kind 3): every status that stands, as bits (1 cancelled, 2 declined, 4 not at home, 8 agreed,
-- 16 held, 32 started). occurred_at is when it is planned for.
ALTER TABLE timeline ADD COLUMN statuses INTEGER;
