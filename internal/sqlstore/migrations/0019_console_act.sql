-- +goose Up
-- The log of operators is added to, and nothing else. A command has the user of the machine beside the account.
ALTER TABLE console_act ADD COLUMN origin TEXT NOT NULL DEFAULT '';
-- +goose StatementBegin
CREATE TRIGGER console_act_unchanged BEFORE UPDATE ON console_act BEGIN
    SELECT RAISE(ABORT, 'the log is append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER console_act_kept BEFORE DELETE ON console_act BEGIN
    SELECT RAISE(ABORT, 'the log is append-only');
END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER console_act_kept;
DROP TRIGGER console_act_unchanged;
ALTER TABLE console_act DROP COLUMN origin;
