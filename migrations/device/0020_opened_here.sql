-- Why: a list of cases asks of each that the server has not told of yet whether its opening still waits. The answer stood
-- in the outbox's own row, each in a page between the work of a whole day: an index of what opens cases (kind 1) says it.
-- The list is put in the order of names by whoever reads it whole: no index of names is read any more.
--
-- Running code survives it: indexes alone.

CREATE INDEX outbox_opens ON outbox (space, state) WHERE kind = 1;
DROP INDEX cards_by_name;
