-- Why: practitioners' private spaces, and what became of the drafts in them.
--
-- A private space is a ground of its own: grounds.kind 3, grounds.team the practitioner's id, and one row in
-- spaces with the same id. Its rows are made with the practitioner's fact; for practitioners who were there before,
-- when the server's core begins (the ids stand inside the facts' bodies, which SQL cannot read).
-- documents.state 2 and items.state 2 (superseded) come into use: a published draft takes no more changes, and is
-- neither fed nor counted.
-- Running code survives this migration: a new table and an index, nothing that stood is changed.

-- Which document a draft became: once, for ever. The practitioner is part of the name, so that a draft's id that
-- somebody else has used says nothing and stops nothing. A draft may be published before its first change comes.
CREATE TABLE publications (
    practitioner BLOB NOT NULL CHECK (length(practitioner) = 16),
    draft BLOB NOT NULL CHECK (length(draft) = 16),
    document BLOB NOT NULL CHECK (length(document) = 16),
    -- Of the document's first change.
    seq INTEGER NOT NULL,
    PRIMARY KEY (practitioner, draft)
) STRICT, WITHOUT ROWID;

-- The names of an organisation are few, what became of its drafts is many: who reads the first (a start, the pages'
-- names, the administration) does not walk past the second.
CREATE INDEX facts_by_ground ON facts (ground, seq);
