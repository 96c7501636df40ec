-- Parts of codes and versions are found by their trigrams.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- CreateTable
CREATE TABLE "search_message" (
    "conversation_id" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "rev" INTEGER NOT NULL,
    "sender_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "tokens" tsvector NOT NULL,
    "codes" TEXT,

    CONSTRAINT "search_message_pkey" PRIMARY KEY ("conversation_id","seq")
);

-- CreateTable
CREATE TABLE "search_word" (
    "id" BIGSERIAL NOT NULL,
    "word" TEXT NOT NULL,

    CONSTRAINT "search_word_pkey" PRIMARY KEY ("word")
);

-- CreateTable
CREATE TABLE "search_state" (
    "engine" TEXT NOT NULL,
    "generation" UUID NOT NULL,
    "built_at" TIMESTAMPTZ(3),
    "verified_at" TIMESTAMPTZ(3),
    "differences" INTEGER,
    "fault" TEXT,

    CONSTRAINT "search_state_pkey" PRIMARY KEY ("engine")
);

-- CreateIndex
CREATE INDEX "search_message_at_idx" ON "search_message"("at");

-- CreateIndex
CREATE INDEX "search_message_sender_id_at_idx" ON "search_message"("sender_id", "at");

-- CreateIndex
CREATE INDEX "search_message_tokens_idx" ON "search_message" USING GIN ("tokens");

-- CreateIndex
CREATE INDEX "search_message_codes_idx" ON "search_message" USING GIN ("codes" gin_trgm_ops);

-- CreateIndex
CREATE INDEX "search_word_id_idx" ON "search_word"("id");

-- Inserts pay for their own words: with a pending list, single ones stall for hundreds of milliseconds to empty it.
ALTER INDEX "search_message_tokens_idx" SET (fastupdate = off);
ALTER INDEX "search_message_codes_idx" SET (fastupdate = off);

-- More of the frequent words are known to the planner, which has to tell them from the rare ones.
ALTER TABLE "search_message" ALTER COLUMN "tokens" SET STATISTICS 500;
