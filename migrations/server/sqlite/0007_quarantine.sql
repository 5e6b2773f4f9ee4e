-- Why: what revoked devices hand over before they erase themselves. It is no part of the log: it stands sealed, space by
-- space, under keys derived from the organisation's secret, which is kept outside the database.
-- Running code survives this migration: only new tables.

-- One delivery per device, for ever: the same again is answered the same, another is refused.
CREATE TABLE quarantine_deliveries (
    device BLOB NOT NULL PRIMARY KEY CHECK (length(device) = 16),
    practitioner BLOB NOT NULL CHECK (length(practitioner) = 16),
    received_at INTEGER NOT NULL,
    items INTEGER NOT NULL,
    -- HMAC of what was delivered: says nothing of it to who has no key.
    content_mac BLOB NOT NULL CHECK (length(content_mac) = 32)
) STRICT, WITHOUT ROWID;

CREATE TABLE quarantine_parcels (
    parcel BLOB NOT NULL PRIMARY KEY CHECK (length(parcel) = 16),
    device BLOB NOT NULL REFERENCES quarantine_deliveries (device),
    space BLOB NOT NULL CHECK (length(space) = 16),
    items INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    -- Nonce and ciphertext; none once it has expired, as of `expired_at`. The row stays and says so.
    sealed BLOB,
    expired_at INTEGER
) STRICT;
CREATE INDEX quarantine_parcels_by_device ON quarantine_parcels (device);
CREATE INDEX quarantine_parcels_by_end ON quarantine_parcels (expires_at) WHERE sealed IS NOT NULL;

-- Who opened a parcel, when, and on which ground. Written before anything is shown; never deleted.
CREATE TABLE quarantine_openings (
    opening INTEGER NOT NULL PRIMARY KEY,
    parcel BLOB NOT NULL REFERENCES quarantine_parcels (parcel),
    practitioner BLOB NOT NULL CHECK (length(practitioner) = 16),
    opened_at INTEGER NOT NULL,
    ground TEXT NOT NULL
) STRICT;
CREATE INDEX quarantine_openings_by_parcel ON quarantine_openings (parcel);
