-- CreateTable
CREATE TABLE "model_usage" (
    "run_id" TEXT NOT NULL,
    "fence" INTEGER NOT NULL,
    "provider" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "owner_id" TEXT NOT NULL,
    "calls" INTEGER NOT NULL,
    "input_tokens" BIGINT NOT NULL,
    "output_tokens" BIGINT NOT NULL,
    "cached_input_tokens" BIGINT NOT NULL,
    "reasoning_tokens" BIGINT NOT NULL,
    "cost_micros" BIGINT,
    "estimated" BOOLEAN NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "model_usage_pkey" PRIMARY KEY ("run_id","fence","provider","model")
);

-- CreateIndex
CREATE INDEX "model_usage_tenant_id_owner_id_created_at_idx" ON "model_usage"("tenant_id", "owner_id", "created_at");
