-- Access can be withdrawn: people are deactivated, and set a new password by a link.
ALTER TABLE "user" ADD COLUMN "deactivated_at" TIMESTAMPTZ(3);

CREATE TABLE "password_reset" (
    "user_id" UUID NOT NULL,
    "code_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "password_reset_pkey" PRIMARY KEY ("user_id")
);

CREATE UNIQUE INDEX "password_reset_code_hash_key" ON "password_reset"("code_hash");

-- Names that people had, each until the moment it was changed.
CREATE TABLE "earlier_name" (
    "user_id" UUID NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,
    "name" TEXT NOT NULL,

    CONSTRAINT "earlier_name_pkey" PRIMARY KEY ("user_id","until")
);

-- Rows of version 2 are hashed with a key that the database does not have.
ALTER TABLE "audit_entry" ADD COLUMN "version" INTEGER NOT NULL DEFAULT 1;
ALTER TABLE "audit_entry" ADD COLUMN "key" TEXT;

-- Who may read the earlier texts of an edited message.
CREATE TYPE "EarlierTexts" AS ENUM ('members', 'author');
ALTER TABLE "workspace" ADD COLUMN "earlier_texts" "EarlierTexts" NOT NULL DEFAULT 'members';
