-- Why: who is behind. A device that polls and never catches up, or holds work that it does not get rid of, was not told
-- from one in order: only its last contact was kept.
--
-- Running code survives it: columns that may be null, in a table that is rewritten every few seconds and worth nothing
-- after a crash. Null: not known yet, or a device that does not say.

-- When a page last told it that there is nothing more.
ALTER TABLE device_contacts ADD COLUMN up_to_date_at INTEGER;
-- As the device said: operations that wait on it, since when the oldest does (by the server's clock), and what it adds
-- to its clock to get the server's.
ALTER TABLE device_contacts ADD COLUMN waiting INTEGER;
ALTER TABLE device_contacts ADD COLUMN oldest_waiting_at INTEGER;
ALTER TABLE device_contacts ADD COLUMN clock_offset_millis INTEGER;
