-- +goose Up
-- What the user calls her file may name her: it is sealed like the file itself.
ALTER TABLE requester_card ADD COLUMN upload BLOB;
UPDATE requester_card SET upload_content = NULL;
ALTER TABLE requester_card DROP COLUMN upload_meta;

-- The last time that anything happened to an application; what lies untouched is deleted.
ALTER TABLE requester_application ADD COLUMN active_at BIGINT NOT NULL DEFAULT 0;
UPDATE requester_application SET active_at = created_at;
CREATE INDEX requester_application_active ON requester_application (active_at);

-- The last time that anything happened to a preview.
ALTER TABLE provider_preview ADD COLUMN active_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX provider_preview_active ON provider_preview (active_at);

-- Requests whose evidence is still to be looked for, sealed. A request is answered by whoever removes its row.
CREATE TABLE provider_waiting (
    request_id  TEXT PRIMARY KEY,
    received_at BIGINT NOT NULL,
    deadline    BIGINT NOT NULL,
    lease_owner TEXT NOT NULL,
    lease_until BIGINT NOT NULL,
    data        BLOB NOT NULL
);
CREATE INDEX provider_waiting_due ON provider_waiting (lease_until, received_at);

-- +goose Down
DROP TABLE provider_waiting;
DROP INDEX provider_preview_active;
ALTER TABLE provider_preview DROP COLUMN active_at;
DROP INDEX requester_application_active;
ALTER TABLE requester_application DROP COLUMN active_at;
ALTER TABLE requester_card ADD COLUMN upload_meta TEXT NOT NULL DEFAULT '';
ALTER TABLE requester_card DROP COLUMN upload;
