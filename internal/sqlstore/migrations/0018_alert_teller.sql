-- +goose Up
-- What is still to be told, for each teller by itself: one that is broken does not hold up another.
CREATE TABLE alert_telling (
    position  BIGINT PRIMARY KEY,
    id        TEXT NOT NULL,
    teller    TEXT NOT NULL,
    about     TEXT NOT NULL,
    alert     TEXT NOT NULL,
    attempts  BIGINT NOT NULL,
    queued_at BIGINT NOT NULL,
    due_at    BIGINT NOT NULL,
    UNIQUE (id, teller)
);
INSERT INTO alert_telling (position, id, teller, about, alert, attempts, queued_at, due_at)
    SELECT 2 * position, id, 'mail', id, alert, 0, due_at, due_at FROM alert_message;
INSERT INTO alert_telling (position, id, teller, about, alert, attempts, queued_at, due_at)
    SELECT 2 * position + 1, id, 'webhook', id, alert, 0, due_at, due_at FROM alert_message;
DROP TABLE alert_message;
ALTER TABLE alert_telling RENAME TO alert_message;

-- +goose Down
DROP TABLE alert_message;
CREATE TABLE alert_message (
    id       TEXT PRIMARY KEY,
    position BIGINT NOT NULL,
    alert    TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    due_at   BIGINT NOT NULL
);
