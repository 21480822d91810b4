-- What was done about one tenant.
CREATE INDEX CONCURRENTLY "audit_log_tenant_id_at_id_idx" ON "audit_log" ("tenant_id", "at", "id");
