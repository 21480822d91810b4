-- The usage of everybody.
CREATE INDEX CONCURRENTLY "model_usage_created_at_idx" ON "model_usage" ("created_at");
