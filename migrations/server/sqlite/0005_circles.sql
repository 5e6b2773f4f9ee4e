-- Why: circles of chosen participants.
--
-- A circle is a ground of its own: grounds.kind 4, grounds.team the circle's id, and one row in spaces with the same
-- id. Who takes part is a grant on it (grants.team the circle's id, role 0), from the entry of the fact that says so
-- until the entry of the one that ends it: access, fill and gone follow as they do from memberships.
-- Running code survives this migration: one index, nothing that stood is changed.

-- Who takes part in a circle now: asked at every joining and leaving, and never the history of all its grants.
CREATE INDEX grants_in_force ON grants (team, practitioner) WHERE until_seq IS NULL;
