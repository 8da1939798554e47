-- +goose Up
-- Messages that this access point has accepted for sending. The entity is the exact HTTP body, made once
-- and sent again unchanged on every attempt.
CREATE TABLE gateway_outbox (
    message_id      TEXT PRIMARY KEY,
    peer_type       TEXT NOT NULL,
    peer            TEXT NOT NULL,
    action          TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    state           TEXT NOT NULL,
    attempts        BIGINT NOT NULL,
    next_attempt    BIGINT NOT NULL,
    lease_owner     TEXT NOT NULL,
    lease_until     BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    settled_at      BIGINT NOT NULL,
    error_code      TEXT NOT NULL,
    content_type    TEXT NOT NULL,
    entity          BLOB,
    signed_refs     TEXT NOT NULL,
    receipt         BLOB
);
CREATE INDEX gateway_outbox_due ON gateway_outbox (state, next_attempt);

-- Messages that this access point has acknowledged. The row outlives its content: it is what tells a
-- duplicate, with the receipt to give again.
CREATE TABLE gateway_inbox (
    message_id      TEXT PRIMARY KEY,
    peer_type       TEXT NOT NULL,
    peer            TEXT NOT NULL,
    action          TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    fingerprint     TEXT NOT NULL,
    state           TEXT NOT NULL,
    attempts        BIGINT NOT NULL,
    next_attempt    BIGINT NOT NULL,
    lease_owner     TEXT NOT NULL,
    lease_until     BIGINT NOT NULL,
    received_at     BIGINT NOT NULL,
    settled_at      BIGINT NOT NULL,
    receipt_type    TEXT NOT NULL,
    receipt         BLOB NOT NULL,
    envelope        BLOB,
    message         BLOB
);
CREATE INDEX gateway_inbox_due ON gateway_inbox (state, next_attempt);

-- The parts of accepted messages, sealed, deleted when the back end has them.
CREATE TABLE gateway_payload (
    message_id TEXT NOT NULL,
    position   BIGINT NOT NULL,
    content_id TEXT NOT NULL,
    mime_type  TEXT NOT NULL,
    content    BLOB NOT NULL,
    PRIMARY KEY (message_id, position)
);

-- +goose Down
DROP TABLE gateway_payload;
DROP TABLE gateway_inbox;
DROP TABLE gateway_outbox;
