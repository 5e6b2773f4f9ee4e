-- Who may speak to the server: enrolled devices, one-time codes and links, web sessions.
--
-- Nothing here is part of the log: a code, a link or a session is true for hours, a device's key for as long
-- as it is enrolled. Secrets (codes, links, session tokens) stand here only as HMACs under the organisation's
-- secret, which is kept outside the database: a copy of the database opens no door.
-- Running code survives this migration: only new tables.

CREATE TABLE devices (
    device BLOB NOT NULL PRIMARY KEY CHECK (length(device) = 16),
    practitioner BLOB NOT NULL CHECK (length(practitioner) = 16),
    public_key BLOB NOT NULL CHECK (length(public_key) = 32),
    -- Names the installation: a copied store speaks with another one.
    install BLOB NOT NULL CHECK (length(install) = 16),
    enrolled_at INTEGER NOT NULL,
    -- The device's clock less the server's when it enrolled, in milliseconds.
    clock_offset_millis INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX devices_by_practitioner ON devices (practitioner, enrolled_at);

-- Kept apart from `devices`: rewritten every few seconds, and worth nothing after a crash.
CREATE TABLE device_contacts (
    device BLOB NOT NULL PRIMARY KEY CHECK (length(device) = 16),
    last_contact_at INTEGER NOT NULL,
    last_push_at INTEGER
) STRICT, WITHOUT ROWID;

-- One row. Counts up whenever a device is enrolled or revoked: servers poll it and forget what they knew.
CREATE TABLE devices_revision (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    revision INTEGER NOT NULL
) STRICT;

INSERT INTO devices_revision (one, revision) VALUES (1, 0);

CREATE TABLE enrolment_codes (
    code_mac BLOB NOT NULL PRIMARY KEY CHECK (length(code_mac) = 32),
    practitioner BLOB NOT NULL CHECK (length(practitioner) = 16),
    expires_at INTEGER NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    -- The device that used it: the same request again is answered the same.
    used_by BLOB CHECK (used_by IS NULL OR length(used_by) = 16)
) STRICT, WITHOUT ROWID;

CREATE INDEX enrolment_codes_by_end ON enrolment_codes (expires_at);

CREATE TABLE sign_in_links (
    link_mac BLOB NOT NULL PRIMARY KEY CHECK (length(link_mac) = 32),
    practitioner BLOB NOT NULL CHECK (length(practitioner) = 16),
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sign_in_links_by_end ON sign_in_links (expires_at);

CREATE TABLE web_sessions (
    session_mac BLOB NOT NULL PRIMARY KEY CHECK (length(session_mac) = 32),
    practitioner BLOB NOT NULL CHECK (length(practitioner) = 16),
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX web_sessions_by_end ON web_sessions (expires_at);

-- Finding what waits in a case: few rows of a case do.
CREATE INDEX timeline_waiting ON timeline (space, conflicts) WHERE conflicts > 0;

-- One row: how the running server is reached, for enrolment codes and links made by another process.
CREATE TABLE server_address (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    url TEXT NOT NULL,
    -- SHA-256 of the server key's SubjectPublicKeyInfo; none when a public authority vouches for it.
    pin BLOB CHECK (pin IS NULL OR length(pin) = 32)
) STRICT;
