-- The microseconds of an assistant's own times are kept. No rewrite: the precision only grows.
ALTER TABLE "items" ALTER COLUMN "created_at" SET DATA TYPE TIMESTAMPTZ(6);

ALTER TABLE "threads" ADD COLUMN "last_item_at" TIMESTAMPTZ(6);

UPDATE "threads" SET "last_item_at" = (SELECT max("created_at") FROM "items" WHERE "thread_id" = "threads"."id");

-- Rows that Prisma creates: it fills in a default of now() itself, by the clock of the process.
ALTER TABLE "attachments" ALTER COLUMN "created_at" SET DEFAULT clock_timestamp();
ALTER TABLE "calls" ALTER COLUMN "created_at" SET DEFAULT clock_timestamp();
