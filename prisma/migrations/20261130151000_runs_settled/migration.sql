-- For lists of the runs of an owner. Written once for a run, when it settles; open ones are in runs_open.
CREATE INDEX CONCURRENTLY "runs_settled" ON "runs" ("tenant_id", "owner_id", "id") WHERE (settled_at IS NOT NULL);
