-- Row-level security: policies for the role that callers' statements take where ROW_LEVEL_SECURITY is on. All other roles,
-- those of earlier versions included, see all rows as before: the owner of a table passes by its policies anyway, and
-- "everybody_else" is for roles that own nothing.

SET lock_timeout = '5s';
SET statement_timeout = '60s';

-- The role's name. Roles belong to the whole server, so that a database has one of its own.
CREATE FUNCTION tenant_role() RETURNS text LANGUAGE sql STABLE AS $$ SELECT current_database() || '_tenant' $$;

-- Makes the role, or completes what it may do; as often as one likes. By whoever may make roles; `login` is the role that the
-- processes log in with.
CREATE FUNCTION set_up_tenant_role(login NAME DEFAULT current_user) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  role TEXT := tenant_role();
  may_take TEXT := CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END;
  place RECORD;
BEGIN
  IF length(role::bytea) > 63 THEN
    RAISE EXCEPTION 'the name of the database is too long for a role named %', role;
  END IF;
  -- Several processes may start at once.
  PERFORM pg_advisory_xact_lock(hashtext('set_up_tenant_role'));
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
    EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE', role);
  END IF;
  IF NOT pg_has_role(login, role, may_take) THEN
    EXECUTE format('GRANT %I TO %I', role, login);
  END IF;
  -- Nothing but the tables that have a policy for it, and the sequences of their columns.
  FOR place IN
    SELECT pg_class.oid::regclass AS name, pg_namespace.nspname AS schema
    FROM pg_policy JOIN pg_class ON pg_class.oid = pg_policy.polrelid
    JOIN pg_namespace ON pg_namespace.oid = pg_class.relnamespace WHERE polname = 'tenant'
  LOOP
    IF NOT has_schema_privilege(role, place.schema, 'USAGE') THEN
      EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', place.schema, role);
    END IF;
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO %I', place.name, role);
  END LOOP;
  FOR place IN
    SELECT DISTINCT pg_depend.objid::regclass AS name
    FROM pg_depend JOIN pg_policy ON polrelid = refobjid AND polname = 'tenant'
    JOIN pg_class ON pg_class.oid = pg_depend.objid AND relkind = 'S'
  LOOP
    EXECUTE format('GRANT USAGE ON SEQUENCE %s TO %I', place.name, role);
  END LOOP;
END $$;

-- Of one user.
ALTER TABLE "threads" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "everybody_else" ON "threads" USING (current_user <> tenant_role());
CREATE POLICY "tenant" ON "threads"
  USING (tenant_id = current_setting('relay.tenant', true) AND owner_id = current_setting('relay.user', true));

ALTER TABLE "items" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "everybody_else" ON "items" USING (current_user <> tenant_role());
CREATE POLICY "tenant" ON "items"
  USING (tenant_id = current_setting('relay.tenant', true) AND owner_id = current_setting('relay.user', true));

ALTER TABLE "attachments" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "everybody_else" ON "attachments" USING (current_user <> tenant_role());
CREATE POLICY "tenant" ON "attachments"
  USING (tenant_id = current_setting('relay.tenant', true) AND owner_id = current_setting('relay.user', true));

ALTER TABLE "feedback" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "everybody_else" ON "feedback" USING (current_user <> tenant_role());
CREATE POLICY "tenant" ON "feedback"
  USING (tenant_id = current_setting('relay.tenant', true) AND owner_id = current_setting('relay.user', true));

ALTER TABLE "calls" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "everybody_else" ON "calls" USING (current_user <> tenant_role());
CREATE POLICY "tenant" ON "calls"
  USING (tenant_id = current_setting('relay.tenant', true) AND owner_id = current_setting('relay.user', true));

-- Of one user, by the attachment that they hang on.
ALTER TABLE "attachment_uses" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "everybody_else" ON "attachment_uses" USING (current_user <> tenant_role());
CREATE POLICY "tenant" ON "attachment_uses"
  USING (EXISTS (SELECT FROM attachments WHERE attachments.id = attachment_id));

-- Of a tenant: limits and quotas count all of its users.
ALTER TABLE "runs" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "everybody_else" ON "runs" USING (current_user <> tenant_role());
CREATE POLICY "tenant" ON "runs" USING (tenant_id = current_setting('relay.tenant', true));

ALTER TABLE "model_usage" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "everybody_else" ON "model_usage" USING (current_user <> tenant_role());
CREATE POLICY "tenant" ON "model_usage" USING (tenant_id = current_setting('relay.tenant', true));

ALTER TABLE "quota_counters" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "everybody_else" ON "quota_counters" USING (current_user <> tenant_role());
CREATE POLICY "tenant" ON "quota_counters" USING (tenant_id = current_setting('relay.tenant', true));

ALTER TABLE "quota_entries" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "everybody_else" ON "quota_entries" USING (current_user <> tenant_role());
CREATE POLICY "tenant" ON "quota_entries" USING (tenant_id = current_setting('relay.tenant', true));

ALTER TABLE "attachment_totals" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "everybody_else" ON "attachment_totals" USING (current_user <> tenant_role());
CREATE POLICY "tenant" ON "attachment_totals" USING (tenant_id = current_setting('relay.tenant', true));

ALTER TABLE "provider_keys" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "everybody_else" ON "provider_keys" USING (current_user <> tenant_role());
CREATE POLICY "tenant" ON "provider_keys" USING (tenant_id = current_setting('relay.tenant', true));

-- How many runs of everybody are queued, up to `most`: the limit of the whole server counts them within a caller's statement.
-- As its owner, and never more than a number.
CREATE FUNCTION queued_runs(most INT) RETURNS BIGINT LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
  RETURN (SELECT count(*) FROM (SELECT 1 FROM runs WHERE state = 'queued' LIMIT most) AS queue);
END $$;

-- Notes ids for those who delete the files, in a table that callers may not read.
ALTER FUNCTION note_deleted_files() SECURITY DEFINER;

-- Names in a function that runs as its owner are those of its own schema, whatever the caller's search path.
DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION queued_runs(INT) SET search_path = %I, pg_temp', current_schema());
  EXECUTE format('ALTER FUNCTION note_deleted_files() SET search_path = %I, pg_temp', current_schema());
END $$;
