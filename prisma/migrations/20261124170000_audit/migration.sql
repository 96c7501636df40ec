-- AlterTable
ALTER TABLE "workspace" ADD COLUMN "tell_looks" BOOLEAN NOT NULL DEFAULT true;

-- CreateTable
CREATE TABLE "audit_entry" (
    "n" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor_id" UUID NOT NULL,
    "actor_name" TEXT NOT NULL,
    "session_id" UUID NOT NULL,
    "address" TEXT,
    "device" TEXT,
    "action" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "asked" JSONB NOT NULL,
    "answered" INTEGER NOT NULL,
    "conversation_ids" UUID[] NOT NULL,
    "previous" TEXT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("n")
);

-- CreateTable
CREATE TABLE "audit_head" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "n" BIGINT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "audit_head_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "history_export" (
    "id" UUID NOT NULL,
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "reason" TEXT NOT NULL,
    "query" JSONB NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'waiting',
    "cursor" TEXT,
    "parts" INTEGER NOT NULL DEFAULT 0,
    "done" INTEGER NOT NULL DEFAULT 0,
    "total" INTEGER,
    "conversation_ids" UUID[] NOT NULL DEFAULT '{}',
    "files" JSONB,
    "error" TEXT,
    "finished_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3),

    CONSTRAINT "history_export_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "audit_entry_conversation_ids_idx" ON "audit_entry" USING GIN ("conversation_ids");

-- CreateIndex
CREATE INDEX "history_export_created_at_idx" ON "history_export"("created_at");

-- An audit log is only added to. Whoever owns the database can switch triggers off: then the chain of hashes tells.
CREATE FUNCTION "audit_refuse"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is only added to' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE FUNCTION "audit_head_moves_on"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.n <> OLD.n + 1 THEN
    RAISE EXCEPTION 'the head of the audit log moves on by one' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER "audit_entry_stays" BEFORE UPDATE OR DELETE ON "audit_entry"
  FOR EACH ROW EXECUTE FUNCTION "audit_refuse"();
CREATE TRIGGER "audit_entry_all_stay" BEFORE TRUNCATE ON "audit_entry"
  FOR EACH STATEMENT EXECUTE FUNCTION "audit_refuse"();
CREATE TRIGGER "audit_head_stays" BEFORE DELETE ON "audit_head"
  FOR EACH ROW EXECUTE FUNCTION "audit_refuse"();
CREATE TRIGGER "audit_head_all_stay" BEFORE TRUNCATE ON "audit_head"
  FOR EACH STATEMENT EXECUTE FUNCTION "audit_refuse"();
CREATE TRIGGER "audit_head_moves" BEFORE UPDATE ON "audit_head"
  FOR EACH ROW EXECUTE FUNCTION "audit_head_moves_on"();
ALTER TABLE "audit_entry" ENABLE ALWAYS TRIGGER "audit_entry_stays";
ALTER TABLE "audit_entry" ENABLE ALWAYS TRIGGER "audit_entry_all_stay";
ALTER TABLE "audit_head" ENABLE ALWAYS TRIGGER "audit_head_stays";
ALTER TABLE "audit_head" ENABLE ALWAYS TRIGGER "audit_head_all_stay";
ALTER TABLE "audit_head" ENABLE ALWAYS TRIGGER "audit_head_moves";
