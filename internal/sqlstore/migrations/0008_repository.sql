-- +goose Up
-- Files of the Semantic Repository, once for each content.
CREATE TABLE repository_content (
    digest TEXT PRIMARY KEY,
    data   BLOB NOT NULL
);

-- What was done to versions of assets; rows are added only. Numbers grow by one.
CREATE TABLE repository_change (
    number  BIGINT PRIMARY KEY,
    at      BIGINT NOT NULL,
    actor   TEXT NOT NULL,
    asset   TEXT NOT NULL,
    version TEXT NOT NULL,
    action  TEXT NOT NULL,
    note    TEXT NOT NULL,
    data    BLOB NOT NULL
);
-- A version is published once.
CREATE UNIQUE INDEX repository_change_published ON repository_change (asset, version) WHERE action = 'publish';

-- +goose Down
DROP TABLE repository_change;
DROP TABLE repository_content;
