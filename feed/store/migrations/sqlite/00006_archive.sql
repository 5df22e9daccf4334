-- +goose Up

-- The places of what is, or was, in a section, in the order in which it came: what its
-- archive is cut by. A number is given once.
CREATE TABLE sequence (
    section INTEGER NOT NULL REFERENCES sections,
    seq     INTEGER NOT NULL,             -- from 1
    entry   INTEGER NOT NULL REFERENCES entries, -- whose published id the place bears
    teller  INTEGER REFERENCES entries,   -- whose words the stored page has there; null if it was not made yet
    gone    INTEGER NOT NULL DEFAULT 0,   -- when it was taken back; 0 if it was not
    again   INTEGER NOT NULL DEFAULT 0,   -- how often something happened to it since its page was made
    PRIMARY KEY (section, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX sequence_entry ON sequence (entry, section);
CREATE INDEX sequence_teller ON sequence (teller) WHERE teller IS NOT NULL;
CREATE INDEX sequence_gone ON sequence (section, gone, seq) WHERE gone > 0;
CREATE INDEX sequence_again ON sequence (again) WHERE again > 0;

-- What is shown in a section, and may have no place in its archive yet.
CREATE TABLE joining (
    section INTEGER NOT NULL REFERENCES sections,
    entry   INTEGER NOT NULL REFERENCES entries,
    PRIMARY KEY (section, entry)
) STRICT, WITHOUT ROWID;
INSERT INTO joining (section, entry) SELECT section, entry FROM members WHERE copy_of IS NULL;

-- Pages of archives that were made. The last one of a section may be in part.
CREATE TABLE volumes (
    section INTEGER NOT NULL REFERENCES sections,
    page    INTEGER NOT NULL,             -- from 1
    part    INTEGER NOT NULL,             -- how many places it has; 0 if it is full
    stale   INTEGER NOT NULL DEFAULT 0,   -- how often its address or its neighbours changed since
    entries BLOB    NOT NULL,             -- as they were when it was made
    PRIMARY KEY (section, page)
) STRICT;
CREATE INDEX volumes_stale ON volumes (stale) WHERE stale > 0;

-- Their documents.
CREATE TABLE archived (
    path       TEXT    NOT NULL PRIMARY KEY,
    section    INTEGER NOT NULL REFERENCES sections,
    page       INTEGER NOT NULL,
    part       INTEGER NOT NULL,
    media_type TEXT    NOT NULL,
    version    INTEGER NOT NULL,
    modified   INTEGER NOT NULL,
    hash       TEXT    NOT NULL,          -- of the identity bytes
    gzip       BLOB,
    body       BLOB                       -- where gzip saves nothing
) STRICT;
CREATE INDEX archived_page ON archived (section, page);

-- The last number that was given, the last full page that was made, and the address
-- that the pages were made for.
ALTER TABLE sections ADD COLUMN places INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sections ADD COLUMN bound INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sections ADD COLUMN archive TEXT NOT NULL DEFAULT '';

-- What the configuration takes back: ids and links as written, and the entries that they
-- name. Such an entry is in no section, whatever else holds.
CREATE TABLE withdrawals (
    line TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;
CREATE TABLE takedowns (
    entry INTEGER PRIMARY KEY REFERENCES entries,
    line  TEXT    NOT NULL,
    since INTEGER NOT NULL
) STRICT;
CREATE INDEX takedowns_line ON takedowns (line);

-- The configuration takes all of the source back.
ALTER TABLE sources ADD COLUMN withdrawn INTEGER NOT NULL DEFAULT 0;

-- What sources took back themselves, and when we learned of it: each is heeded once.
CREATE TABLE retractions (
    entry INTEGER PRIMARY KEY REFERENCES entries,
    at    INTEGER NOT NULL
) STRICT;
