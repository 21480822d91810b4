-- An erasure finds what its user did as an administrator by the name in the actor, which is JSON at its end.
CREATE INDEX "audit_log_actor_name_idx" ON "audit_log" (substring("actor" FROM '\[.*$'));

-- Besides the retention period, the erasure of a user may put a reference in the place of the name, and change nothing else.
CREATE OR REPLACE FUNCTION audit_log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND current_setting('relay.audit_retention', true) = 'on' THEN
    RETURN OLD;
  END IF;
  IF TG_OP = 'UPDATE' AND current_setting('relay.audit_erasure', true) = 'on'
     AND NEW.actor LIKE '% hmac-sha256:%' AND to_jsonb(NEW) - 'actor' = to_jsonb(OLD) - 'actor' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'audit_log is append-only';
END $$;
