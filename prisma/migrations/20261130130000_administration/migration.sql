-- For administrators. Ids of runs begin with their time, so that lists of runs by time go through the primary key.

SET lock_timeout = '5s';
SET statement_timeout = '60s';

-- Who claimed a run, when, and since when its job had waited: an entry for each attempt.
ALTER TABLE "runs" ADD COLUMN "claims" JSONB;
-- Model calls and tools of the attempt that settled it, without any content.
ALTER TABLE "runs" ADD COLUMN "steps" JSONB;

-- What a worker is doing, a few seconds old.
ALTER TABLE "catalogues" ADD COLUMN "load" JSONB;
ALTER TABLE "catalogues" ADD COLUMN "load_at" TIMESTAMPTZ(3);
