-- Why: circles that were closed. What is written in one after that is refused, so admission has to know.
--
-- The facts that say so (in the circle, and to the teams that its learning lines are shared with) are fed as any other.
-- Running code survives it: a new table, and no circle is in it.

CREATE TABLE closings (
    circle BLOB NOT NULL PRIMARY KEY CHECK (length(circle) = 16),
    -- Where in the log.
    seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
