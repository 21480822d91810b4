-- What was done about one user or key.
CREATE INDEX CONCURRENTLY "audit_log_subject_at_id_idx" ON "audit_log" ("subject", "at", "id");
