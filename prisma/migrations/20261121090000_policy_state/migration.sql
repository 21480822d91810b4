-- CreateTable
CREATE UNLOGGED TABLE "policy_rates" (
    "key" TEXT NOT NULL,
    "empty_at" DOUBLE PRECISION NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "policy_rates_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE UNLOGGED TABLE "policy_permits" (
    "key" TEXT NOT NULL,
    "holders" JSONB NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "policy_permits_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE UNLOGGED TABLE "policy_breakers" (
    "key" TEXT NOT NULL,
    "failures" INTEGER NOT NULL,
    "open_until" TIMESTAMPTZ(6),
    "probe_until" TIMESTAMPTZ(6),
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "policy_breakers_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE UNLOGGED TABLE "policy_asides" (
    "key" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "policy_asides_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE INDEX "policy_rates_expires_at_idx" ON "policy_rates"("expires_at");

-- CreateIndex
CREATE INDEX "policy_permits_expires_at_idx" ON "policy_permits"("expires_at");

-- CreateIndex
CREATE INDEX "policy_breakers_expires_at_idx" ON "policy_breakers"("expires_at");

-- CreateIndex
CREATE INDEX "policy_asides_expires_at_idx" ON "policy_asides"("expires_at");
