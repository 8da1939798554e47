-- +goose Up
-- One user's run through one procedure. The id is the ConversationId; the user is sealed.
CREATE TABLE requester_application (
    id           TEXT PRIMARY KEY,
    procedure_id TEXT NOT NULL,
    user_data    BLOB NOT NULL,
    created_at   BIGINT NOT NULL,
    submitted_at BIGINT NOT NULL
);

-- One requirement of an application, with the file that the user gave herself.
CREATE TABLE requester_card (
    application_id TEXT NOT NULL REFERENCES requester_application (id),
    position       BIGINT NOT NULL,
    requirement_id TEXT NOT NULL,
    requirement    TEXT NOT NULL,
    upload_meta    TEXT NOT NULL,
    upload_content BLOB,
    PRIMARY KEY (application_id, requirement_id)
);

-- One exchange: the columns that it is found by, and the rest sealed.
CREATE TABLE requester_exchange (
    id             TEXT PRIMARY KEY,
    application_id TEXT NOT NULL REFERENCES requester_application (id),
    position       BIGINT NOT NULL,
    state          TEXT NOT NULL,
    deadline       BIGINT NOT NULL,
    return_hash    TEXT NOT NULL,
    data           BLOB NOT NULL
);
CREATE INDEX requester_exchange_application ON requester_exchange (application_id, position);
CREATE INDEX requester_exchange_due ON requester_exchange (deadline) WHERE deadline > 0;
CREATE UNIQUE INDEX requester_exchange_return ON requester_exchange (return_hash) WHERE return_hash <> '';

-- Every request ever sent: an answer is known by it, also when it comes late.
CREATE TABLE requester_request (
    request_id  TEXT PRIMARY KEY,
    message_id  TEXT NOT NULL UNIQUE,
    exchange_id TEXT NOT NULL,
    sent_at     BIGINT NOT NULL
);

-- Delivered documents, sealed.
CREATE TABLE requester_evidence (
    exchange_id TEXT NOT NULL REFERENCES requester_exchange (id),
    doc_id      TEXT NOT NULL,
    content     BLOB NOT NULL,
    PRIMARY KEY (exchange_id, doc_id)
);

-- +goose Down
DROP TABLE requester_evidence;
DROP TABLE requester_request;
DROP TABLE requester_exchange;
DROP TABLE requester_card;
DROP TABLE requester_application;
