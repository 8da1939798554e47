-- +goose Up
-- By action alone, newest first, however many messages there are.
CREATE INDEX gateway_outbox_action ON gateway_outbox (action, created_at);
CREATE INDEX gateway_inbox_action ON gateway_inbox (action, received_at);

-- Messages of the test service are remembered for a week, as long as a duplicate may come.
UPDATE gateway_inbox SET deleted_at = received_at, forget_at = received_at + 604800000 WHERE state = 'tested' AND forget_at = 0;
UPDATE gateway_outbox SET forget_at = settled_at + 604800000 WHERE silent = 1 AND deleted_at > 0 AND forget_at = 0;

-- +goose Down
DROP INDEX gateway_inbox_action;
DROP INDEX gateway_outbox_action;
