-- What others see of a person changes under a `rev`, as messages do: a device asks what has changed after the last it
-- has applied. One row gives the numbers; it is locked until the transaction ends, so that they are in commit order.
CREATE TABLE "people_head" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "rev" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "people_head_pkey" PRIMARY KEY ("id")
);
INSERT INTO "people_head" DEFAULT VALUES;

ALTER TABLE "user" ADD COLUMN "rev" INTEGER NOT NULL DEFAULT 0;

-- CreateIndex
CREATE INDEX "user_rev_idx" ON "user"("rev");

-- In a trigger, so that no statement can forget it. A new person has not changed yet: nobody holds an older state.
CREATE FUNCTION take_people_rev() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  seen CONSTANT text[] := '{name,image,role,placeholder,deactivated_at,look_alike}';
  before CONSTANT jsonb := to_jsonb(OLD);
  after CONSTANT jsonb := to_jsonb(NEW);
BEGIN
  IF EXISTS (SELECT 1 FROM unnest(seen) f WHERE before -> f IS DISTINCT FROM after -> f) THEN
    UPDATE people_head SET rev = rev + 1 RETURNING rev INTO NEW.rev;
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER "user_take_rev" BEFORE UPDATE ON "user" FOR EACH ROW EXECUTE FUNCTION take_people_rev();
