-- +goose Up

-- What the worker remembers of a feed from poll to poll (feed.History).
ALTER TABLE subscriptions ADD COLUMN history TEXT NOT NULL DEFAULT '{}';

-- Where its url's requests go, as in holds, and where the feed moved for good.
ALTER TABLE subscriptions ADD COLUMN server TEXT NOT NULL DEFAULT '';
ALTER TABLE subscriptions ADD COLUMN moved_to TEXT NOT NULL DEFAULT '';
CREATE INDEX subscriptions_server ON subscriptions (server);

-- Until when the whole budget is held, on the word of two of its servers.
ALTER TABLE hosts ADD COLUMN held_until INTEGER NOT NULL DEFAULT 0;

-- An operator paused it by a command.
ALTER TABLE sources ADD COLUMN stopped INTEGER NOT NULL DEFAULT 0;

-- When the section's first entry came; 0 if none has yet.
ALTER TABLE sections ADD COLUMN opened INTEGER NOT NULL DEFAULT 0;
UPDATE sections SET opened = created WHERE section IN (SELECT section FROM members);

-- Another entry came with the same key: alone it tells nothing.
ALTER TABLE keys ADD COLUMN shared INTEGER NOT NULL DEFAULT 0;

-- Entries that are in no section, whatever the rules say, and why.
CREATE TABLE standings (
    entry    INTEGER PRIMARY KEY REFERENCES entries,
    standing TEXT    NOT NULL,
    sub      INTEGER REFERENCES subscriptions, -- whose guard holds it; null if an operator decided
    since    INTEGER NOT NULL,
    why      TEXT    NOT NULL
) STRICT;
CREATE INDEX standings_sub ON standings (sub, standing, since);
CREATE INDEX standings_standing ON standings (standing, sub);

-- What operators decided by commands.
CREATE TABLE decisions (
    decision INTEGER PRIMARY KEY,
    at       INTEGER NOT NULL,
    who      TEXT    NOT NULL,
    verb     TEXT    NOT NULL,
    target   TEXT    NOT NULL,
    why      TEXT    NOT NULL
) STRICT;

-- Servers that asked to be left alone (429, 503), by host and port as in a URL.
CREATE TABLE holds (
    server   TEXT    NOT NULL PRIMARY KEY,
    host     TEXT    NOT NULL,            -- the budget that it counts against
    answered INTEGER NOT NULL,            -- when it asked so last
    until    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX holds_host ON holds (host, answered);

-- The last bodies that made a parser panic, one of a feed at most.
CREATE TABLE crashes (
    sub   INTEGER PRIMARY KEY REFERENCES subscriptions,
    at    INTEGER NOT NULL,
    input BLOB    NOT NULL                -- its beginning (feed.MaxInput)
) STRICT;
