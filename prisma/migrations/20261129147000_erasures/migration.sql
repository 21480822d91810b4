-- What was erased on request, and what of it may still arrive.
CREATE TABLE "erasures" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "subject_hash" TEXT NOT NULL,
    "counts" JSONB NOT NULL DEFAULT '{}',
    "late_ids" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "erasures_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "erasures_open" ON "erasures"("created_at") WHERE (closed_at IS NULL);

-- Completions have no thread by which an erasure could find them.
CREATE INDEX "runs_completions" ON "runs"("tenant_id", "owner_id") WHERE (thread_id IS NULL);
