-- Why: an entry is signed. From then on its text is the record: what is fed, listed and exported; its changes stay.
--
-- Written by admission, in the transaction that logs the signature. Running code survives it: only new tables.

-- The canonical text, once per document. Never changed.
CREATE TABLE signed_texts (
    document BLOB NOT NULL PRIMARY KEY CHECK (length(document) = 16),
    -- The log entry of the first signature.
    seq INTEGER NOT NULL UNIQUE,
    -- SHA-256 of the text.
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    -- What it was read from, ascending, 32 bytes each.
    heads BLOB NOT NULL,
    -- The document's key, once texts are sealed; none: as it came.
    key_id BLOB,
    text BLOB NOT NULL
) STRICT;

-- Who signed it: the first signature, then those of others over the same text.
CREATE TABLE signatures (
    seq INTEGER NOT NULL PRIMARY KEY,
    document BLOB NOT NULL REFERENCES signed_texts (document),
    signer BLOB NOT NULL CHECK (length(signer) = 16),
    device BLOB NOT NULL CHECK (length(device) = 16),
    -- By the device's clock.
    signed_at INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    signature BLOB NOT NULL CHECK (length(signature) = 64),
    UNIQUE (document, signer)
) STRICT;
