-- A check is prepared anew for each statement that inserts, which cost a message that is stored alone a tenth more. What
-- can go wrong is a change: a message that is recalled without its state saying so. So only changes are checked.
ALTER TABLE "message" DROP CONSTRAINT "message_state_check";

CREATE FUNCTION refuse_two_states() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the state % of message % says something else than its columns', NEW.state, NEW.seq
    USING ERRCODE = 'check_violation', CONSTRAINT = 'message_state_check';
END $$;

CREATE TRIGGER "message_state_check" BEFORE UPDATE ON "message" FOR EACH ROW
  WHEN ((NEW.state = 'recalled') <> (NEW.recalled_at IS NOT NULL) OR (NEW.state = 'system') <> (NEW.system IS NOT NULL))
  EXECUTE FUNCTION refuse_two_states();
