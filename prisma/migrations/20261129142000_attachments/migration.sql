-- Which messages an attachment was sent with. Written by a trigger on items, so that whatever stores or removes a message, a
-- process of an earlier version included, keeps it right.

-- CreateTable
CREATE TABLE "attachment_uses" (
    "attachment_id" TEXT NOT NULL,
    "thread_id" TEXT NOT NULL,
    "item_id" TEXT NOT NULL,

    CONSTRAINT "attachment_uses_pkey" PRIMARY KEY ("attachment_id","thread_id","item_id")
);

-- CreateTable
CREATE TABLE "attachment_totals" (
    "tenant_id" TEXT NOT NULL,
    "owner_id" TEXT NOT NULL,
    "files" BIGINT NOT NULL DEFAULT 0,
    "bytes" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "attachment_totals_pkey" PRIMARY KEY ("tenant_id","owner_id")
);

-- CreateTable
CREATE TABLE "deleted_files" (
    "id" TEXT NOT NULL,
    "deleted_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "retry_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "deleted_files_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "file_sweeps" (
    "id" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "file_sweeps_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "attachment_uses_thread_id_item_id_idx" ON "attachment_uses"("thread_id", "item_id");

-- CreateIndex
CREATE INDEX "deleted_files_retry_at_idx" ON "deleted_files"("retry_at");

-- AddForeignKey
ALTER TABLE "attachment_uses" ADD CONSTRAINT "attachment_uses_attachment_id_fkey" FOREIGN KEY ("attachment_id") REFERENCES "attachments"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attachment_uses" ADD CONSTRAINT "attachment_uses_thread_id_item_id_fkey" FOREIGN KEY ("thread_id", "item_id") REFERENCES "items"("thread_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- The attachments of a message, of those that are the sender's own. By the text of the payload: operators for JSON refuse one with
-- a NUL in it, which users may send.
CREATE FUNCTION note_attachment_uses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO attachment_uses (attachment_id, thread_id, item_id)
  SELECT DISTINCT attachments.id, NEW.thread_id, NEW.id
  FROM regexp_matches(NEW.payload::text, '"id"\s*:\s*"([^"\\]+)"', 'g') AS sent
  JOIN attachments ON attachments.id = sent[1]
                  AND attachments.tenant_id = NEW.tenant_id AND attachments.owner_id = NEW.owner_id
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;

CREATE TRIGGER "items_attachments_used" AFTER INSERT OR UPDATE OF payload ON "items" FOR EACH ROW
  WHEN (NEW.type = 'user_message' AND position('"attachments":[{' IN NEW.payload::text) > 0)
  EXECUTE FUNCTION note_attachment_uses();

-- At the commit, because a message may take the place of another one and be sent with the same attachments.
CREATE FUNCTION delete_released_attachment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM attachments WHERE id = OLD.attachment_id
    AND NOT EXISTS (SELECT 1 FROM attachment_uses WHERE attachment_id = OLD.attachment_id);
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER "attachment_uses_released" AFTER DELETE ON "attachment_uses"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION delete_released_attachment();

-- Bytes are deleted after the commit, by whoever comes first.
CREATE FUNCTION note_deleted_files() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO deleted_files (id) SELECT id FROM gone ON CONFLICT (id) DO NOTHING;
  RETURN NULL;
END $$;

CREATE TRIGGER "attachments_files_deleted" AFTER DELETE ON "attachments" REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION note_deleted_files();

-- What users and tenants (the rows without an owner) have stored. The tenant's row is locked first, then those of its users.
CREATE FUNCTION add_attachment_totals(tenant TEXT, owner TEXT, more_files BIGINT, more_bytes BIGINT) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO attachment_totals AS total VALUES (tenant, '', more_files, more_bytes)
  ON CONFLICT (tenant_id, owner_id) DO UPDATE SET files = total.files + more_files, bytes = total.bytes + more_bytes;
  INSERT INTO attachment_totals AS total VALUES (tenant, owner, more_files, more_bytes)
  ON CONFLICT (tenant_id, owner_id) DO UPDATE SET files = total.files + more_files, bytes = total.bytes + more_bytes;
  -- Who has no file leaves no trace.
  DELETE FROM attachment_totals WHERE tenant_id = tenant AND owner_id = owner AND files <= 0 AND more_files < 0;
END $$;

CREATE FUNCTION count_attachments() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM add_attachment_totals(NEW.tenant_id, NEW.owner_id, 1, coalesce(NEW.size, 0));
  ELSIF TG_OP = 'DELETE' THEN
    PERFORM add_attachment_totals(OLD.tenant_id, OLD.owner_id, -1, -coalesce(OLD.size, 0));
  ELSE
    PERFORM add_attachment_totals(NEW.tenant_id, NEW.owner_id, 0, coalesce(NEW.size, 0) - coalesce(OLD.size, 0));
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER "attachments_added" AFTER INSERT OR DELETE ON "attachments"
  FOR EACH ROW EXECUTE FUNCTION count_attachments();

CREATE TRIGGER "attachments_resized" AFTER UPDATE OF size ON "attachments" FOR EACH ROW
  WHEN (NEW.size IS DISTINCT FROM OLD.size) EXECUTE FUNCTION count_attachments();

-- What there is.
INSERT INTO attachment_uses (attachment_id, thread_id, item_id)
  SELECT DISTINCT attachments.id, items.thread_id, items.id
  FROM items
  CROSS JOIN LATERAL regexp_matches(items.payload::text, '"id"\s*:\s*"([^"\\]+)"', 'g') AS sent
  JOIN attachments ON attachments.id = sent[1]
                  AND attachments.tenant_id = items.tenant_id AND attachments.owner_id = items.owner_id
  WHERE items.type = 'user_message' AND position('"attachments":[{' IN items.payload::text) > 0;

INSERT INTO attachment_totals (tenant_id, owner_id, files, bytes)
  SELECT tenant_id, owner_id, count(*), coalesce(sum(size), 0) FROM attachments GROUP BY tenant_id, owner_id
  UNION ALL
  SELECT tenant_id, '', count(*), coalesce(sum(size), 0) FROM attachments GROUP BY tenant_id;

INSERT INTO file_sweeps (id, started_at) VALUES ('orphans', '-infinity');
