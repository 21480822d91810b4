-- For administrators: the counters that were used last. Written when an owner's first run of a day is admitted; all other
-- updates of a counter leave it alone.
CREATE INDEX CONCURRENTLY "quota_counters_day_idx" ON "quota_counters" ("day");
