-- What one action was used for. Administrators write few entries.
CREATE INDEX CONCURRENTLY "audit_log_action_at_id_idx" ON "audit_log" ("action", "at", "id");
