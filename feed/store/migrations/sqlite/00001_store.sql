-- Times are microseconds since 1970 in UTC; year 1 stands for "never was", the
-- largest number for "never will be". Flags are 0 or 1. Every table's key has
-- the name under which other tables point to it.

-- +goose Up

-- The paper. It has one row.
CREATE TABLE site (
    one       INTEGER PRIMARY KEY CHECK (one = 1),
    id        TEXT    NOT NULL,           -- part of every minted id
    title     TEXT    NOT NULL,
    url       TEXT    NOT NULL,
    language  TEXT    NOT NULL,
    look      TEXT    NOT NULL,           -- digest of what every document shows
    directory TEXT    NOT NULL,           -- digest of what the reading list of sources shows
    rules     TEXT    NOT NULL,           -- version of the router's rules
    serial    INTEGER NOT NULL DEFAULT 0  -- moves when a document does
) STRICT;

-- Outlets, those taken out of the configuration too.
CREATE TABLE sources (
    source     INTEGER PRIMARY KEY,
    name       TEXT    NOT NULL UNIQUE,
    first_name TEXT    NOT NULL UNIQUE,
    ord        INTEGER NOT NULL,
    active     INTEGER NOT NULL,          -- it is configured
    paused     INTEGER NOT NULL,
    title      TEXT    NOT NULL,
    link       TEXT    NOT NULL,
    image      TEXT    NOT NULL,
    language   TEXT    NOT NULL,
    recipe     TEXT    NOT NULL
) STRICT;

-- Feeds of the sources: what is polled.
CREATE TABLE subscriptions (
    sub          INTEGER PRIMARY KEY,
    source       INTEGER NOT NULL REFERENCES sources,
    url          TEXT    NOT NULL,
    ord          INTEGER NOT NULL,
    active       INTEGER NOT NULL,
    wanted       INTEGER NOT NULL,        -- it may come due: configured, not paused, not gone
    every        TEXT    NOT NULL,
    host         TEXT    NOT NULL,
    never_good   INTEGER NOT NULL,        -- no poll of this url was ever good
    state        TEXT    NOT NULL,
    since        INTEGER NOT NULL,
    failures     INTEGER NOT NULL DEFAULT 0,
    last_poll    INTEGER NOT NULL,
    last_success INTEGER NOT NULL,
    next_poll    INTEGER NOT NULL,        -- never before held_until
    held_until   INTEGER NOT NULL DEFAULT 0, -- the url's host asked to be left alone
    reason       TEXT    NOT NULL,
    error        TEXT    NOT NULL DEFAULT '',
    kind         TEXT    NOT NULL DEFAULT '',
    code         INTEGER NOT NULL DEFAULT 0,
    bytes        INTEGER NOT NULL DEFAULT 0,
    listed       INTEGER NOT NULL DEFAULT 0,
    memo         TEXT    NOT NULL DEFAULT '{}',
    header       TEXT    NOT NULL DEFAULT '{}',
    warnings     TEXT    NOT NULL DEFAULT 'null',
    drops        TEXT    NOT NULL DEFAULT 'null',
    UNIQUE (source, url)
) STRICT;
CREATE INDEX subscriptions_due ON subscriptions (host, next_poll, sub) WHERE wanted;

-- What requests are budgeted by. due_at and open_at are kept with every change of
-- what they follow from, so that a claim looks at hosts and not at feeds.
CREATE TABLE hosts (
    host    TEXT    NOT NULL PRIMARY KEY,
    slots   INTEGER NOT NULL,
    free_at INTEGER NOT NULL,             -- end of its gap or hold
    open_at INTEGER NOT NULL,             -- when a slot is free, the gap over
    due_at  INTEGER NOT NULL              -- earliest next_poll of its wanted feeds
) STRICT, WITHOUT ROWID;
CREATE INDEX hosts_due ON hosts (due_at, host);
CREATE INDEX hosts_open ON hosts (open_at);

CREATE TABLE leases (
    host   TEXT    NOT NULL REFERENCES hosts,
    slot   INTEGER NOT NULL,
    token  TEXT    NOT NULL,
    until  INTEGER NOT NULL,
    source INTEGER REFERENCES sources,    -- that is polled; null if the host is only borrowed
    PRIMARY KEY (host, slot)
) STRICT, WITHOUT ROWID;
CREATE INDEX leases_source ON leases (source);

-- What entries were made by.
CREATE TABLE stamps (
    stamp  INTEGER PRIMARY KEY,
    source INTEGER NOT NULL REFERENCES sources,
    made   TEXT    NOT NULL,
    routed TEXT    NOT NULL,
    UNIQUE (source, made, routed)
) STRICT;

-- The narrow part of an entry. It is never deleted.
CREATE TABLE entries (
    entry      INTEGER PRIMARY KEY,
    source     INTEGER NOT NULL REFERENCES sources,
    stamp      INTEGER REFERENCES stamps, -- null once its body was pruned
    revision   INTEGER NOT NULL,
    id         TEXT    NOT NULL UNIQUE,
    original   TEXT    NOT NULL,
    first_poll INTEGER NOT NULL,
    undated    INTEGER NOT NULL,
    published  INTEGER NOT NULL,
    updated    INTEGER NOT NULL,
    first_seen INTEGER NOT NULL,
    sort_at    INTEGER NOT NULL,
    words      TEXT    NOT NULL           -- of the title, folded, to search in
) STRICT;
CREATE INDEX entries_stamp ON entries (stamp);
CREATE INDEX entries_kept ON entries (sort_at) WHERE stamp IS NOT NULL;

CREATE TABLE bodies (
    entry INTEGER PRIMARY KEY REFERENCES entries,
    body  BLOB NOT NULL
) STRICT;

-- Items as the feeds listed them. The item goes with the body, the hash stays.
CREATE TABLE sightings (
    entry INTEGER NOT NULL REFERENCES entries,
    sub   INTEGER NOT NULL REFERENCES subscriptions,
    seen  INTEGER NOT NULL,
    hash  TEXT    NOT NULL,
    item  BLOB,
    PRIMARY KEY (entry, sub)
) STRICT;
CREATE INDEX sightings_sub ON sightings (sub);

-- A key without an entry is retired.
CREATE TABLE keys (
    source INTEGER NOT NULL REFERENCES sources,
    kind   TEXT    NOT NULL,
    value  TEXT    NOT NULL,
    entry  INTEGER REFERENCES entries,
    PRIMARY KEY (source, kind, value)
) STRICT, WITHOUT ROWID;

CREATE TABLE sections (
    section     INTEGER PRIMARY KEY,
    name        TEXT    NOT NULL UNIQUE,  -- empty for the whole paper
    first_name  TEXT    NOT NULL UNIQUE,
    ord         INTEGER NOT NULL,
    active      INTEGER NOT NULL,
    title       TEXT    NOT NULL,
    description TEXT    NOT NULL,
    image       TEXT    NOT NULL,
    max_entries INTEGER NOT NULL,         -- 0 is all
    max_age     INTEGER NOT NULL,         -- microseconds; 0 is any
    min_entries INTEGER NOT NULL,
    created     INTEGER NOT NULL,
    modified    INTEGER NOT NULL,         -- when version came, whole seconds
    version     INTEGER NOT NULL,
    published   INTEGER NOT NULL,         -- the version that its documents show
    horizon     INTEGER NOT NULL          -- entries from before it have aged out
) STRICT;

-- sort_at and published are the entry's, which never move.
CREATE TABLE members (
    entry     INTEGER NOT NULL REFERENCES entries,
    section   INTEGER NOT NULL REFERENCES sections,
    sort_at   INTEGER NOT NULL,
    published INTEGER NOT NULL,
    why       TEXT    NOT NULL,
    PRIMARY KEY (entry, section)
) STRICT, WITHOUT ROWID;
CREATE INDEX members_order ON members (section, sort_at, published);

CREATE TABLE documents (
    path       TEXT    NOT NULL PRIMARY KEY,
    section    INTEGER NOT NULL REFERENCES sections,
    media_type TEXT    NOT NULL,
    version    INTEGER NOT NULL,
    modified   INTEGER NOT NULL,
    hash       TEXT    NOT NULL,
    serial     INTEGER NOT NULL,
    body       BLOB    NOT NULL,
    gzip       BLOB
) STRICT;
CREATE INDEX documents_section ON documents (section);
CREATE INDEX documents_serial ON documents (serial);
