-- Why: pages tell over a caseload which visits are due, which contacts are planned for today and which of one's own are not
-- complete, and beside a child's record its parents' own: from rows, without reading what the entries say.
--
-- Written by the projector, from readings. Running code survives it: columns that have a value without it, new tables,
-- indexes. Rows of before stand as they are until the projector has made them again, once, after the server has started:
-- until then what they have to say here is not told.

-- By which version of the projector's own code the row was made.
ALTER TABLE timeline ADD COLUMN made INTEGER NOT NULL DEFAULT 0;
CREATE INDEX timeline_made ON timeline (made, document) WHERE made < 1;
-- Of a contact that was held or planned: its kind by KL's short name; empty where a planned one says none.
ALTER TABLE timeline ADD COLUMN visit_type TEXT;
-- Minutes that its place was ahead of UTC: what day it was there.
ALTER TABLE timeline ADD COLUMN offset_minutes INTEGER NOT NULL DEFAULT 0;
CREATE INDEX timeline_visits ON timeline (space, kind, occurred_at, offset_minutes, statuses, visit_type, document)
    WHERE visit_type IS NOT NULL;
-- Planned contacts by their time, for a team's day.
CREATE INDEX timeline_planned ON timeline (ground, occurred_at, statuses, document, space) WHERE kind = 3;

-- From when visits are counted, as whole days since 1970-01-01; none where nobody said it or it is in conflict.
ALTER TABLE cards ADD COLUMN born INTEGER;
ALTER TABLE cards ADD COLUMN term INTEGER;
ALTER TABLE cards ADD COLUMN gestational_days INTEGER;
ALTER TABLE cards ADD COLUMN closed INTEGER NOT NULL DEFAULT 0 CHECK (closed IN (0, 1));
-- The child died, or the pregnancy ended: no other card of theirs reminds anybody either.
ALTER TABLE cards ADD COLUMN is_over INTEGER NOT NULL DEFAULT 0 CHECK (is_over IN (0, 1));

-- Who belongs to a card's citizen as parent and child do: the case that a relation of custody, of living together or of
-- expecting points to.
CREATE TABLE card_relations (
    document BLOB NOT NULL REFERENCES cards (document) ON DELETE CASCADE,
    space BLOB NOT NULL CHECK (length(space) = 16),
    other BLOB NOT NULL CHECK (length(other) = 16),
    PRIMARY KEY (document, other)
) STRICT, WITHOUT ROWID;
CREATE INDEX card_relations_by_other ON card_relations (other, space);

-- Contacts that lack what they must carry, once for each who wrote in it.
CREATE TABLE outstanding (
    practitioner BLOB NOT NULL CHECK (length(practitioner) = 16),
    document BLOB NOT NULL CHECK (length(document) = 16),
    -- By which reading of the guide, as bits (1 its text, 2 its machine), and 4 where it does not say when it happened.
    bits INTEGER NOT NULL,
    PRIMARY KEY (practitioner, document)
) STRICT, WITHOUT ROWID;
CREATE INDEX outstanding_by_document ON outstanding (document);

-- All that is due over a caseload is told from this and from `timeline_visits`.
CREATE INDEX cards_due ON cards (ground, space, kind, born, term, gestational_days, closed, is_over, cpr_key);

-- What a team's figures are counted from: 1 a decision, 2 feedback; none of anything else.
ALTER TABLE timeline ADD COLUMN counted INTEGER;
CREATE INDEX timeline_counted ON timeline (ground, counted, occurred_at, document) WHERE counted IS NOT NULL;
