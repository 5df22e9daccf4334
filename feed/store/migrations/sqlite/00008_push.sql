-- +goose Up

-- The hub that the feed named last (the one that would be asked), and its own name for
-- itself there. Feeds that were read before are looked up in what they said then.
ALTER TABLE subscriptions ADD COLUMN hub TEXT NOT NULL DEFAULT '';
ALTER TABLE subscriptions ADD COLUMN topic TEXT NOT NULL DEFAULT '';
UPDATE subscriptions SET hub = coalesce(json_extract(header, '$.hubs[0]'), ''),
    topic = coalesce(json_extract(header, '$.self'), '');
CREATE INDEX subscriptions_hub ON subscriptions (sub) WHERE hub <> '';

-- Subscriptions at hubs (feed.Push). A feed has several while one is renewed or left.
CREATE TABLE pushes (
    push   INTEGER PRIMARY KEY,
    sub    INTEGER NOT NULL REFERENCES subscriptions,
    hub    TEXT    NOT NULL,
    topic  TEXT    NOT NULL,
    base   TEXT    NOT NULL,             -- what token is put behind to be called back
    token  TEXT    NOT NULL UNIQUE,
    secret TEXT    NOT NULL,             -- empty if the hub is asked without TLS
    state  TEXT    NOT NULL,
    since  INTEGER NOT NULL,             -- when it was verified
    until  INTEGER NOT NULL,             -- end of its lease
    next   INTEGER NOT NULL,             -- when something is to be done about it
    tries  INTEGER NOT NULL DEFAULT 0,
    why    TEXT    NOT NULL DEFAULT '',
    claim  TEXT    NOT NULL DEFAULT ''   -- of the process that asks the hub just now
) STRICT;
CREATE INDEX pushes_sub ON pushes (sub, state);
CREATE INDEX pushes_next ON pushes (next) WHERE state <> 'verified';
