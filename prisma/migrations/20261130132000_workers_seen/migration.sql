-- When a worker was last alive, to within a second; null for workers of versions that do not say it.
ALTER TABLE "catalogues" ADD COLUMN "seen_at" TIMESTAMPTZ(3);
