-- Why: an organisation adds templates of its own. Whatever renders a document asks first whether there is a newer one than
-- it has read; their files stand in their facts. And what was rendered before its template came is rendered again.
--
-- Running code survives it: a table of its own, empty until the first is added, and a column without a value.

-- Written where the fact is appended.
CREATE TABLE templates (
    -- The fact's place in the log.
    seq INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    UNIQUE (name, version)
) STRICT;

-- Written by the projector: the version of its template, where that was not known when the row was made.
ALTER TABLE timeline ADD COLUMN unknown_version INTEGER;
CREATE INDEX timeline_unknown ON timeline (template, unknown_version, document) WHERE unknown_version IS NOT NULL;
