-- +goose Up

-- How much of a source's articles may be published (feed.Terms; empty is unsaid), and
-- whether search engines shall not show their texts.
ALTER TABLE sources ADD COLUMN terms TEXT NOT NULL DEFAULT '';
ALTER TABLE sources ADD COLUMN noindex INTEGER NOT NULL DEFAULT 0;
