-- Names that look like those of others are marked: `skeletons` is how a name looks (packages/db/src/people/skeleton.ts),
-- null where that has to be found out again. The trigger of people_changes gives each change of `look_alike` a `rev`.
ALTER TABLE "user" ADD COLUMN "skeletons" TEXT[],
                   ADD COLUMN "look_alike" BOOLEAN NOT NULL DEFAULT false;

-- CreateIndex
CREATE INDEX "user_skeletons_idx" ON "user" USING GIN ("skeletons");
CREATE INDEX "user_without_skeletons_idx" ON "user" ("id") WHERE "skeletons" IS NULL;
CREATE INDEX "user_look_alike_idx" ON "user" ("id") WHERE "look_alike";

-- In triggers, so that no statement can forget it.
CREATE FUNCTION forget_skeletons() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.skeletons := NULL;
  RETURN NEW;
END $$;

CREATE TRIGGER "user_forget_skeletons" BEFORE UPDATE ON "user" FOR EACH ROW
  WHEN (OLD.name IS DISTINCT FROM NEW.name OR (OLD.deactivated_at IS NULL) <> (NEW.deactivated_at IS NULL))
  EXECUTE FUNCTION forget_skeletons();

CREATE FUNCTION keep_earlier_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO earlier_name (user_id, until, name) VALUES (OLD.id, clock_timestamp(), OLD.name) ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;

CREATE TRIGGER "user_keep_earlier_name" AFTER UPDATE ON "user" FOR EACH ROW
  WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION keep_earlier_name();
