-- +goose Up
-- Messages that this access point has accepted for sending. Envelope, boundary and the sealed secret (key and
-- nonces) with the parts in gateway_part are the exact HTTP body: made once, sent again unchanged.
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
    boundary        TEXT NOT NULL,
    envelope        BLOB NOT NULL,
    secret          BLOB,
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

-- Parts of messages in the outbox and the inbox, deleted when the message is settled. A small part lies here,
-- sealed; a large one in the file of the spool that is named here.
CREATE TABLE gateway_part (
    box        TEXT NOT NULL,
    message_id TEXT NOT NULL,
    position   BIGINT NOT NULL,
    content_id TEXT NOT NULL,
    mime_type  TEXT NOT NULL,
    size       BIGINT NOT NULL,
    file       TEXT NOT NULL,
    content    BLOB,
    PRIMARY KEY (box, message_id, position)
);

-- +goose Down
DROP TABLE gateway_part;
DROP TABLE gateway_inbox;
DROP TABLE gateway_outbox;
