-- +goose Up
-- Processes that work on this store, and when each was last seen to write.
CREATE TABLE accesspoint_node (
    name    TEXT PRIMARY KEY,
    version TEXT NOT NULL,
    seen_at BIGINT NOT NULL
);

-- +goose Down
DROP TABLE accesspoint_node;
