-- +goose Up

-- What the addresses of private sections are made from. It is made once and leaves
-- the store as part of no document.
ALTER TABLE site ADD COLUMN secret TEXT NOT NULL DEFAULT '';

-- What else the configuration says of a section (feed.Section). The parent is a name;
-- show is the JSON form of feed.Show, empty for a section that is no podcast; private
-- is a word, empty for a public section. guid is the podcast:guid, made once.
ALTER TABLE sections ADD COLUMN parent TEXT NOT NULL DEFAULT '';
ALTER TABLE sections ADD COLUMN max_per_source INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sections ADD COLUMN max_share INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sections ADD COLUMN max_size INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sections ADD COLUMN item_title TEXT NOT NULL DEFAULT '';
ALTER TABLE sections ADD COLUMN terms TEXT NOT NULL DEFAULT '';
ALTER TABLE sections ADD COLUMN show TEXT NOT NULL DEFAULT '';
ALTER TABLE sections ADD COLUMN private TEXT NOT NULL DEFAULT '';
ALTER TABLE sections ADD COLUMN guid TEXT NOT NULL DEFAULT '';

-- The entry's source, and whether the member would be shown, but is over the number
-- that the section shows of one source. It is a member all the same.
ALTER TABLE members ADD COLUMN source INTEGER REFERENCES sources;
UPDATE members SET source = (SELECT e.source FROM entries e WHERE e.entry = members.entry);
ALTER TABLE members ADD COLUMN squeezed INTEGER NOT NULL DEFAULT 0;
DROP INDEX members_order;
CREATE INDEX members_order ON members (section, sort_at, published) WHERE copy_of IS NULL AND NOT squeezed;
CREATE INDEX members_share ON members (section, source, squeezed, sort_at, published) WHERE copy_of IS NULL;
