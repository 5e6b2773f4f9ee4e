-- Why: drafts. Their list needs what a row did not say: which case a document is about where it does not live there,
-- when it was last written, whether it was discarded; and the outbox says which draft a publish closes.
--
-- Running code survives it: columns with a default and one index. Rows that stand are of documents that live in
-- their case or circle: no list that was there reads the new columns.

ALTER TABLE rows ADD COLUMN subject BLOB;
ALTER TABLE rows ADD COLUMN edited_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE rows ADD COLUMN discarded INTEGER NOT NULL DEFAULT 0;

ALTER TABLE outbox ADD COLUMN draft BLOB;
-- Whether a draft is on its way, or there: state 0 or 1.
CREATE INDEX outbox_by_draft ON outbox (draft) WHERE draft IS NOT NULL;
