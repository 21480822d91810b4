-- What a run has reserved of the quotas of its owner, or null. No rewrite, since the columns have no default.
ALTER TABLE "runs" ADD COLUMN "reserved_tokens" BIGINT;
ALTER TABLE "runs" ADD COLUMN "reserved_micros" BIGINT;
ALTER TABLE "runs" ADD COLUMN "reserved_by" TEXT[];

CREATE TABLE "quota_counters" (
    "tenant_id" TEXT NOT NULL,
    "owner_id" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "day_tokens" BIGINT NOT NULL DEFAULT 0,
    "day_micros" BIGINT NOT NULL DEFAULT 0,
    "month_tokens" BIGINT NOT NULL DEFAULT 0,
    "month_micros" BIGINT NOT NULL DEFAULT 0,
    "reserved_tokens" BIGINT NOT NULL DEFAULT 0,
    "reserved_micros" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "quota_counters_pkey" PRIMARY KEY ("tenant_id","owner_id")
);

-- Every admission of an owner updates the same row: with room on its page it needs no new entry in the index.
ALTER TABLE "quota_counters" SET (fillfactor = 50);

CREATE TABLE "quota_entries" (
    "id" BIGSERIAL NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "owner_id" TEXT NOT NULL,
    "tokens" BIGINT NOT NULL,
    "micros" BIGINT NOT NULL,
    "released_tokens" BIGINT NOT NULL DEFAULT 0,
    "released_micros" BIGINT NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),

    CONSTRAINT "quota_entries_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "quota_entries_tenant_id_owner_id_idx" ON "quota_entries"("tenant_id", "owner_id");

-- Whatever ends a run, whichever statement of whichever version: its reservation is released once, and what it has used
-- is entered at the same commit. Entries are only added here, so that no end of a run waits for the lock of another.
CREATE FUNCTION "quota_settle_run"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO quota_entries (tenant_id, owner_id, tokens, micros, released_tokens, released_micros)
  SELECT OLD.tenant_id, counted.owner_id, coalesce(NEW.input_tokens, 0)::bigint + coalesce(NEW.output_tokens, 0),
         coalesce(NEW.cost_micros, 0), OLD.reserved_tokens, OLD.reserved_micros
  FROM unnest(OLD.reserved_by) AS counted(owner_id);
  RETURN NULL;
END $$;

CREATE FUNCTION "quota_delete_run"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO quota_entries (tenant_id, owner_id, tokens, micros, released_tokens, released_micros)
  SELECT OLD.tenant_id, counted.owner_id, 0, 0, OLD.reserved_tokens, OLD.reserved_micros
  FROM unnest(OLD.reserved_by) AS counted(owner_id);
  RETURN NULL;
END $$;

-- Claims and renewed leases name other columns and do not come here. Without quotas the condition is all that is evaluated.
CREATE TRIGGER "runs_quota_settle" AFTER UPDATE OF "settled_at" ON "runs" FOR EACH ROW
  WHEN (OLD.reserved_by IS NOT NULL AND OLD.settled_at IS NULL AND NEW.settled_at IS NOT NULL)
  EXECUTE FUNCTION "quota_settle_run"();

CREATE TRIGGER "runs_quota_delete" AFTER DELETE ON "runs" FOR EACH ROW
  WHEN (OLD.reserved_by IS NOT NULL AND OLD.settled_at IS NULL)
  EXECUTE FUNCTION "quota_delete_run"();
