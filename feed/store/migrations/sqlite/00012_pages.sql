-- +goose Up

-- The name of the entry's own page here, once a document had its id; null until then.
ALTER TABLE entries ADD COLUMN address TEXT;
CREATE UNIQUE INDEX entries_address ON entries (address) WHERE address IS NOT NULL;

-- Where pictures on pages come from (feed.Images), whether pages have no search, and what
-- the addresses of pictures that are passed on are signed with.
ALTER TABLE site ADD COLUMN images TEXT NOT NULL DEFAULT '';
ALTER TABLE site ADD COLUMN no_search INTEGER NOT NULL DEFAULT 0;
ALTER TABLE site ADD COLUMN image_secret TEXT NOT NULL DEFAULT '';
