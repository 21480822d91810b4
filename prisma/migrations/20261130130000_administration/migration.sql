-- For administrators. Ids of runs begin with their time, so that lists of runs by time go through the primary key.

-- Who claimed a run, when, and since when its job had waited: an entry for each attempt.
ALTER TABLE "runs" ADD COLUMN "claims" JSONB;
-- Model calls and tools of the attempt that settled it, without any content.
ALTER TABLE "runs" ADD COLUMN "steps" JSONB;

-- What a worker is doing, a few seconds old.
ALTER TABLE "catalogues" ADD COLUMN "load" JSONB;
ALTER TABLE "catalogues" ADD COLUMN "load_at" TIMESTAMPTZ(3);

-- Written when a run fails, so hardly ever.
CREATE INDEX "runs_failed" ON "runs" ("id") WHERE (state = 'failed');
-- Written once for a run, when it settles; open ones are in runs_open.
CREATE INDEX "runs_settled" ON "runs" ("tenant_id", "owner_id", "id") WHERE (settled_at IS NOT NULL);
-- The usage of everybody.
CREATE INDEX "model_usage_created_at_idx" ON "model_usage" ("created_at");
