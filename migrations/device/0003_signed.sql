-- Signed texts. From its signature on a document is its text: lists and readers take it from there and load nothing
-- else, since loading fifty thousand documents would cost a phone half a minute.
--
-- Running code survives it: the new columns say "open" for every document that is here already, which it is, and
-- nothing is moved or deleted, so documents, unsent work and the not-delivered box stay as they are. A program that
-- does not know this version refuses the store: it would take a signed document for an empty one.

-- signed: 0 open; 1 signed here and not told of by a page; 2 signed, as a page told.
-- text: the canonical text; null while the document is open. At 1 snapshot and changes stand beside it: should the
-- signature be refused, the document is open again with everything in it. At 2 the text is the document.
ALTER TABLE documents ADD COLUMN signed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE documents ADD COLUMN text BLOB;
CREATE INDEX documents_signed_here ON documents (document) WHERE signed = 1;

-- Who signed, as far as this device knows it beside the facts: its own signatures, and those that evidence showed.
-- received: 0 until the server has it.
CREATE TABLE signatures (
    document  BLOB    NOT NULL,
    signer    BLOB    NOT NULL,
    signed_at INTEGER NOT NULL,
    received  INTEGER NOT NULL,
    PRIMARY KEY (document, signer)
) STRICT, WITHOUT ROWID;
CREATE INDEX signatures_not_received ON signatures (document) WHERE received = 0;

-- What every page asks for and seldom finds: accepted work that a backup covers by now, and changes kept for it. A
-- signed text leaves its changes behind until then; a page must not look through all of them.
CREATE INDEX changes_folded ON changes (hash) WHERE state = 3;
CREATE INDEX outbox_accepted ON outbox (seq) WHERE state = 1;
