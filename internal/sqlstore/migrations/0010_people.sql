-- +goose Up
-- Which conversations are of which user, by a keyed pseudonym of her identity. A row outlives its application, so that
-- she can see what was exchanged about her as long as the log of article 17 is kept.
CREATE TABLE requester_conversation (
    id         TEXT PRIMARY KEY,
    subject    TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX requester_conversation_subject ON requester_conversation (subject, created_at);
CREATE INDEX requester_conversation_age ON requester_conversation (created_at);

-- What the user has put together and not asked for yet, sealed.
ALTER TABLE requester_application ADD COLUMN basket BLOB;

CREATE INDEX journal_conversation ON journal (conversation_id, at);

-- +goose Down
DROP INDEX journal_conversation;
ALTER TABLE requester_application DROP COLUMN basket;
DROP TABLE requester_conversation;
