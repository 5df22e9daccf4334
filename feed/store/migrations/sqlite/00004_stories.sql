-- +goose Up

-- Which source leads where several have one story: 1 is best, 0 comes last.
ALTER TABLE sources ADD COLUMN rank INTEGER NOT NULL DEFAULT 0;

-- What of one story the section shows once (feed.Stories).
ALTER TABLE sections ADD COLUMN stories TEXT NOT NULL DEFAULT '';

-- The entry at the head of its story, which has itself there; null if it is alone.
ALTER TABLE entries ADD COLUMN story INTEGER REFERENCES entries;
CREATE INDEX entries_story ON entries (story) WHERE story IS NOT NULL;

-- When a document first had its id; null if none ever did. Which ids were published
-- before this was kept is not known: those of entries that stand in sections may be.
ALTER TABLE entries ADD COLUMN issued INTEGER;
UPDATE entries SET issued = first_seen WHERE entry IN (SELECT entry FROM members);

-- The version by which sketches are drawn, and marks are made of them.
ALTER TABLE site ADD COLUMN sketched TEXT NOT NULL DEFAULT '';

-- What articles are compared by (package story).
CREATE TABLE sketches (
    entry    INTEGER PRIMARY KEY REFERENCES entries,
    drawn    INTEGER NOT NULL,            -- when the entry was first seen
    version  TEXT    NOT NULL,            -- that drew it: another one cannot be compared with
    marked   INTEGER NOT NULL,            -- the marks of its text are in the index too
    original INTEGER NOT NULL,
    length   INTEGER NOT NULL,            -- of the text, in letters
    sketch   BLOB    NOT NULL
) STRICT;
CREATE INDEX sketches_marked ON sketches (drawn) WHERE marked;

-- Entries with the same mark may be one story.
CREATE TABLE marks (
    mark  INTEGER NOT NULL,
    entry INTEGER NOT NULL REFERENCES entries,
    PRIMARY KEY (mark, entry)
) STRICT, WITHOUT ROWID;

-- Pairs of entries that are the same article, both ways round.
CREATE TABLE ties (
    entry INTEGER NOT NULL REFERENCES entries,
    other INTEGER NOT NULL REFERENCES entries,
    link  INTEGER NOT NULL,               -- by their link
    why   TEXT    NOT NULL,
    PRIMARY KEY (entry, other)
) STRICT, WITHOUT ROWID;

-- The entry that is shown in its place in the section; null if it is shown itself,
-- and its own until that was decided. The sort_at and published of one that is shown
-- are the story's.
ALTER TABLE members ADD COLUMN copy_of INTEGER REFERENCES entries;
DROP INDEX members_order;
CREATE INDEX members_order ON members (section, copy_of, sort_at, published);
