-- Why: signed copies that are filed in the case of another team. Admission has to know which there are and in which case
-- an earlier one stands; feed, evidence and pages read the record itself, which stands nowhere else.
--
-- The copy is a document of its own (documents, items, timeline), signed from its first entry on, without any change.
-- Running code survives it: a new table, and nothing has been disclosed.

CREATE TABLE disclosures (
    share BLOB NOT NULL PRIMARY KEY CHECK (length(share) = 16),
    -- The case of the original.
    space BLOB NOT NULL CHECK (length(space) = 16),
    -- The team it is filed with.
    team BLOB NOT NULL CHECK (length(team) = 16),
    -- The copy, and the case it stands in.
    document BLOB NOT NULL UNIQUE CHECK (length(document) = 16),
    filed_in BLOB NOT NULL CHECK (length(filed_in) = 16),
    -- Whether that case was opened for it: it has no card until its team makes one.
    opened INTEGER NOT NULL,
    -- The log entry that files it.
    seq INTEGER NOT NULL UNIQUE,
    -- What the recipient's fact says.
    told BLOB NOT NULL,
    -- SHA-256 of the record.
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    -- The document's key, once records are sealed; none: as it is.
    key_id BLOB,
    -- The signed record as a file.
    record BLOB NOT NULL
) STRICT;
CREATE INDEX disclosures_by_case ON disclosures (space, team, seq);
CREATE INDEX disclosures_opening ON disclosures (team, seq) WHERE opened = 1;
