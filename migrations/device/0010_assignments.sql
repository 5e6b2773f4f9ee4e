-- Why: to whom a case is assigned is told in every list of cases, and what of it was asked here is read from the outbox,
-- which keeps what was accepted until a backup covers it.
--
-- Running code survives it: an index. A program that does not know this version refuses the store: it could not say what
-- waits in it.

-- What was asked about assignments.
CREATE INDEX outbox_assignments ON outbox (n) WHERE kind IN (14, 15);
