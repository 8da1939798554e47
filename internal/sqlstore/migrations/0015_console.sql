-- +goose Up
-- Who may operate the access point. The secret of the second factor is sealed.
CREATE TABLE console_account (
    name         TEXT PRIMARY KEY,
    role         TEXT NOT NULL,
    password     TEXT NOT NULL,
    secret       BLOB,
    step         BIGINT NOT NULL,
    failures     BIGINT NOT NULL,
    locked_until BIGINT NOT NULL,
    disabled     BIGINT NOT NULL,
    made_at      BIGINT NOT NULL,
    maker        TEXT NOT NULL,
    seen_at      BIGINT NOT NULL
);

-- Links that let the owner of an account choose a password, once. The token itself is nowhere.
CREATE TABLE console_invitation (
    digest     TEXT PRIMARY KEY,
    account    TEXT NOT NULL REFERENCES console_account (name),
    expires_at BIGINT NOT NULL
);

-- Codes that stand in for the second factor, each once; by their digest.
CREATE TABLE console_recovery (
    account TEXT NOT NULL REFERENCES console_account (name),
    digest  TEXT NOT NULL,
    PRIMARY KEY (account, digest)
);

-- Who did what, and why. Rows are added only; each is chained to the one before it.
CREATE TABLE console_act (
    seq     BIGINT PRIMARY KEY,
    at      BIGINT NOT NULL,
    account TEXT NOT NULL,
    action  TEXT NOT NULL,
    object  TEXT NOT NULL,
    detail  TEXT NOT NULL,
    chain   TEXT NOT NULL
);
CREATE INDEX console_act_action ON console_act (action, at);

-- Thresholds that were crossed, and what is still to be told of them.
CREATE TABLE alert (
    id         TEXT PRIMARY KEY,
    kind       TEXT NOT NULL,
    subject    TEXT NOT NULL,
    value      DOUBLE PRECISION NOT NULL,
    threshold  DOUBLE PRECISION NOT NULL,
    detail     TEXT NOT NULL,
    raised_at  BIGINT NOT NULL,
    cleared_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX alert_open ON alert (kind, subject) WHERE cleared_at = 0;
CREATE TABLE alert_message (
    id       TEXT PRIMARY KEY,
    position BIGINT NOT NULL,
    alert    TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    due_at   BIGINT NOT NULL
);

-- +goose Down
DROP TABLE alert_message;
DROP TABLE alert;
DROP TABLE console_act;
DROP TABLE console_recovery;
DROP TABLE console_invitation;
DROP TABLE console_account;
