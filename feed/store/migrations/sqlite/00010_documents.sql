-- +goose Up

-- More prepared codings of a document, and how long a copy of it is fresh, in seconds
-- (feed.Document). Documents of before have none until they are made anew.
ALTER TABLE documents ADD COLUMN brotli BLOB;
ALTER TABLE documents ADD COLUMN zstd BLOB;
ALTER TABLE documents ADD COLUMN fresh INTEGER NOT NULL DEFAULT 0;

-- Names that sections had earlier: what is asked for by them is sent on.
CREATE TABLE section_names (
    name    TEXT    NOT NULL PRIMARY KEY,
    section INTEGER NOT NULL REFERENCES sections
) STRICT;
