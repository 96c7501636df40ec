-- What a message is, said and not guessed (docs/adr/0015). The columns rewrite nothing; of a million messages only those
-- are touched that are recalled or the system's.
CREATE TYPE "MessageState" AS ENUM ('live', 'recalled', 'system');

ALTER TABLE "message"
    ADD COLUMN "text_rev" INTEGER,
    ADD COLUMN "state" "MessageState" NOT NULL DEFAULT 'live',
    ADD COLUMN "content" JSONB,
    ADD COLUMN "annotations" JSONB;

ALTER TABLE "message_version" ADD COLUMN "content" JSONB;

-- Until now every change of a message was one of its text: `text_rev` is null, which says that it is `rev`.
UPDATE "message"
SET "state" = CASE WHEN "system" IS NOT NULL THEN 'system' ELSE 'recalled' END::"MessageState"
WHERE "system" IS NOT NULL OR "recalled_at" IS NOT NULL;

-- What says the same in two ways cannot say two things. A process of the version before, which may run on for a moment,
-- fails with it to recall a message without saying so, and its client asks again.
ALTER TABLE "message" ADD CONSTRAINT "message_state_check" CHECK (
    ("state" = 'recalled') = ("recalled_at" IS NOT NULL) AND ("state" = 'system') = ("system" IS NOT NULL));

-- The search index reads changes of texts in order. Most rows have none of their own, and are read by `rev`.
CREATE INDEX "message_text_rev_idx" ON "message"("conversation_id", "text_rev") WHERE "text_rev" IS NOT NULL;
