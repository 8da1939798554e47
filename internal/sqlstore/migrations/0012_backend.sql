-- +goose Up
-- Systems behind the access point that may use its interface.
CREATE TABLE backend_account (
    name          TEXT PRIMARY KEY,
    password      TEXT NOT NULL,
    certificate   TEXT NOT NULL,
    role          TEXT NOT NULL,
    original_user TEXT NOT NULL,
    disabled      BIGINT NOT NULL,
    made_at       BIGINT NOT NULL,
    failures      BIGINT NOT NULL,
    suspended     BIGINT NOT NULL
);
CREATE UNIQUE INDEX backend_account_certificate ON backend_account (certificate) WHERE certificate <> '';

-- What they have submitted; the message itself is in gateway_outbox.
CREATE TABLE backend_sent (
    message_id      TEXT PRIMARY KEY,
    account         TEXT NOT NULL,
    fingerprint     TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    original_sender TEXT NOT NULL,
    final_recipient TEXT NOT NULL,
    created_at      BIGINT NOT NULL
);

-- What waits for them. The row outlives the payloads, which lie in gateway_part under the box "backend".
CREATE TABLE backend_received (
    message_id      TEXT PRIMARY KEY,
    state           TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    ref_to          TEXT NOT NULL,
    from_party      TEXT NOT NULL,
    original_sender TEXT NOT NULL,
    final_recipient TEXT NOT NULL,
    received_at     BIGINT NOT NULL,
    downloaded_at   BIGINT NOT NULL,
    deleted_at      BIGINT NOT NULL,
    holder          TEXT NOT NULL,
    held_until      BIGINT NOT NULL,
    message         BLOB NOT NULL
);
CREATE INDEX backend_received_pending ON backend_received (state, received_at);

-- What they are to be told.
CREATE TABLE backend_notice (
    id           TEXT PRIMARY KEY,
    message_id   TEXT NOT NULL,
    position     BIGINT NOT NULL,
    kind         TEXT NOT NULL,
    status       TEXT NOT NULL,
    rule         TEXT NOT NULL,
    state        TEXT NOT NULL,
    reason       TEXT NOT NULL,
    attempts     BIGINT NOT NULL,
    next_attempt BIGINT NOT NULL,
    lease_owner  TEXT NOT NULL,
    lease_until  BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    UNIQUE (message_id, position)
);
CREATE INDEX backend_notice_due ON backend_notice (state, next_attempt);

-- Whose file is this?
CREATE INDEX gateway_part_file ON gateway_part (file) WHERE file <> '';

-- +goose Down
DROP INDEX gateway_part_file;
DROP TABLE backend_notice;
DROP TABLE backend_received;
DROP TABLE backend_sent;
DROP TABLE backend_account;
