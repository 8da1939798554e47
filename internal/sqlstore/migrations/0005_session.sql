-- +goose Up
CREATE TABLE web_session (
    id_hash    TEXT PRIMARY KEY,
    site       TEXT NOT NULL,
    data       BLOB NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX web_session_expiry ON web_session (expires_at);

-- +goose Down
DROP TABLE web_session;
