-- +goose Up

-- Articles' own pages: which are to be asked for, and what came of those that were.
CREATE TABLE pages (
    entry   INTEGER PRIMARY KEY REFERENCES entries,
    source  INTEGER NOT NULL REFERENCES sources,
    url     TEXT    NOT NULL,
    host    TEXT    NOT NULL,             -- the budget that it counts against
    server  TEXT    NOT NULL,             -- where its request goes, as in holds
    due     INTEGER NOT NULL,             -- when it is to be asked for
    next    INTEGER NOT NULL,             -- when it may be claimed: due, or the end of its lease
    asks    INTEGER NOT NULL,             -- it comes due, and its source may be asked
    token   TEXT    NOT NULL DEFAULT '',  -- of the lease under which it is being asked for
    await   INTEGER NOT NULL DEFAULT 0,   -- until when the new article waits for it; 0 if it does not
    tries   INTEGER NOT NULL DEFAULT 0,   -- that failed or were refused, in a row
    asked   INTEGER NOT NULL,             -- when it was asked for last
    verdict TEXT    NOT NULL DEFAULT '',
    why     TEXT    NOT NULL DEFAULT '',
    kind    TEXT    NOT NULL DEFAULT '',  -- of a failure
    reader  TEXT    NOT NULL DEFAULT '',  -- version that read what came last
    print   TEXT    NOT NULL DEFAULT '',  -- of the text that came last
    chosen  TEXT    NOT NULL DEFAULT ''   -- print of the page's text that the entry has; empty if it has the feed's
) STRICT;
CREATE INDEX pages_due ON pages (host, next, entry) WHERE asks;
CREATE INDEX pages_asks ON pages (source, next) WHERE asks;
CREATE INDEX pages_token ON pages (token) WHERE token <> '';
CREATE INDEX pages_await ON pages (await) WHERE await > 0;
CREATE INDEX pages_verdict ON pages (source, verdict, asked);
CREATE INDEX pages_print ON pages (source, print);
CREATE INDEX pages_server ON pages (server) WHERE asks;

-- What a page says, of those whose page the entry is made of.
CREATE TABLE texts (
    entry INTEGER PRIMARY KEY REFERENCES entries,
    page  BLOB NOT NULL
) STRICT;

-- What came of the pages, for a while: to be read again by a better reader.
CREATE TABLE leaves (
    entry INTEGER PRIMARY KEY REFERENCES entries,
    at    INTEGER NOT NULL,
    body  BLOB    NOT NULL
) STRICT;
CREATE INDEX leaves_at ON leaves (at);

-- When a page at the host is due, and whether it is the pages' turn.
ALTER TABLE hosts ADD COLUMN page_at INTEGER NOT NULL DEFAULT 9223372036854775807;
ALTER TABLE hosts ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;
CREATE INDEX hosts_page ON hosts (page_at, host);

-- Whether the pages of its articles are asked for (feed.FullText).
ALTER TABLE sources ADD COLUMN full_text TEXT NOT NULL DEFAULT '';
