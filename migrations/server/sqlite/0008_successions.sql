-- Why: a device whose store was copied, or that was replaced, is enrolled again as a device of its own. The new one takes
-- the place of the old: it may push what the old one wrote, and the old one is closed.
-- Running code survives this migration: a new table, and a column that says of every device that stands that it was not
-- replaced, which it was not.

-- Who took whose place: of each device all before it, with how many enrolments lie between. Never deleted: an actor of an
-- old device stays that device's, and an operation's name is unique in its whole line.
CREATE TABLE successions (
    device BLOB NOT NULL CHECK (length(device) = 16),
    predecessor BLOB NOT NULL CHECK (length(predecessor) = 16),
    -- 1: the one whose store it took over.
    generation INTEGER NOT NULL,
    succeeded_at INTEGER NOT NULL,
    PRIMARY KEY (device, predecessor)
) STRICT, WITHOUT ROWID;

-- When another device took its place.
ALTER TABLE devices ADD COLUMN replaced_at INTEGER;
