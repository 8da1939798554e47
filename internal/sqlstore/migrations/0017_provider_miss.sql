-- +goose Up
-- Looks into a register that found nobody, or nobody surely, under a keyed hash of who asked for whom: who asks too
-- often finds nobody any more.
CREATE TABLE provider_miss (
    who TEXT NOT NULL,
    at  BIGINT NOT NULL
);
CREATE INDEX provider_miss_who ON provider_miss (who, at);
CREATE INDEX provider_miss_at ON provider_miss (at);

-- +goose Down
DROP TABLE provider_miss;
