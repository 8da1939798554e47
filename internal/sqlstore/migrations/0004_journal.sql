-- +goose Up
-- The log of article 17 of Regulation (EU) 2022/1463. Rows are only added; the document is sealed.
CREATE TABLE journal (
    id              TEXT PRIMARY KEY,
    at              BIGINT NOT NULL,
    seq             BIGINT NOT NULL,
    event           TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    exchange_id     TEXT NOT NULL,
    message_id      TEXT NOT NULL,
    request_id      TEXT NOT NULL,
    code            TEXT NOT NULL,
    rule            TEXT NOT NULL,
    detail          TEXT NOT NULL,
    document_type   TEXT NOT NULL,
    document        BLOB,
    parts           TEXT NOT NULL
);
CREATE INDEX journal_exchange ON journal (exchange_id, seq);
CREATE INDEX journal_age ON journal (at);

-- +goose Down
DROP TABLE journal;
