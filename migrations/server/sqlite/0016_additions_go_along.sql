-- Why: what adds to a signed entry goes where the entry goes. The scope of one document opens what is added to it as
-- well, and a filed addendum stands with the filed entry.
--
-- Written by the projector, from signed texts. Running code survives it: a column without a value, a new table, indexes.
-- An addition is in its entry's scope from the entry of the log on that signs it. One that was signed before this
-- version is in scopes that are made from now on: a scope that is counted already stays what its readers hold.

-- Of a signed addition, and of the facts about it: the entry that it adds to.
ALTER TABLE items ADD COLUMN with_entry BLOB CHECK (length(with_entry) = 16);
UPDATE items SET with_entry = (
    SELECT e.document FROM timeline AS t
    CROSS JOIN timeline AS e ON e.document = t.adds_to AND e.space = t.space AND e.adds_to IS NULL
    CROSS JOIN items AS s ON s.kind = 1 AND s.id = e.document AND s.state = 1
    WHERE t.document = items.id AND NOT EXISTS (
        SELECT 1 FROM scopes AS p WHERE p.space = e.space AND p.document = e.document))
WHERE kind = 1 AND state = 1;
UPDATE items SET with_entry = (
    SELECT a.with_entry FROM items AS a WHERE a.kind = 1 AND a.id = items.about)
WHERE kind = 2 AND about IS NOT NULL;
CREATE INDEX items_with_entry ON items (with_entry, rank, last_seq) WHERE with_entry IS NOT NULL;

-- What a signed text adds to, as admission let it in: a signed entry of the same space that adds to nothing.
ALTER TABLE signed_texts ADD COLUMN adds_to BLOB CHECK (length(adds_to) = 16);
UPDATE signed_texts SET adds_to = (SELECT t.adds_to FROM timeline AS t WHERE t.document = signed_texts.document);

-- What filed copies say: of which document each is a copy, and what that one adds to, by the ids in the text.
CREATE TABLE filed_texts (
    document BLOB NOT NULL PRIMARY KEY CHECK (length(document) = 16),
    space BLOB NOT NULL CHECK (length(space) = 16),
    original BLOB NOT NULL CHECK (length(original) = 16),
    adds_to BLOB CHECK (length(adds_to) = 16),
    -- The log entry that files it.
    seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX filed_texts_by_original ON filed_texts (space, original, seq);
CREATE INDEX filed_texts_by_entry ON filed_texts (space, adds_to) WHERE adds_to IS NOT NULL;
