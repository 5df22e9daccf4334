-- +goose Up

-- What articles are searched by (package search): their words and labels, in the order
-- of phrases. A row's number is made of the entry's place and its own number, so that the
-- newest are found first (place.go). The words come folded and parted by spaces: the
-- tokeniser has nothing left to do. The texts themselves are not kept here once more.
CREATE VIRTUAL TABLE search USING fts5(words, content = '', contentless_delete = 1,
    tokenize = "ascii tokenchars '#&@%+<=>|~$'");

-- How far the index is. It has one row.
CREATE TABLE searching (
    one     INTEGER PRIMARY KEY CHECK (one = 1),
    version TEXT    NOT NULL,             -- of the words (search.Version)
    below   INTEGER NOT NULL,             -- entries before this one are still to be indexed
    floor   INTEGER NOT NULL,             -- row from which on searches that cost much look
    floored INTEGER NOT NULL              -- the newest entry when that was worked out
) STRICT;
INSERT INTO searching (one, version, below, floor, floored) VALUES (1, '', 0, -9223372036854775807, 0);
