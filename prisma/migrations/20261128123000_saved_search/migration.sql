-- CreateTable
CREATE TABLE "saved_search" (
    "user_id" UUID NOT NULL,
    "text" TEXT NOT NULL,
    "name" TEXT,
    "used_at" TIMESTAMPTZ(3),
    "saved_at" TIMESTAMPTZ(3),

    CONSTRAINT "saved_search_pkey" PRIMARY KEY ("user_id","text")
);
