-- CreateTable
CREATE TABLE "threads" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "owner_id" TEXT NOT NULL,
    "title" TEXT,
    "status" JSONB NOT NULL DEFAULT '{"type":"active"}',
    "allowed_image_domains" JSONB,
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "position" BIGSERIAL NOT NULL,
    "last_position" BIGINT NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "threads_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "items" (
    "thread_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "owner_id" TEXT NOT NULL,
    "position" BIGINT NOT NULL,
    "turn" BIGINT NOT NULL,
    "type" TEXT NOT NULL,
    "payload" JSON NOT NULL,
    "run_id" TEXT,
    "fence" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "items_pkey" PRIMARY KEY ("thread_id","id")
);

-- CreateTable
CREATE TABLE "attachments" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "owner_id" TEXT NOT NULL,
    "thread_id" TEXT,
    "name" TEXT NOT NULL,
    "mime_type" TEXT NOT NULL,
    "size" BIGINT,
    "type" TEXT NOT NULL,
    "payload" JSONB NOT NULL DEFAULT '{}',
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "attachments_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "runs" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "owner_id" TEXT NOT NULL,
    "thread_id" TEXT,
    "state" TEXT NOT NULL DEFAULT 'queued',
    "trigger" TEXT NOT NULL,
    "takes_turn" BOOLEAN NOT NULL DEFAULT true,
    "trigger_item_id" TEXT,
    "trigger_position" BIGINT,
    "assistant_id" TEXT NOT NULL,
    "request" JSON NOT NULL DEFAULT '{}',
    "context" JSONB,
    "idempotency_key" TEXT,
    "body_hash" TEXT,
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "fence" INTEGER NOT NULL DEFAULT 0,
    "dispatch" INTEGER NOT NULL DEFAULT 0,
    "dispatched_at" TIMESTAMPTZ(3),
    "worker_id" TEXT,
    "lease_expires_at" TIMESTAMPTZ(3),
    "stop_requested_at" TIMESTAMPTZ(3),
    "error_code" TEXT,
    "error_detail" TEXT,
    "provider" TEXT,
    "model" TEXT,
    "input_tokens" INTEGER,
    "output_tokens" INTEGER,
    "usage" JSONB,
    "cost_micros" BIGINT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "first_token_at" TIMESTAMPTZ(3),
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "runs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "catalogues" (
    "worker_id" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "published_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "catalogues_pkey" PRIMARY KEY ("worker_id")
);

-- CreateTable
CREATE UNLOGGED TABLE "run_log_heads" (
    "run_id" TEXT NOT NULL,
    "fence" INTEGER NOT NULL,
    "seq" INTEGER NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "run_log_heads_pkey" PRIMARY KEY ("run_id")
);

-- CreateTable
CREATE UNLOGGED TABLE "run_log_entries" (
    "run_id" TEXT NOT NULL,
    "fence" INTEGER NOT NULL,
    "seq" INTEGER NOT NULL,
    "entry" TEXT NOT NULL,

    CONSTRAINT "run_log_entries_pkey" PRIMARY KEY ("run_id","fence","seq")
);

-- CreateTable
CREATE UNLOGGED TABLE "run_readers" (
    "run_id" TEXT NOT NULL,
    "instance" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "run_readers_pkey" PRIMARY KEY ("run_id","instance")
);

-- CreateIndex
CREATE INDEX "threads_tenant_id_owner_id_position_idx" ON "threads"("tenant_id", "owner_id", "position");

-- CreateIndex
CREATE INDEX "items_thread_id_turn_position_idx" ON "items"("thread_id", "turn", "position");

-- CreateIndex
CREATE INDEX "items_run_id_idx" ON "items"("run_id");

-- CreateIndex
CREATE UNIQUE INDEX "items_thread_id_position_key" ON "items"("thread_id", "position");

-- CreateIndex
CREATE INDEX "attachments_tenant_id_owner_id_idx" ON "attachments"("tenant_id", "owner_id");

-- CreateIndex
CREATE INDEX "attachments_thread_id_idx" ON "attachments"("thread_id");

-- CreateIndex
CREATE INDEX "runs_thread_id_created_at_idx" ON "runs"("thread_id", "created_at");

-- CreateIndex
CREATE INDEX "runs_queued" ON "runs"("created_at") WHERE (state = 'queued');

-- CreateIndex
CREATE INDEX "runs_working" ON "runs"("lease_expires_at") WHERE (state = 'working');

-- CreateIndex
CREATE UNIQUE INDEX "runs_one_working_turn" ON "runs"("thread_id") WHERE (state = 'working' AND takes_turn);

-- CreateIndex
CREATE UNIQUE INDEX "runs_tenant_id_owner_id_idempotency_key_key" ON "runs"("tenant_id", "owner_id", "idempotency_key");

-- CreateIndex
CREATE INDEX "catalogues_published_at_idx" ON "catalogues"("published_at");

-- CreateIndex
CREATE INDEX "run_log_heads_expires_at_idx" ON "run_log_heads"("expires_at");

-- CreateIndex
CREATE INDEX "run_readers_expires_at_idx" ON "run_readers"("expires_at");

-- AddForeignKey
ALTER TABLE "items" ADD CONSTRAINT "items_thread_id_fkey" FOREIGN KEY ("thread_id") REFERENCES "threads"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attachments" ADD CONSTRAINT "attachments_thread_id_fkey" FOREIGN KEY ("thread_id") REFERENCES "threads"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "runs" ADD CONSTRAINT "runs_thread_id_fkey" FOREIGN KEY ("thread_id") REFERENCES "threads"("id") ON DELETE CASCADE ON UPDATE CASCADE;
