-- +goose Up
-- Who may edit what the directories hold.
CREATE TABLE coordinator_account (
    name     TEXT PRIMARY KEY,
    country  TEXT NOT NULL,
    role     TEXT NOT NULL,
    password TEXT NOT NULL,
    disabled BIGINT NOT NULL,
    demo     BIGINT NOT NULL,
    made_at  BIGINT NOT NULL,
    maker    TEXT NOT NULL
);

-- Links that let the owner of an account choose a password, once. The token itself is nowhere.
CREATE TABLE coordinator_invitation (
    digest     TEXT PRIMARY KEY,
    account    TEXT NOT NULL REFERENCES coordinator_account (name),
    expires_at BIGINT NOT NULL
);

-- What is edited and not yet submitted.
CREATE TABLE coordinator_draft (
    country TEXT NOT NULL,
    service TEXT NOT NULL,
    base    BIGINT NOT NULL,
    edition BIGINT NOT NULL,
    at      BIGINT NOT NULL,
    account TEXT NOT NULL,
    data    BLOB NOT NULL,
    PRIMARY KEY (country, service)
);

-- Who did what; rows are added only.
CREATE TABLE coordinator_entry (
    seq     BIGINT PRIMARY KEY,
    at      BIGINT NOT NULL,
    account TEXT NOT NULL,
    country TEXT NOT NULL,
    action  TEXT NOT NULL,
    object  TEXT NOT NULL,
    detail  TEXT NOT NULL
);
CREATE INDEX coordinator_entry_country ON coordinator_entry (country, seq);

-- +goose Down
DROP TABLE coordinator_entry;
DROP TABLE coordinator_draft;
DROP TABLE coordinator_invitation;
DROP TABLE coordinator_account;
