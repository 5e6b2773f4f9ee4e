-- Why: caseloads by assignment. A team's cases are the whole team's, or each is its own people's: a setting of the team,
-- from one entry of the log until another.
--
-- An assigned case is a scope: grounds.kind 7 (one case with everything in it, grounds.team its id), made for every case
-- of a team when its caseload becomes by assignment, and with every case that is opened while it is. What such a team is
-- told of shares with it is a scope as well: grounds.kind 8 (grounds.team the team), for its members do not stand on the
-- ground of its cases.
-- Running code survives it: columns with a default, new tables and indexes.

-- When the caseload of a team was by assignment. Never compacted: access at any position follows from it.
CREATE TABLE caseloads (
    team BLOB NOT NULL CHECK (length(team) = 16),
    from_seq INTEGER NOT NULL,
    until_seq INTEGER,
    PRIMARY KEY (team, from_seq)
) STRICT, WITHOUT ROWID;

-- Who answers for a case, from one entry until another, in every team. Never compacted, either.
CREATE TABLE assignments (
    space BLOB NOT NULL CHECK (length(space) = 16),
    practitioner BLOB NOT NULL CHECK (length(practitioner) = 16),
    from_seq INTEGER NOT NULL,
    until_seq INTEGER,
    team BLOB NOT NULL CHECK (length(team) = 16),
    -- Of the fact that says so; 0: the case's own fact does, by naming who opened it.
    version INTEGER NOT NULL,
    PRIMARY KEY (space, practitioner, from_seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX assignments_by_practitioner ON assignments (practitioner, team, from_seq);

-- 0: what is shared of a case; 1: a case with all that is told in it to its own people; 2: what is told to a team of
-- shares with it.
ALTER TABLE scopes ADD COLUMN cover INTEGER NOT NULL DEFAULT 0;
CREATE INDEX scopes_told ON scopes (cases) WHERE cover = 2;

-- 1: told to the recipient of a share, in the share's own space.
ALTER TABLE items ADD COLUMN told INTEGER NOT NULL DEFAULT 0;
UPDATE items SET told = 1 WHERE kind = 2 AND space IN (SELECT space FROM spaces WHERE told_only = 1);
CREATE INDEX items_told ON items (ground, rank, last_seq) WHERE told = 1;

-- Whoever opened a case is assigned to it.
INSERT INTO assignments (space, practitioner, from_seq, until_seq, team, version)
SELECT s.space, d.practitioner, s.seq, NULL, g.team, 0
FROM spaces AS s
CROSS JOIN grounds AS g ON g.ground = s.ground AND g.kind = 2
CROSS JOIN operations AS o ON o.seq = s.seq AND o.space = s.space
CROSS JOIN devices AS d ON d.device = o.device
WHERE s.told_only = 0
GROUP BY s.space;
