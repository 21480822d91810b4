-- For administrators: the counters that were used last. Written when an owner's first run of a day is admitted; all other
-- updates of a counter leave it alone.
CREATE INDEX "quota_counters_day_idx" ON "quota_counters" ("day");
-- What one action was used for, what was done about one tenant, and about one user or key. Administrators write few entries.
CREATE INDEX "audit_log_action_at_id_idx" ON "audit_log" ("action", "at", "id");
CREATE INDEX "audit_log_tenant_id_at_id_idx" ON "audit_log" ("tenant_id", "at", "id");
CREATE INDEX "audit_log_subject_at_id_idx" ON "audit_log" ("subject", "at", "id");
