-- +goose Up
-- What an operator searches by and what is left when the payloads are gone. Rows from before have no service, reference
-- and size in these columns; their envelope still says it.
ALTER TABLE gateway_outbox ADD COLUMN service TEXT NOT NULL DEFAULT '';
ALTER TABLE gateway_outbox ADD COLUMN ref_to TEXT NOT NULL DEFAULT '';
ALTER TABLE gateway_outbox ADD COLUMN size BIGINT NOT NULL DEFAULT 0;
ALTER TABLE gateway_outbox ADD COLUMN parts BIGINT NOT NULL DEFAULT 0;
ALTER TABLE gateway_outbox ADD COLUMN part_facts TEXT NOT NULL DEFAULT '';
ALTER TABLE gateway_outbox ADD COLUMN payload_digest TEXT NOT NULL DEFAULT '';
ALTER TABLE gateway_outbox ADD COLUMN plan TEXT NOT NULL DEFAULT '';            -- of repetition, as agreed at submission
ALTER TABLE gateway_outbox ADD COLUMN keeping TEXT NOT NULL DEFAULT '';         -- retention, as agreed at submission
ALTER TABLE gateway_outbox ADD COLUMN started_at BIGINT NOT NULL DEFAULT 0;     -- when the plan began; 0 is created_at
ALTER TABLE gateway_outbox ADD COLUMN expires_at BIGINT NOT NULL DEFAULT 0;     -- end of the plan; 0 is none
ALTER TABLE gateway_outbox ADD COLUMN written_at BIGINT NOT NULL DEFAULT 0;     -- by the clock that wrote next_attempt and lease_until
ALTER TABLE gateway_outbox ADD COLUMN silent BIGINT NOT NULL DEFAULT 0;         -- 1: no back end is told
ALTER TABLE gateway_outbox ADD COLUMN purge_at BIGINT NOT NULL DEFAULT 0;       -- when the payloads go; 0 is not yet known
ALTER TABLE gateway_outbox ADD COLUMN deleted_at BIGINT NOT NULL DEFAULT 0;     -- when the payloads went
ALTER TABLE gateway_outbox ADD COLUMN forget_at BIGINT NOT NULL DEFAULT 0;      -- when the row goes; 0 is never

ALTER TABLE gateway_inbox ADD COLUMN service TEXT NOT NULL DEFAULT '';
ALTER TABLE gateway_inbox ADD COLUMN ref_to TEXT NOT NULL DEFAULT '';
ALTER TABLE gateway_inbox ADD COLUMN size BIGINT NOT NULL DEFAULT 0;
ALTER TABLE gateway_inbox ADD COLUMN parts BIGINT NOT NULL DEFAULT 0;
ALTER TABLE gateway_inbox ADD COLUMN part_facts TEXT NOT NULL DEFAULT '';
ALTER TABLE gateway_inbox ADD COLUMN payload_digest TEXT NOT NULL DEFAULT '';
ALTER TABLE gateway_inbox ADD COLUMN error_code TEXT NOT NULL DEFAULT '';
ALTER TABLE gateway_inbox ADD COLUMN written_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE gateway_inbox ADD COLUMN purge_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE gateway_inbox ADD COLUMN deleted_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE gateway_inbox ADD COLUMN forget_at BIGINT NOT NULL DEFAULT 0;

-- Those that were settled lost their payloads at once.
UPDATE gateway_outbox SET deleted_at = settled_at WHERE settled_at > 0;
UPDATE gateway_inbox SET deleted_at = settled_at WHERE state = 'handled';

-- Every try to send a message or to hand one over.
CREATE TABLE gateway_attempt (
    box        TEXT NOT NULL,
    message_id TEXT NOT NULL,
    position   BIGINT NOT NULL,
    at         BIGINT NOT NULL,
    number     BIGINT NOT NULL,
    duration   BIGINT NOT NULL,  -- microseconds
    outcome    TEXT NOT NULL,
    code       TEXT NOT NULL,
    detail     TEXT NOT NULL,
    status     BIGINT NOT NULL,
    layers     TEXT NOT NULL,
    PRIMARY KEY (box, message_id, position)
);

-- Partners take turns, so what is due is looked for by partner.
DROP INDEX gateway_outbox_due;
CREATE INDEX gateway_outbox_due ON gateway_outbox (state, peer, next_attempt);
CREATE INDEX gateway_outbox_created ON gateway_outbox (created_at);
CREATE INDEX gateway_outbox_peer ON gateway_outbox (peer, created_at);
CREATE INDEX gateway_outbox_conversation ON gateway_outbox (conversation_id);
CREATE INDEX gateway_outbox_ref ON gateway_outbox (ref_to) WHERE ref_to <> '';
CREATE INDEX gateway_outbox_purge ON gateway_outbox (purge_at) WHERE purge_at > 0;
CREATE INDEX gateway_outbox_forget ON gateway_outbox (forget_at) WHERE forget_at > 0;

CREATE INDEX gateway_inbox_received ON gateway_inbox (received_at);
CREATE INDEX gateway_inbox_peer ON gateway_inbox (peer, received_at);
CREATE INDEX gateway_inbox_conversation ON gateway_inbox (conversation_id);
CREATE INDEX gateway_inbox_ref ON gateway_inbox (ref_to) WHERE ref_to <> '';
CREATE INDEX gateway_inbox_purge ON gateway_inbox (purge_at) WHERE purge_at > 0;
CREATE INDEX gateway_inbox_forget ON gateway_inbox (forget_at) WHERE forget_at > 0;

-- +goose Down
DROP INDEX gateway_inbox_forget;
DROP INDEX gateway_inbox_purge;
DROP INDEX gateway_inbox_ref;
DROP INDEX gateway_inbox_conversation;
DROP INDEX gateway_inbox_peer;
DROP INDEX gateway_inbox_received;
DROP INDEX gateway_outbox_forget;
DROP INDEX gateway_outbox_purge;
DROP INDEX gateway_outbox_ref;
DROP INDEX gateway_outbox_conversation;
DROP INDEX gateway_outbox_peer;
DROP INDEX gateway_outbox_created;
DROP INDEX gateway_outbox_due;
CREATE INDEX gateway_outbox_due ON gateway_outbox (state, next_attempt);
DROP TABLE gateway_attempt;
ALTER TABLE gateway_inbox DROP COLUMN forget_at;
ALTER TABLE gateway_inbox DROP COLUMN deleted_at;
ALTER TABLE gateway_inbox DROP COLUMN purge_at;
ALTER TABLE gateway_inbox DROP COLUMN written_at;
ALTER TABLE gateway_inbox DROP COLUMN error_code;
ALTER TABLE gateway_inbox DROP COLUMN payload_digest;
ALTER TABLE gateway_inbox DROP COLUMN part_facts;
ALTER TABLE gateway_inbox DROP COLUMN parts;
ALTER TABLE gateway_inbox DROP COLUMN size;
ALTER TABLE gateway_inbox DROP COLUMN ref_to;
ALTER TABLE gateway_inbox DROP COLUMN service;
ALTER TABLE gateway_outbox DROP COLUMN forget_at;
ALTER TABLE gateway_outbox DROP COLUMN deleted_at;
ALTER TABLE gateway_outbox DROP COLUMN purge_at;
ALTER TABLE gateway_outbox DROP COLUMN silent;
ALTER TABLE gateway_outbox DROP COLUMN written_at;
ALTER TABLE gateway_outbox DROP COLUMN expires_at;
ALTER TABLE gateway_outbox DROP COLUMN started_at;
ALTER TABLE gateway_outbox DROP COLUMN keeping;
ALTER TABLE gateway_outbox DROP COLUMN plan;
ALTER TABLE gateway_outbox DROP COLUMN payload_digest;
ALTER TABLE gateway_outbox DROP COLUMN part_facts;
ALTER TABLE gateway_outbox DROP COLUMN parts;
ALTER TABLE gateway_outbox DROP COLUMN size;
ALTER TABLE gateway_outbox DROP COLUMN ref_to;
ALTER TABLE gateway_outbox DROP COLUMN service;
