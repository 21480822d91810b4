SET lock_timeout = '5s';
SET statement_timeout = '60s';

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
