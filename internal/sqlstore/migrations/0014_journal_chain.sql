-- +goose Up
-- The log as a chain: each row has the hash of the row before it. Rows that were there are chained when the database
-- is opened, in the order in which they were written.
DROP INDEX journal_exchange;
DROP INDEX journal_age;
DROP INDEX journal_conversation;
ALTER TABLE journal DROP COLUMN seq;
ALTER TABLE journal ADD COLUMN position BIGINT;
ALTER TABLE journal ADD COLUMN kind TEXT NOT NULL DEFAULT 'exchange';
ALTER TABLE journal ADD COLUMN box TEXT NOT NULL DEFAULT '';
ALTER TABLE journal ADD COLUMN ref_to TEXT NOT NULL DEFAULT '';
ALTER TABLE journal ADD COLUMN partner TEXT NOT NULL DEFAULT '';
ALTER TABLE journal ADD COLUMN action TEXT NOT NULL DEFAULT '';
ALTER TABLE journal ADD COLUMN actor TEXT NOT NULL DEFAULT '';
ALTER TABLE journal ADD COLUMN document_sha256 TEXT NOT NULL DEFAULT '';
ALTER TABLE journal ADD COLUMN signed_sha256 TEXT NOT NULL DEFAULT '';
ALTER TABLE journal ADD COLUMN previous TEXT NOT NULL DEFAULT '';
ALTER TABLE journal ADD COLUMN hash TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX journal_position ON journal (position);
CREATE INDEX journal_exchange ON journal (exchange_id, position);
CREATE INDEX journal_conversation ON journal (conversation_id, position);
CREATE INDEX journal_message ON journal (message_id, position);
CREATE INDEX journal_request ON journal (request_id, position);

-- Signed statements on how far the log had come. The last one for an erasure is where it begins now.
CREATE TABLE journal_checkpoint (
    number      BIGINT PRIMARY KEY,
    position    BIGINT NOT NULL,
    hash        TEXT NOT NULL,
    at          BIGINT NOT NULL,
    reason      TEXT NOT NULL,
    statement   TEXT NOT NULL,
    signature   TEXT NOT NULL,
    certificate TEXT NOT NULL
);
CREATE INDEX journal_checkpoint_position ON journal_checkpoint (position);

-- The log is added to, and nothing else. Its document may be erased, not replaced.
-- +goose StatementBegin
CREATE TRIGGER journal_unchanged BEFORE UPDATE OF id, at, event, conversation_id, exchange_id, message_id, request_id, code, rule, detail,
    document_type, parts, position, kind, box, ref_to, partner, action, actor, document_sha256, signed_sha256, previous, hash
ON journal WHEN OLD.hash <> '' BEGIN
    SELECT RAISE(ABORT, 'the log is append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER journal_document BEFORE UPDATE OF document ON journal WHEN NEW.document IS NOT NULL BEGIN
    SELECT RAISE(ABORT, 'the log is append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER journal_kept BEFORE DELETE ON journal
WHEN OLD.position IS NULL OR OLD.position > (SELECT COALESCE(MAX(position), 0) FROM journal_checkpoint WHERE reason = 'erasure') BEGIN
    SELECT RAISE(ABORT, 'the log is append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER journal_checkpoint_unchanged BEFORE UPDATE ON journal_checkpoint BEGIN
    SELECT RAISE(ABORT, 'the log is append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER journal_checkpoint_kept BEFORE DELETE ON journal_checkpoint BEGIN
    SELECT RAISE(ABORT, 'the log is append-only');
END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE journal_checkpoint;
DROP TRIGGER journal_kept;
DROP TRIGGER journal_document;
DROP TRIGGER journal_unchanged;
DROP INDEX journal_request;
DROP INDEX journal_message;
DROP INDEX journal_conversation;
DROP INDEX journal_exchange;
DROP INDEX journal_position;
ALTER TABLE journal DROP COLUMN hash;
ALTER TABLE journal DROP COLUMN previous;
ALTER TABLE journal DROP COLUMN signed_sha256;
ALTER TABLE journal DROP COLUMN document_sha256;
ALTER TABLE journal DROP COLUMN actor;
ALTER TABLE journal DROP COLUMN action;
ALTER TABLE journal DROP COLUMN partner;
ALTER TABLE journal DROP COLUMN ref_to;
ALTER TABLE journal DROP COLUMN box;
ALTER TABLE journal DROP COLUMN kind;
ALTER TABLE journal DROP COLUMN position;
ALTER TABLE journal ADD COLUMN seq BIGINT NOT NULL DEFAULT 0;
CREATE INDEX journal_exchange ON journal (exchange_id, seq);
CREATE INDEX journal_age ON journal (at);
CREATE INDEX journal_conversation ON journal (conversation_id, at);
