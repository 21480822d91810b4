-- When a worker was last alive, to within a second; null for workers of versions that do not say it.
SET lock_timeout = '5s';
SET statement_timeout = '60s';
ALTER TABLE "catalogues" ADD COLUMN "seen_at" TIMESTAMPTZ(3);
