-- +goose Up
-- P-Mode files that are or were in force; the highest number is. The bytes are sealed: they may name passwords.
CREATE TABLE pmodes_version (
    number  BIGINT PRIMARY KEY,
    at      BIGINT NOT NULL,
    actor   TEXT NOT NULL,
    note    TEXT NOT NULL,
    origin  TEXT NOT NULL,
    form    TEXT NOT NULL,
    digest  TEXT NOT NULL,
    party   TEXT NOT NULL,
    bytes   BIGINT NOT NULL,
    partial BIGINT NOT NULL,
    content BLOB NOT NULL
);

-- +goose Down
DROP TABLE pmodes_version;
