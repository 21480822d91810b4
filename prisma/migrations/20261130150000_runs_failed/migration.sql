-- For lists of failed runs. Written when a run fails, so hardly ever.
CREATE INDEX CONCURRENTLY "runs_failed" ON "runs" ("id") WHERE (state = 'failed');
