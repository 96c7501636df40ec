-- AlterTable
ALTER TABLE "session" ADD COLUMN     "last_active_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
ADD COLUMN     "name" TEXT,
ADD COLUMN     "pos" BIGINT NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "inbox_entry" ADD COLUMN     "archived_seq" INTEGER,
ADD COLUMN     "draft_at" TIMESTAMPTZ(3),
ADD COLUMN     "draft_text" TEXT,
ADD COLUMN     "draft_version" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "muted_until" TIMESTAMPTZ(3),
ADD COLUMN     "pinned_at" TIMESTAMPTZ(3),
ADD COLUMN     "place_seq" INTEGER;

-- CreateTable
CREATE TABLE "revoked_session" (
    "token_hash" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "revoked_session_pkey" PRIMARY KEY ("token_hash")
);

-- CreateTable
CREATE TABLE "mention" (
    "conversation_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "seq" INTEGER NOT NULL,

    CONSTRAINT "mention_pkey" PRIMARY KEY ("conversation_id","user_id","seq")
);
