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

-- +goose Down
DROP TABLE lifecycle_event;
DROP TABLE lifecycle_active;
DROP TABLE lifecycle_revision;
DROP TABLE lifecycle_content;
