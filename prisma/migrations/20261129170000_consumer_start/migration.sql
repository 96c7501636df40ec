-- When a consumer with `start: 'head'` was switched on: its checkpoints of all conversations of then were made at their
-- heads, in the same statement. A conversation that has none is newer, and is read from its beginning.
CREATE TABLE "consumer_start" (
    "consumer" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "consumer_start_pkey" PRIMARY KEY ("consumer")
);
