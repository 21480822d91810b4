-- DropIndex
DROP INDEX "runs_tenant_id_owner_id_idempotency_key_key";

-- CreateIndex
CREATE UNIQUE INDEX "runs_one_per_key" ON "runs"("tenant_id", "owner_id", "idempotency_key") WHERE (idempotency_key IS NOT NULL);

-- CreateIndex
CREATE INDEX "runs_open" ON "runs"("tenant_id", "owner_id") WHERE (settled_at IS NULL);

-- CreateIndex
CREATE INDEX "runs_waiting" ON "runs"("tenant_id", "owner_id", "created_at") WHERE (state = 'queued' AND dispatched_at IS NULL);

-- CreateIndex
CREATE INDEX "runs_keyed" ON "runs"("created_at") WHERE (body_hash IS NOT NULL);

-- CreateIndex
CREATE INDEX "attachments_unused" ON "attachments"("created_at") WHERE (thread_id IS NULL);
