-- +goose Up

-- WebSub hubs that announce the feeds, as a JSON list.
ALTER TABLE site ADD COLUMN hubs TEXT NOT NULL DEFAULT '[]';

-- The last number that was given in announced.
ALTER TABLE sections ADD COLUMN announced INTEGER NOT NULL DEFAULT 0;

-- What documents of a section showed: what they show now, and what left them while a
-- subscriber had not got it.
CREATE TABLE announced (
    section INTEGER NOT NULL REFERENCES sections,
    entry   INTEGER NOT NULL REFERENCES entries, -- whose id they had
    seq     INTEGER NOT NULL,             -- in the order in which they came, from 1
    shown   INTEGER NOT NULL,             -- they show it now
    PRIMARY KEY (section, entry)
) STRICT, WITHOUT ROWID;
CREATE INDEX announced_seq ON announced (section, seq);
CREATE INDEX announced_gone ON announced (section, seq) WHERE NOT shown;

-- Who has our feeds pushed. A topic is a section's document of a name.
CREATE TABLE subscribers (
    subscriber INTEGER PRIMARY KEY,
    section    INTEGER NOT NULL REFERENCES sections,
    file       TEXT    NOT NULL,
    callback   TEXT    NOT NULL,
    domain     TEXT    NOT NULL,          -- that its requests count against
    topic      TEXT    NOT NULL,          -- as the subscriber wrote it
    secret     TEXT    NOT NULL,
    until      INTEGER NOT NULL,          -- the end of its lease
    hash       TEXT    NOT NULL,          -- of the document that it got last
    upto       INTEGER NOT NULL,          -- it got what was announced up to here
    due        INTEGER NOT NULL,          -- nothing is delivered before
    token      TEXT    NOT NULL DEFAULT '', -- of the claim under which it is delivered to
    leased     INTEGER NOT NULL DEFAULT 0,  -- the end of that
    tries      INTEGER NOT NULL DEFAULT 0,  -- that failed in a row
    slow       INTEGER NOT NULL DEFAULT 0,  -- it takes its time
    error      TEXT    NOT NULL DEFAULT '', -- of the last one that failed
    UNIQUE (section, file, callback)
) STRICT;
CREATE INDEX subscribers_due ON subscribers (due);
CREATE INDEX subscribers_domain ON subscribers (domain);
CREATE INDEX subscribers_leased ON subscribers (leased, domain) WHERE token <> '';

-- What was asked for and is not verified yet, and denials that are not told yet.
CREATE TABLE intents (
    intent   INTEGER PRIMARY KEY,
    section  INTEGER NOT NULL REFERENCES sections,
    file     TEXT    NOT NULL,
    callback TEXT    NOT NULL,
    domain   TEXT    NOT NULL,
    topic    TEXT    NOT NULL,
    mode     TEXT    NOT NULL,
    secret   TEXT    NOT NULL,
    lease    INTEGER NOT NULL,            -- microseconds
    reason   TEXT    NOT NULL,
    hash     TEXT    NOT NULL,            -- as in subscribers, when it was asked for
    upto     INTEGER NOT NULL,
    asked    INTEGER NOT NULL,
    due      INTEGER NOT NULL,
    token    TEXT    NOT NULL DEFAULT '',
    leased   INTEGER NOT NULL DEFAULT 0,
    tries    INTEGER NOT NULL DEFAULT 0,
    UNIQUE (section, file, callback)
) STRICT;
CREATE INDEX intents_domain ON intents (domain);
CREATE INDEX intents_due ON intents (due);

-- When all requests that may be made of domains at once to verify intents may be made
-- again. Those that have them all are not here.
CREATE TABLE callback_domains (
    domain TEXT    NOT NULL PRIMARY KEY,
    full   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What other hubs know of our documents.
CREATE TABLE pings (
    hub    TEXT    NOT NULL,
    path   TEXT    NOT NULL,
    hash   TEXT    NOT NULL,              -- that it was told of last
    wanted TEXT    NOT NULL,              -- that the tries are for
    due    INTEGER NOT NULL,
    token  TEXT    NOT NULL DEFAULT '',
    leased INTEGER NOT NULL DEFAULT 0,
    tries  INTEGER NOT NULL DEFAULT 0,
    error  TEXT    NOT NULL DEFAULT '',
    PRIMARY KEY (hub, path)
) STRICT, WITHOUT ROWID;
