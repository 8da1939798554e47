-- +goose Up
-- Sessions of browsers. The key is a digest of the cookie; the value is sealed.
CREATE TABLE web_session (
    session_key TEXT PRIMARY KEY,
    data        BLOB NOT NULL,
    expires_at  BIGINT NOT NULL
);
CREATE INDEX web_session_expiry ON web_session (expires_at);

-- +goose Down
DROP TABLE web_session;
