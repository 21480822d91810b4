-- A copy that may be lost: unlogged, as the run log is.
-- CreateTable
CREATE UNLOGGED TABLE "cached_responses" (
    "key" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "cached_responses_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE INDEX "cached_responses_expires_at_idx" ON "cached_responses"("expires_at");
