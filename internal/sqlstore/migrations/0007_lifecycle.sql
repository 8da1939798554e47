-- +goose Up
-- What a partition of the directory holds or has held, once for each content.
CREATE TABLE lifecycle_content (
    digest TEXT PRIMARY KEY,
    data   BLOB NOT NULL
);

-- Every state that a partition was ever in. Numbers grow by one over all partitions.
CREATE TABLE lifecycle_revision (
    number  BIGINT PRIMARY KEY,
    country TEXT NOT NULL,
    service TEXT NOT NULL,
    at      BIGINT NOT NULL,
    actor   TEXT NOT NULL,
    origin  TEXT NOT NULL,
    request TEXT NOT NULL,
    digest  TEXT NOT NULL REFERENCES lifecycle_content (digest),
    objects BIGINT NOT NULL,
    note    TEXT NOT NULL
);
CREATE INDEX lifecycle_revision_partition ON lifecycle_revision (country, service, number);

-- The revision of each partition that is in force.
CREATE TABLE lifecycle_active (
    country TEXT NOT NULL,
    service TEXT NOT NULL,
    number  BIGINT NOT NULL REFERENCES lifecycle_revision (number),
    PRIMARY KEY (country, service)
);

-- The log of submissions, accepted or not; rows are added only. [TDD 3.8]
CREATE TABLE lifecycle_event (
    seq  BIGINT PRIMARY KEY,
    at   BIGINT NOT NULL,
    data TEXT NOT NULL
);
CREATE INDEX lifecycle_event_at ON lifecycle_event (at);

-- Submissions of ours to another instance, and what it answered.
CREATE TABLE lifecycle_sent (
    request         TEXT PRIMARY KEY,
    receiver_scheme TEXT NOT NULL,
    receiver        TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    message_id      TEXT NOT NULL UNIQUE,
    sent_at         BIGINT NOT NULL,
    state           TEXT NOT NULL,
    answered_at     BIGINT NOT NULL,
    code            TEXT NOT NULL,
    answer          BLOB
);
CREATE INDEX lifecycle_sent_state ON lifecycle_sent (state, sent_at);

-- +goose Down
DROP TABLE lifecycle_sent;
DROP TABLE lifecycle_event;
DROP TABLE lifecycle_active;
DROP TABLE lifecycle_revision;
DROP TABLE lifecycle_content;
