SET lock_timeout = '5s';
SET statement_timeout = '60s';

-- What an assistant call has reserved of the quotas of its owner, as on a run. No rewrite, since the columns have no default.
ALTER TABLE "calls" ADD COLUMN "reserved_tokens" BIGINT;
ALTER TABLE "calls" ADD COLUMN "reserved_micros" BIGINT;
ALTER TABLE "calls" ADD COLUMN "reserved_by" TEXT[];

-- A call has no usage of its own: what its models used is booked apart, before its answer is written. So its end only
-- releases, like the deletion of a run.
CREATE TRIGGER "calls_quota_answer" AFTER UPDATE OF "state" ON "calls" FOR EACH ROW
  WHEN (OLD.reserved_by IS NOT NULL AND OLD.state <> 'answered' AND NEW.state = 'answered')
  EXECUTE FUNCTION "quota_delete_run"();

CREATE TRIGGER "calls_quota_delete" AFTER DELETE ON "calls" FOR EACH ROW
  WHEN (OLD.reserved_by IS NOT NULL AND OLD.state <> 'answered')
  EXECUTE FUNCTION "quota_delete_run"();

-- What the open calls of a counter's owner have reserved; an empty owner is the whole tenant. A caller's statement sees the
-- caller's own calls only, and the tenant's counter needs those of all its users. As its owner, and never more than two numbers.
CREATE FUNCTION "reserved_by_calls"(of_tenant TEXT, of_owner TEXT, OUT tokens BIGINT, OUT micros BIGINT)
LANGUAGE sql STABLE SECURITY DEFINER AS $$
  SELECT coalesce(sum(reserved_tokens), 0)::bigint, coalesce(sum(reserved_micros), 0)::bigint
  FROM calls WHERE tenant_id = of_tenant AND of_owner = ANY(reserved_by) AND (of_owner = '' OR owner_id = of_owner) AND state <> 'answered'
$$;

DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION reserved_by_calls(TEXT, TEXT) SET search_path = %I, pg_temp', current_schema());
END $$;
