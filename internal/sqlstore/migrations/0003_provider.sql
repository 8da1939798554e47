-- +goose Up
-- Every request id ever processed: a request with an id that is here is refused.
CREATE TABLE provider_request (
    request_id TEXT PRIMARY KEY,
    at         BIGINT NOT NULL
);

-- Preview sessions, found by the hash of the token in their link; the rest is sealed.
CREATE TABLE provider_preview (
    token_hash TEXT PRIMARY KEY,
    state      TEXT NOT NULL,
    deadline   BIGINT NOT NULL,
    data       BLOB NOT NULL
);
CREATE INDEX provider_preview_due ON provider_preview (deadline) WHERE deadline > 0;

-- Prepared documents until the decision, sealed.
CREATE TABLE provider_document (
    token_hash TEXT NOT NULL REFERENCES provider_preview (token_hash),
    doc_id     TEXT NOT NULL,
    content    BLOB NOT NULL,
    PRIMARY KEY (token_hash, doc_id)
);

-- +goose Down
DROP TABLE provider_document;
DROP TABLE provider_preview;
DROP TABLE provider_request;
